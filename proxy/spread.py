"""What the texts of a request hold of each other's values, looked for again only where a new value may stand.

A text is remembered with how many of the request's values it was read for and a digest of them. Values that came up
since are held against the text's words (recognizers/reach.py). Neither text nor value is kept.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from keys.secret import Secret
from recognizers.finding import Finding
from recognizers.propagate import propagate
from recognizers.reach import Condition, Words, condition

_FEW: Final = 64  # new values that are held against the words of each text; for more all are read again

Value = tuple[str, str]  # kind and value
Read = Sequence[tuple[str, Sequence[Finding]]]  # texts, and what was found in each by itself


class Values:
    """The values of one request: those ``known`` of the scope that are in none of its texts, then those in them."""

    def __init__(self, texts: Read, known: Sequence[Value], key: Secret) -> None:
        found = dict.fromkeys((f.kind, text[f.start : f.end]) for text, findings in texts for f in findings)
        self._values = [*(value for value in dict.fromkeys(known) if value not in found), *found]
        self._key = key
        self._conditions: dict[int, Condition] = {}

    def __len__(self) -> int:
        return len(self._values)

    def condition(self, index: int) -> Condition:
        """Return what a text must hold to hold this value."""
        if index not in self._conditions:
            self._conditions[index] = condition(*self._values[index])
        return self._conditions[index]

    def digests(self, counts: Collection[int]) -> dict[int, bytes]:
        """Return keyed digests of the first so many values, for each count that there is."""
        digest = hmac.new(self._key.expose(), digestmod="sha256")
        digests = {}
        for count, (kind, value) in enumerate(self._values, 1):
            digest.update(f"{kind} {len(value)} {value}".encode("utf-8", "surrogatepass"))
            if count in counts:
                digests[count] = digest.copy().digest()
        return digests

    def spread(self, texts: Read, digests: Mapping[int, bytes]) -> list["Spread"]:
        """Find the values in ``texts``."""
        words = Words(*(text for text, _ in texts))
        own = {(f.kind, text[f.start : f.end]) for text, findings in texts for f in findings}
        concerned = [value for i, value in enumerate(self._values) if value in own or words.allow(self.condition(i))]
        found = propagate([text for text, _ in texts], [findings for _, findings in texts], concerned)
        count, digest = len(self), digests[len(self)]
        each = [words] if len(texts) == 1 else [Words(text) for text, _ in texts]
        return [Spread(tuple(f), own_words, count, digest) for f, own_words in zip(found, each, strict=True)]


@dataclass(slots=True)
class Spread:
    """What a text holds of the first ``count`` values of a request, which have this ``digest``."""

    findings: tuple[Finding, ...]
    words: Words
    count: int
    digest: bytes

    def holds(self, values: Values, digests: Mapping[int, bytes]) -> bool:
        """Tell whether it is the same for all ``values``; if so, it is known to be from now on."""
        new = range(self.count, len(values))
        if digests.get(self.count) != self.digest or len(new) > _FEW:
            return False
        if any(self.words.allow(values.condition(index)) for index in new):
            return False
        self.count, self.digest = len(values), digests[len(values)]
        return True
