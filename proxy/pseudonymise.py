"""The outward half of an exchange: leaves in, texts with tokens out, and what may be restored in the reply.

Everything fails closed: a detector, operator or vault in trouble ends the request before anything is sent.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

from proxy.caller import Caller, Tenant
from proxy.errors import AttachmentRefused, Blocked, Unavailable
from proxy.findings_cache import FindingsCache
from proxy.issuing import tokens
from proxy.ledger import Ledger, Slot
from proxy.numbering import first_tokens, related
from proxy.operators import OperatorError, Operators
from proxy.policy import Policy
from proxy.restore import Issued, Lexicon
from proxy.scope import Scope
from proxy.urlguard import HostsOf
from proxy.vault.protocol import Claim, Entry, Vault, VaultUnavailable
from proxy.walk import Leaf, Treatment
from proxy.workers import DetectionFailed
from recognizers.finding import LITERAL, Finding

_SCANNED = (Treatment.TEXT, Treatment.NAME, Treatment.JSON)


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """The texts that replace the leaves, what was found in them, and the lexicon of what may be restored."""

    texts: list[str]
    slots: list[Slot]
    lexicon: Lexicon
    unscanned: int  # characters of attachments that pass unseen
    unsealed: Sequence[Claim] = ()  # what ``seal`` is to store, should the provider keep something of the exchange


@dataclass(frozen=True, slots=True)
class Pseudonymiser:
    """Findings, vault and policy in company. ``guard_urls`` keeps values out of foreign URLs in replies."""

    findings: FindingsCache
    vault: Vault
    policy: Policy
    operators: Operators
    guard_urls: bool = True
    attachments: bool = False  # whether attachments may pass unseen

    async def __call__(self, leaves: Sequence[Leaf], caller: Caller, place: Callable[[Leaf], str]) -> Pseudonymised:
        """Pseudonymise the leaves of one body of ``caller``'s.

        ``place`` names a leaf for an error message. Raises ``Blocked``, ``AttachmentRefused`` or ``Unavailable``.
        """
        unscanned = self._attachments(leaves, place)
        scanned = [leaf for leaf in leaves if leaf.treatment in _SCANNED]
        ledger = Ledger(self.policy, related)
        try:
            async with self._confirmed(caller):
                own, prints = await self._read(scanned, caller, ledger)
                known = await self._known(scanned, own, caller)
                findings = self._spread(scanned, own, prints, known, caller.tenant)
                values = await self._issued(scanned, findings, known, caller)
                returned = _take_returned(scanned, findings, values)
                if caller.continued:
                    returned = [Issued(token, value) for token, value in values.items()]
                ledger.enter(scanned, findings)
                ledger.check()
                given = await tokens(self.vault, ledger.claims, known, caller)
                written = iter(ledger.write(given, self.operators.replace))
        except DetectionFailed as error:
            raise Unavailable("detector_unavailable", str(error)) from None
        except VaultUnavailable:
            raise _unavailable("; nothing was forwarded") from None
        except OperatorError as error:
            raise Unavailable("operator_failed", str(error)) from None
        texts = [self._text(leaf, written, caller.tenant.identify) for leaf in leaves]
        hosts = HostsOf([leaf.text for leaf in scanned])
        lexicon = Lexicon([*returned, *ledger.issued(given)], hosts=hosts, guard_urls=self.guard_urls)
        return Pseudonymised(texts, ledger.slots(), lexicon, unscanned, ledger.claims if caller.passing else ())

    async def seal(self, scope: Scope, claims: Sequence[Claim]) -> None:
        """Store what a passing scope holds. Raises ``Unavailable``."""
        try:
            await self.vault.allocate(scope, claims)
        except VaultUnavailable:
            raise _unavailable("") from None

    @asynccontextmanager
    async def _confirmed(self, caller: Caller) -> AsyncIterator[None]:
        """Ask a passing scope's vault while its texts are read: what couldn't be stored if it must be is not sent.

        Such a scope holds nothing yet, so that it answers is all that matters. Raises ``VaultUnavailable``.
        """
        if not caller.passing:
            yield
            return
        asking = asyncio.create_task(self.vault.known(caller.scope))
        try:
            await asyncio.sleep(0)  # the question leaves before the reading begins
            yield
        except BaseException:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            raise
        await asking

    async def _issued(
        self, leaves: Sequence[Leaf], findings: Sequence[list[Finding]], known: Sequence[Entry], caller: Caller
    ) -> dict[str, str]:
        """Give values by the scope's tokens. A whole tenant may have too many, but not those that stand in a text."""
        values = {entry.token: entry.value for entry in known}
        if caller.lasting and caller.scope.derived:
            typed = {text for pair in zip(leaves, findings, strict=True) for text in _typed(*pair).values()}
            values |= await self.vault.restore(caller.scope, sorted(typed - values.keys()))
        return values

    async def _known(
        self, leaves: Sequence[Leaf], findings: Sequence[Sequence[Finding]], caller: Caller
    ) -> Sequence[Entry]:
        """Give what the scope knows already; what stands in the texts the vault needn't look up."""
        if not caller.lasting:
            return []
        read = zip(leaves, findings, strict=True)
        seen = {(f.kind, leaf.text[f.start : f.end]): None for leaf, found in read for f in found}
        return await self.vault.known(caller.scope, list(seen))

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

    async def _read(
        self, leaves: Sequence[Leaf], caller: Caller, ledger: Ledger
    ) -> tuple[list[list[Finding]], list[bytes | None]]:
        """Find in each text by itself; with the fingerprints of those that were read as they are written.

        While the new ones are read, those before them are entered in ``ledger`` and, where their tokens can't become
        others, written.
        """
        shown = [_shown(leaf) for leaf in leaves]
        texts = [text for text, _ in shown]

        def moved(found: Sequence[list[Finding]]) -> list[list[Finding]]:
            return [_moved(findings, offset) for findings, (_, offset) in zip(found, shown, strict=False)]

        def names(prints: Sequence[bytes]) -> list[bytes | None]:
            pairs = zip(prints, leaves, texts, strict=False)
            return [one if leaf.text is text else None for one, leaf, text in pairs]

        def prepare(found: Sequence[list[Finding]], prints: Sequence[bytes]) -> None:
            first = leaves[: len(found)]
            ledger.enter(first, self._spread(first, moved(found), names(prints), (), caller.tenant))
            if caller.passing:
                with suppress(Blocked, OperatorError):  # what is new may yet change what is refused for
                    ledger.write(first_tokens(ledger.claims), self.operators.replace)

        # What a lasting scope knows besides has to be asked for first.
        meanwhile = None if caller.lasting else prepare
        found, prints = await self.findings.read(texts, caller.tenant.fingerprint_key, meanwhile)
        return moved(found), names(prints)

    def _spread(
        self,
        leaves: Sequence[Leaf],
        own: list[list[Finding]],
        prints: Sequence[bytes | None],
        known: Sequence[Entry],
        tenant: Tenant,
    ) -> list[list[Finding]]:
        """Find everywhere what was found anywhere or is known to the scope."""
        values = [(entry.kind, entry.value) for entry in known]
        return self.findings.propagate([leaf.text for leaf in leaves], own, values, tenant.fingerprint_key, prints)

    def _text(self, leaf: Leaf, written: Iterator[str], identify: Callable[[str], str]) -> str:
        if leaf.treatment is Treatment.HASH:
            return identify(leaf.text)
        return next(written) if leaf.treatment in _SCANNED else leaf.text


def _unavailable(consequence: str) -> Unavailable:
    return Unavailable("vault_unavailable", f"The vault can't be reached{consequence}.")


def _typed(leaf: Leaf, findings: Sequence[Finding]) -> dict[Finding, str]:
    """Give what stands in the form of a token in a text."""
    return {f: leaf.text[f.start : f.end] for f in findings if f.kind == LITERAL}


def _take_returned(
    leaves: Sequence[Leaf], findings: list[list[Finding]], values: Mapping[str, str]
) -> list[Issued]:
    """Take out of ``findings`` the tokens that this very scope issued earlier, and return them: they stay tokens.

    A title is asked for with the tokens of the chat, a document is found with those it was stored with; whoever
    owns the scope gets the values back. Any other text in the form of a token is a text somebody typed.
    """
    returned: dict[str, str] = {}
    for i, (leaf, found) in enumerate(zip(leaves, findings, strict=True)):
        tokens = _typed(leaf, found)
        if tokens:
            returned |= {token: values[token] for token in tokens.values() if token in values}
            findings[i] = [f for f in found if tokens.get(f) not in values]
    return [Issued(token, value) for token, value in returned.items()]


def _shown(leaf: Leaf) -> tuple[str, int]:
    """Return the text as the detector gets to see it, and how many characters stand before the leaf's own.

    A free-form field's name says what its value is, and in a name limited to [a-zA-Z0-9_-] underscores are spaces.
    """
    if leaf.treatment is Treatment.NAME:
        return leaf.text.replace("_", " "), 0
    if leaf.field and not leaf.is_key and leaf.treatment is Treatment.TEXT:
        return f"{leaf.field}: {leaf.text}", len(leaf.field) + 2
    return leaf.text, 0


def _moved(findings: Sequence[Finding], offset: int) -> list[Finding]:
    """Shift findings to the left, cutting off what lies before the leaf's own text."""
    if not offset:
        return list(findings)
    return [replace(f, start=max(f.start - offset, 0), end=f.end - offset) for f in findings if f.end > offset]
