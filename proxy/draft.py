"""One request's texts on their way out. They are read little by little, and what follows from some needn't wait.

The way of a text: read → what was found in it by itself → what it holds of all texts' values → entered in the ledger.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from proxy.ledger import Ledger, Replace
from proxy.numbering import Numbering
from proxy.policy import Policy
from proxy.restore import Issued
from proxy.spreads import Spreading
from proxy.walk import Leaf, Treatment
from recognizers.finding import LITERAL, Finding
from recognizers.identity import Value

Found = Mapping[int, Sequence[Finding]]  # by the places of the leaves


class Draft:
    """The leaves that are read, in their order, and the ledger they are entered in.

    ``texts`` are the leaves' texts as the detector gets to see them.
    """

    def __init__(self, leaves: Sequence[Leaf], policy: Policy, numbers: Numbering, spreading: Spreading) -> None:
        self.leaves = leaves
        self.ledger = Ledger(policy, numbers.relate)
        self.texts = list(map(shown, leaves))
        self._numbers = numbers
        self._spreading = spreading
        self._read: list[tuple[str, Sequence[Finding]]] = []
        self._prints: list[bytes | None] = []  # of those read since they were spread
        self._changed: dict[int, tuple[Leaf, str]] = {}  # by their places

    @property
    def complete(self) -> bool:
        """Whether all was read."""
        return len(self._read) == len(self.leaves)

    @property
    def values(self) -> list[Value]:
        """The values that were found where they stand, in the order of their first appearance."""
        return list(dict.fromkeys((f.kind, text[f.start : f.end]) for text, found in self._read for f in found))

    def read(self, found: Sequence[Sequence[Finding]], prints: Sequence[bytes]) -> None:
        """Take what was found in the next texts by themselves, and the texts' fingerprints."""
        at = len(self._read)
        for leaf, text, findings, one in zip(self.leaves[at:], self.texts[at:], found, prints, strict=False):
            plain = text is leaf.text
            self._read.append((leaf.text, findings if plain else _moved(findings, len(text) - len(leaf.text))))
            self._prints.append(one if plain else None)

    def spread(self, known: Sequence[Value]) -> Found:
        """Return what holds for new leaves, and anew for old ones, with all values and those ``known`` to the scope."""
        prints, self._prints = self._prints, []
        return self._spreading.extend(self._read, prints, known)

    def typed(self, found: Found) -> Iterator[str]:
        """Give what stands in the form of a token in the leaves."""
        for at, findings in found.items():
            yield from _typed(self.leaves[at], findings).values()

    def enter(self, found: Found, values: Mapping[str, str]) -> list[Issued]:
        """Enter what was ``found``, less the tokens in ``values``, which this very scope issued earlier; return those.

        They stay tokens: a title is asked for with the tokens of the chat, a document is found with those it was
        stored with; whoever owns the scope gets the values back. Any other text in the form of a token is a text
        somebody typed.
        """
        returned: dict[str, str] = {}
        if values:
            returned = {token: values[token] for token in self.typed(found) if token in values}
            found = {at: _without(self.leaves[at], findings, returned) for at, findings in found.items()}
        self.ledger.enter(self.leaves[: len(self._read)], found)
        return [Issued(token, value) for token, value in returned.items()]

    def first_tokens(self) -> Sequence[str]:
        """Give the tokens for the ledger's claims in a scope that holds nothing yet."""
        return self._numbers.first_tokens(self.ledger.claims)

    def write(self, tokens: Sequence[str], replace: Replace) -> list[tuple[Leaf, str]]:
        """Return the leaves that get another text, with it; ``tokens`` answer the claims. Raises ``Blocked``."""
        for at, text in self.ledger.write(tokens, replace).items():
            leaf = self.leaves[at]
            if text != leaf.text:
                self._changed[at] = leaf, text
            else:
                self._changed.pop(at, None)
        return list(self._changed.values())


def shown(leaf: Leaf) -> str:
    """Return the text as the detector gets to see it.

    A free-form field's name says what its value is, and in a name limited to [a-zA-Z0-9_-] underscores are spaces.
    """
    if leaf.treatment is Treatment.NAME:
        return leaf.text.replace("_", " ")
    if leaf.field and not leaf.is_key and leaf.treatment is Treatment.TEXT:
        return f"{leaf.field}: {leaf.text}"
    return leaf.text


def _moved(findings: Sequence[Finding], offset: int) -> Sequence[Finding]:
    """Shift findings to the left, cutting off what lies before the leaf's own text."""
    if not offset:
        return findings
    return [replace(f, start=max(f.start - offset, 0), end=f.end - offset) for f in findings if f.end > offset]


def _typed(leaf: Leaf, findings: Sequence[Finding]) -> dict[Finding, str]:
    return {f: leaf.text[f.start : f.end] for f in findings if f.kind == LITERAL}


def _without(leaf: Leaf, findings: Sequence[Finding], tokens: Mapping[str, str]) -> Sequence[Finding]:
    typed = _typed(leaf, findings)
    return [f for f in findings if typed.get(f) not in tokens] if typed else findings
