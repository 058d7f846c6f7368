"""Leaves in, texts with tokens out, and what may be restored in the reply.

Everything fails closed: a detector, operator or vault in trouble ends the request before anything is sent.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from proxy.caller import Caller
from proxy.draft import Draft, shown
from proxy.errors import AttachmentRefused, Blocked, Unavailable
from proxy.filling import Changed
from proxy.findings_cache import Ahead, FindingsCache
from proxy.issuing import held, tokens
from proxy.ledger import Ledger
from proxy.meanwhile import meanwhile
from proxy.numbering import numbering
from proxy.operators import OperatorError, Operators
from proxy.policy import Policy
from proxy.restore import Issued, Lexicon
from proxy.scope import Scope
from proxy.spreads import Spreads
from proxy.urlguard import HostsOf
from proxy.vault.protocol import Claim, Entry, Vault, VaultUnavailable
from proxy.walk import Leaf, Treatment
from proxy.workers import DetectionFailed
from recognizers.identity import Value

_SPREADS: Final = 32 << 20  # bytes
_SCANNED: Final = (Treatment.TEXT, Treatment.NAME, Treatment.JSON)


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """What becomes of the leaves, what was found in them, and the lexicon of what may be restored."""

    leaves: Sequence[Leaf]
    changed: Changed  # those that are replaced by another text
    ledger: Ledger
    lexicon: Lexicon
    unscanned: int  # characters of attachments that pass unseen
    unsealed: Sequence[Claim] = ()  # what ``seal`` is to store, should the provider keep something of the exchange

    @property
    def texts(self) -> list[str]:
        """The leaves' texts as they go out."""
        changed = {(leaf.path, leaf.is_key): text for leaf, text in self.changed}
        return [changed.get((leaf.path, leaf.is_key), leaf.text) for leaf in self.leaves]


@dataclass(slots=True)
class Headstart:
    """What is under way before all leaves of a body are known, and what is called before all are read.

    ``early`` is told what becomes of some leaves while others are read; in most cases it stays so.
    """

    ahead: Ahead
    confirmed: Awaitable[object] | None  # that a passing scope's vault answers
    early: Callable[[Changed], object] = lambda _: None


@dataclass(frozen=True, slots=True)
class Pseudonymiser:
    """Findings, vault and policy in company. ``guard_urls`` keeps values out of foreign URLs in replies."""

    findings: FindingsCache
    vault: Vault
    policy: Policy
    operators: Operators
    spreads: Spreads = field(default_factory=lambda: Spreads(_SPREADS))
    guard_urls: bool = True
    attachments: bool = False  # whether attachments may pass unseen

    async def __call__(
        self,
        leaves: Sequence[Leaf],
        caller: Caller,
        place: Callable[[Leaf], str],
        start: Headstart | None = None,
    ) -> Pseudonymised:
        """Pseudonymise the leaves of one body of ``caller``'s, for which ``ahead`` may have given a headstart.

        ``place`` names a leaf for an error message. Raises ``Blocked``, ``AttachmentRefused`` or ``Unavailable``.
        """
        if start is None:
            async with self.ahead((), caller) as own:
                return await self(leaves, caller, place, own)
        unscanned = self._attachments(leaves, place)
        scanned = [leaf for leaf in leaves if leaf.treatment in _SCANNED]
        try:
            with numbering() as numbers, self.spreads.of_request(len(scanned), caller.tenant.fingerprint_key) as spread:
                draft = Draft(scanned, self.policy, numbers, spread)
                changed, issued = await self._written(draft, caller, start)
        except DetectionFailed as error:
            raise Unavailable("detector_unavailable", str(error)) from None
        except VaultUnavailable:
            raise _unavailable("; nothing was forwarded") from None
        except OperatorError as error:
            raise Unavailable("operator_failed", str(error)) from None
        if len(leaves) > len(scanned):
            persons = [leaf for leaf in leaves if leaf.treatment is Treatment.HASH]
            changed += [(leaf, caller.tenant.identify(leaf.text)) for leaf in persons]
        lexicon = Lexicon(issued, hosts=HostsOf(leaf.text for leaf in scanned), guard_urls=self.guard_urls)
        claims = draft.ledger.claims if caller.passing else ()
        return Pseudonymised(leaves, changed, draft.ledger, lexicon, unscanned, claims)

    @asynccontextmanager
    async def ahead(self, leaves: Sequence[Leaf], caller: Caller) -> AsyncIterator[Headstart]:
        """Begin to read ``leaves`` that will be among those of a body of ``caller``'s, and to ask the vault."""
        texts = [shown(leaf) for leaf in leaves if leaf.treatment in _SCANNED]
        async with (
            self.findings.ahead(texts, caller.tenant.fingerprint_key) as ahead,
            self._asking(caller) as confirmed,
        ):
            yield Headstart(ahead, confirmed)

    async def seal(self, scope: Scope, claims: Sequence[Claim]) -> None:
        """Store what a passing scope holds. Raises ``Unavailable``."""
        try:
            await self.vault.allocate(scope, claims)
        except VaultUnavailable:
            raise _unavailable("") from None

    @asynccontextmanager
    async def _asking(self, caller: Caller) -> AsyncIterator[Awaitable[object] | None]:
        """Ask a passing scope's vault while texts are read: what couldn't be stored if it must be is not sent.

        Such a scope holds nothing yet, so that it answers is all that matters.
        """
        if not caller.passing:
            yield None
            return
        async with meanwhile(self.vault.known(caller.scope)) as asking:
            yield asking

    async def _written(
        self, draft: Draft, caller: Caller, start: Headstart
    ) -> tuple[list[tuple[Leaf, str]], list[Issued]]:
        """Return the leaves that get another text, with it, and what may be restored in the reply."""
        known, returned = await self._entered(draft, caller, start)
        ledger = draft.ledger
        ledger.check()
        given = draft.first_tokens() if caller.passing else await tokens(self.vault, ledger.claims, known, caller)
        changed = draft.write(given, self.operators.replace)
        if caller.passing:
            await (start.confirmed or self.vault.known(caller.scope))
        return changed, [*returned, *ledger.issued]

    async def _entered(
        self, draft: Draft, caller: Caller, start: Headstart
    ) -> tuple[Sequence[Entry], list[Issued]]:
        """Read the draft and enter what is found; return what the scope knew, and what of that may be restored."""
        known: Sequence[Entry] | None = None if caller.lasting else ()
        told, values, returned = list[Value](), dict[str, str](), list[Issued]()
        async with aclosing(self.findings.read(draft.texts, caller.tenant.fingerprint_key, start.ahead)) as parts:
            async for found, prints in parts:
                draft.read(found, prints)
                if known is None:  # what stands in the texts the vault needn't look up
                    known = await self.vault.known(caller.scope, draft.values)
                    told = [(entry.kind, entry.value) for entry in known]
                    values = {entry.token: entry.value for entry in known}
                everywhere = draft.spread(told)
                if caller.lasting and caller.scope.derived:  # that may be too many, but not those that stand in a text
                    values |= await self.vault.restore(caller.scope, sorted({*draft.typed(everywhere)} - values.keys()))
                returned += draft.enter(everywhere, values)
                if not draft.complete:
                    self._write_early(draft, known, caller, start)
        if not draft.complete:
            raise DetectionFailed("The detector left a text out.")
        if known is None:  # there are no texts
            known = await self.vault.known(caller.scope)
            values = {entry.token: entry.value for entry in known}
        if caller.continued:
            returned = [Issued(*each) for each in values.items()]
        return known, returned

    def _write_early(self, draft: Draft, known: Sequence[Entry], caller: Caller, start: Headstart) -> None:
        """Write what was entered while the rest is read, if its tokens are known: it will hardly get others."""
        claims = draft.ledger.claims
        given = draft.first_tokens() if caller.passing else held(claims, known, caller)
        if None not in given:
            with suppress(Blocked, OperatorError):  # what is new may yet change what is refused for
                start.early(draft.write([token for token in given if token], self.operators.replace))

    def _attachments(self, leaves: Sequence[Leaf], place: Callable[[Leaf], str]) -> int:
        attached = [leaf for leaf in leaves if leaf.treatment is Treatment.ATTACHMENT]
        if attached and not self.attachments:
            param = place(attached[0])
            raise AttachmentRefused(
                "attachment_refused",
                f"'{param}' holds an image, sound or file, which can't be pseudonymised. Leave it out, or set"
                " `attachments` to `pass` or `drop`.",
                param=param,
            )
        return sum(len(leaf.text) for leaf in attached)


def _unavailable(consequence: str) -> Unavailable:
    return Unavailable("vault_unavailable", f"The vault can't be reached{consequence}.")
