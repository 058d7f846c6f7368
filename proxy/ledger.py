"""Value and token of one exchange: which values get a token, and what the texts read with them.

Planning is pure: the ledger says what it wants tokens for (``claims``), somebody with a vault gets them, and the
ledger writes the texts. What it issued is all that this exchange may restore.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from proxy.errors import Blocked
from proxy.policy import Action, Decision, Policy
from proxy.restore import Issued
from proxy.token import bare
from proxy.vault.protocol import Claim
from proxy.walk import Leaf, Treatment
from recognizers.finding import Finding
from recognizers.identity import Relation, Value, relate

_QUOTE: Final = re.compile(r'(?<!\\)(?:\\\\)*"')

Relate = Callable[[Sequence[Value]], Sequence[Relation]]
Replace = Callable[[Decision, str, str], str]  # (decision, value, kind) → replacement for good


@dataclass(slots=True)  # not frozen, as a long chat has thousands of them, and freezing triples what making one costs
class Slot:
    """A finding in a leaf, the value it stands for, and what the policy decided."""

    finding: Finding
    value: str = field(repr=False)
    decision: Decision
    claim: int = -1  # the place of the value's claim, if it gets a token


class Ledger:
    """The findings of one request, in the order in which they appear.

    Its leaves may come little by little. What was worked out for a leaf stays, as long as nothing that came since
    changes it: the end of a chat may be entered when its beginning is written already.
    """

    def __init__(self, policy: Policy, relate: Relate = relate) -> None:
        self._policy = policy
        self._relate = relate
        self._leaves: Sequence[Leaf] = ()
        self._findings: list[Sequence[Finding]] = []
        self._slots: list[list[Slot]] = []
        self._begin()

    def _begin(self) -> None:
        self._unwritten = {*range(len(self._slots))}  # leaves
        self._values: list[Value] = []  # those that get tokens, in the order of their first appearance
        self._places: dict[Value, int] = {}  # in that order
        self._tokens: list[str] = []  # with which the leaves were written
        self._blocked: set[str] = set()  # the kinds for which the request is refused
        self.claims: list[Claim] = []  # for the values, one by one
        self.issued: list[Issued] = []  # what may be restored in the reply

    def enter(self, leaves: Sequence[Leaf], found: Mapping[int, Sequence[Finding]]) -> None:
        """Enter ``leaves``, the first of which may have been entered before.

        ``found`` says what was found in the new ones, and in those of the others where it may be something else now, by
        their places. Raises ``ValueError`` if it leaves out a new one.
        """
        before, changed = len(self._slots), False
        for at in sorted(found):
            if at >= before or found[at] != self._findings[at]:
                changed = changed or at < before
                self._findings[at : at + 1] = [found[at]]
                self._slots[at : at + 1] = [self._decided(leaves[at], found[at])]
                self._unwritten.add(at)
        if len(self._slots) != len(leaves):
            raise ValueError("every leaf is entered once")
        self._leaves = leaves
        if changed:
            self._begin()
            before = 0
        self._claim(before)

    def _decided(self, leaf: Leaf, found: Sequence[Finding]) -> list[Slot]:
        decide = self._policy.decide
        return [Slot(f, value, decide(f)) for f, value in zip(found, _surfaces(leaf, found), strict=True)]

    def _claim(self, first: int) -> None:
        """Claim tokens for the values that are new in the leaves from the ``first`` on."""
        for slots in self._slots[first:]:
            for slot in slots:
                if slot.decision.action is Action.PSEUDONYMISE:
                    value = slot.finding.kind, slot.value
                    slot.claim = self._places.setdefault(value, len(self._values))
                    if slot.claim == len(self._values):
                        self._values.append(value)
                elif slot.decision.action is Action.BLOCK:
                    self._blocked.add(slot.finding.kind)
        old = len(self.claims)
        if len(self._values) > old:
            for (kind, text), relation in zip(self._values[old:], self._relate(self._values)[old:], strict=True):
                self.claims.append(Claim(kind, text, relation.parent, relation.part))

    def slots(self) -> list[Slot]:
        """Return every finding with its decision, for counting."""
        return [slot for slots in self._slots for slot in slots]

    def check(self) -> None:
        """Raise ``Blocked`` if the policy blocks something that was found."""
        if self._blocked:
            names = ", ".join(sorted(self._blocked))
            raise Blocked("blocked_by_policy", f"The request holds personal data that the policy blocks: {names}.")

    def write(self, tokens: Sequence[str], replace: Replace) -> dict[int, str]:
        """Return the leaves' texts, by their places, with every value replaced.

        ``tokens`` answer ``claims`` one by one; what was written with them before is left out. Raises ``Blocked``.
        """
        self.check()
        goes_on = [*tokens[: len(self._tokens)]] == self._tokens
        places = sorted(self._unwritten) if goes_on else range(len(self._slots))
        # If one of them fails, none is written.
        written = {at: _rewritten(self._leaves[at], self._slots[at], tokens, replace) for at in places}
        issued = zip(tokens, self.claims, strict=True)
        old = self.issued if goes_on else []
        self.issued = [*old, *(Issued(token, claim.value) for token, claim in islice(issued, len(old), None))]
        self._unwritten, self._tokens = set(), [*tokens]
        return written


def _surfaces(leaf: Leaf, findings: Sequence[Finding]) -> list[str]:
    if leaf.treatment is Treatment.JSON:
        return [surface(leaf, f) for f in findings]
    text = leaf.text
    return [text[f.start : f.end] for f in findings]


def surface(leaf: Leaf, finding: Finding) -> str:
    """Return the value as it must come back: what was written, less the JSON escapes that restoring adds again."""
    text = leaf.text[finding.start : finding.end]
    if leaf.treatment is not Treatment.JSON or "\\" not in text:
        return text
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return value if isinstance(value, str) else text


def _rewritten(
    leaf: Leaf, slots: Sequence[Slot], tokens: Sequence[str], replace: Replace
) -> str:
    if not slots:
        return leaf.text
    out, end = [], 0
    for slot in slots:
        if slot.decision.action is Action.ALLOW:
            continue
        start = slot.finding.start
        out += [leaf.text[end:start], _written(leaf, slot, tokens, replace)]
        end = slot.finding.end
    return "".join([*out, leaf.text[end:]])


def _written(leaf: Leaf, slot: Slot, tokens: Sequence[str], replace: Replace) -> str:
    if slot.decision.action is Action.PSEUDONYMISE:
        token = tokens[slot.claim]
        text = bare(token) if leaf.treatment is Treatment.NAME else token
    else:
        text = replace(slot.decision, slot.value, slot.finding.kind)
    if leaf.treatment is not Treatment.JSON:
        return text
    escaped = json.dumps(text, ensure_ascii=False)
    return escaped[1:-1] if _inside_string(leaf.text, slot.finding) else escaped


def _inside_string(text: str, finding: Finding) -> bool:
    """Tell whether a finding in a JSON document lies in a string, rather than being a bare number."""
    if text[finding.start : finding.end].strip("0123456789.+-eE"):
        return True
    return len(_QUOTE.findall(text, 0, finding.start)) % 2 == 1
