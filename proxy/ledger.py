"""Value and token of one exchange: which values get a token, and what the texts read with them.

Planning is pure: the ledger says what it wants tokens for (``claims``), somebody with a vault gets them, and the
ledger writes the texts. What it issued is all that this exchange may restore.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from proxy.errors import Blocked
from proxy.policy import Action, Decision, Policy
from proxy.restore import Issued
from proxy.token import bare
from proxy.vault.protocol import Claim
from proxy.walk import Leaf, Treatment
from recognizers.finding import Finding
from recognizers.identity import Relation, relate

_QUOTE: Final = re.compile(r'(?<!\\)(?:\\\\)*"')

Relate = Callable[[Sequence[tuple[str, str]]], Sequence[Relation]]
Replace = Callable[[Decision, str, str], str]  # (decision, value, kind) → replacement for good


@dataclass(slots=True)  # not frozen, as a long chat has thousands of them, and freezing triples what making one costs
class Slot:
    """A finding in a leaf, the value it stands for, and what the policy decided."""

    finding: Finding
    value: str = field(repr=False)
    decision: Decision


class Ledger:
    """The findings of one request, in the order in which they appear."""

    def __init__(
        self, leaves: Sequence[Leaf], findings: Sequence[Sequence[Finding]], policy: Policy, relate: Relate = relate
    ) -> None:
        self._leaves = leaves
        self._slots = [
            [Slot(f, value, policy.decide(f)) for f, value in zip(found, _surfaces(leaf, found), strict=True)]
            for leaf, found in zip(leaves, findings, strict=True)
        ]
        distinct, blocked = dict[tuple[str, str], None](), set[str]()
        for slots in self._slots:
            for slot in slots:
                if slot.decision.action is Action.PSEUDONYMISE:
                    distinct[slot.finding.kind, slot.value] = None
                elif slot.decision.action is Action.BLOCK:
                    blocked.add(slot.finding.kind)
        _refuse(blocked)
        self._values = list(distinct)
        relations = relate(self._values)
        self.claims = [
            Claim(kind, value, relation.parent, relation.part)
            for (kind, value), relation in zip(self._values, relations, strict=True)
        ]

    def slots(self) -> list[Slot]:
        """Return every finding with its decision, for counting."""
        return [slot for slots in self._slots for slot in slots]

    def write(self, tokens: Sequence[str], replace: Replace) -> list[str]:
        """Return the leaves' texts with every value replaced; ``tokens`` answer ``claims`` one by one."""
        issued = dict(zip(self._values, tokens, strict=True))
        pairs = zip(self._leaves, self._slots, strict=True)
        return [_rewritten(leaf, slots, issued, replace) for leaf, slots in pairs]

    def issued(self, tokens: Sequence[str]) -> list[Issued]:
        """Return what may be restored in the reply."""
        return [Issued(token, value) for token, (_, value) in zip(tokens, self._values, strict=True)]


def _refuse(kinds: Collection[str]) -> None:
    if kinds:
        names = ", ".join(sorted(kinds))
        raise Blocked("blocked_by_policy", f"The request holds personal data that the policy blocks: {names}.")


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
    leaf: Leaf, slots: Sequence[Slot], issued: Mapping[tuple[str, str], str], replace: Replace
) -> str:
    if not slots:
        return leaf.text
    out, end = [], 0
    for slot in slots:
        if slot.decision.action is Action.ALLOW:
            continue
        start = slot.finding.start
        out += [leaf.text[end:start], _written(leaf, slot, issued, replace)]
        end = slot.finding.end
    return "".join([*out, leaf.text[end:]])


def _written(leaf: Leaf, slot: Slot, issued: Mapping[tuple[str, str], str], replace: Replace) -> str:
    if slot.decision.action is Action.PSEUDONYMISE:
        token = issued[slot.finding.kind, slot.value]
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
