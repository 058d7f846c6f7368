"""What the texts of a request hold of each other's values, looked for again only where a new value may stand.

A text is remembered with how many of the request's values it was read for and a digest of them. Values that came up
since are held against the text's words (recognizers/reach.py). Neither text nor value is kept.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final

from keys.secret import Secret
from recognizers.finding import Finding
from recognizers.propagate import propagate
from recognizers.reach import Condition, Words, condition, hashes, met

_FEW: Final = 64  # new values that are held against the words of each text; for more all are read again

Value = tuple[str, str]  # kind and value
Read = Sequence[tuple[str, Sequence[Finding]]]  # texts, and what was found in each by itself


class Values:
    """The values of one request: those ``known`` of the scope that are in none of its texts, then those in them.

    ``before``: what is remembered of each text, if anything.
    """

    def __init__(
        self, texts: Read, known: Sequence[Value], key: Secret, before: "Sequence[Spread | None] | None" = None
    ) -> None:
        found: dict[Value, Condition | None] = {}
        for (text, findings), spread in zip(texts, before or repeat(None), strict=False):
            for f, needed in zip(findings, spread.needed if spread else repeat(None), strict=False):
                value = (f.kind, text[f.start : f.end])
                if found.get(value) is None:
                    found[value] = needed
        self._conditions: dict[Value, Condition | None] = {
            **{value: None for value in known if value not in found}, **found
        }
        self._values = list(self._conditions)
        self._key = key
        self._new: dict[int, Condition | None] = {}

    def __len__(self) -> int:
        return len(self._values)

    def condition(self, value: Value) -> Condition:
        """Return what a text must hold to hold this value."""
        needed = self._conditions[value]
        if needed is None:
            needed = self._conditions[value] = condition(*value)
        return needed

    def since(self, count: int) -> Condition | None:
        """Return what a text must hold to hold any value after the first ``count``; None if these are too many."""
        if count not in self._new:
            new = self._values[count:]
            self._new[count] = None if len(new) > _FEW else tuple(chain.from_iterable(map(self.condition, new)))
        return self._new[count]

    def digests(self, counts: Collection[int]) -> dict[int, bytes]:
        """Return keyed digests of the first so many values, for each count that there is."""
        digest, digests, done = hmac.new(self._key.expose(), digestmod="sha256"), {}, 0
        for count in sorted(count for count in counts if count <= len(self)):
            values = "".join([f"{kind} {len(value)} {value}" for kind, value in self._values[done:count]])
            digest.update(values.encode("utf-8", "surrogatepass"))
            digests[count], done = digest.copy().digest(), count
        return digests

    def spread(
        self, texts: Read, before: "Sequence[Spread | None]", digests: Mapping[int, bytes]
    ) -> list["Spread"]:
        """Find the values in ``texts``; ``before`` is what is remembered of each."""
        read = zip(texts, before, strict=True)
        words = [spread.words if spread else Words(hashes(text)) for (text, _), spread in read]
        anywhere = set[int]().union(*words)
        own = [[(f.kind, text[f.start : f.end]) for f in findings] for text, findings in texts]
        certain = {value for values in own for value in values}
        concerned = [value for value in self._values if value in certain or met(self.condition(value), anywhere)]
        found = propagate([text for text, _ in texts], [findings for _, findings in texts], concerned)
        count, digest = len(self), digests[len(self)]
        return [
            Spread(tuple(by_itself), tuple(every), tuple(map(self.condition, values)), there, count, digest)
            for (_, by_itself), every, values, there in zip(texts, found, own, words, strict=True)
        ]


@dataclass(slots=True)
class Spread:
    """What a text holds of the first ``count`` values of a request, which have this ``digest``.

    ``own`` is what was found in it by itself, ``needed`` what another text must hold to hold those values.
    """

    own: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    needed: tuple[Condition, ...]
    words: Words
    count: int
    digest: bytes

    def holds(self, values: Values, digests: Mapping[int, bytes]) -> bool:
        """Tell whether it is the same for all ``values``; if so, it is known to be from now on."""
        new = values.since(self.count)
        if new is None or digests.get(self.count) != self.digest or self.words.allow(new):
            return False
        self.count, self.digest = len(values), digests[len(values)]
        return True
