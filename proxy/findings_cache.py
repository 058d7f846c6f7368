"""Remembers what was found in a text, so that a chat's resent history costs nothing.

A text is known by its fingerprint under its tenant's key, and what is remembered are offsets and kinds; neither text
nor value is ever kept. The detector's version is part of the fingerprint: another detector starts afresh.
"""

import hmac
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from keys.secret import Secret
from proxy.shared_findings import SharedFindings
from proxy.workers import Findings, TextDetector
from recognizers.finding import Finding
from recognizers.propagate import propagate

_ENTRY: Final = 250  # bytes of an entry in CPython: its key, its tuple, its place in the dictionary
_FINDING: Final = 150

Values = Sequence[tuple[str, str]]  # kinds and values
Found = dict[bytes, list[Finding]]  # by the fingerprint of a text


class FindingsCache:
    """The findings in the texts seen last, bounded to about ``limit`` bytes, in front of a detector.

    What is not here is looked for among the findings ``shared`` with other replicas, if they share any. ``counted`` is
    told of each call how many of its texts were known here, how many to another replica, and how many to nobody.
    """

    def __init__(
        self,
        detector: TextDetector,
        limit: int,
        counted: Callable[[int, int, int], None] | None = None,
        shared: SharedFindings | None = None,
    ) -> None:
        self._detector = detector
        self._limit = limit
        self._counted = counted
        self._shared = shared
        self._size = 0
        self._found: OrderedDict[bytes, tuple[Finding, ...]] = OrderedDict()

    async def detect(self, texts: Sequence[str], key: Secret) -> Findings:
        """Return the findings of each text by itself, asking the detector only for those not seen before.

        ``key`` is the tenant's fingerprint key. Raises ``DetectionFailed``.
        """
        prints = [self._fingerprint(key, text) for text in texts]
        found = {one: self._recalled(one) for one in prints}
        missing = {one: text for one, text in zip(prints, texts, strict=True) if found[one] is None}
        elsewhere, fresh = await self._read(missing, key) if missing else ({}, {})
        read = elsewhere | fresh
        found.update(self._remembered(read, read.values()))
        if self._counted is not None:
            self._counted(len(found) - len(missing), len(elsewhere), len(fresh))
        return [list(found[one] or ()) for one in prints]

    async def _read(self, missing: Mapping[bytes, str], key: Secret) -> tuple[Found, Found]:
        """Return what other replicas know, and what the detector finds in the rest, which they get to know."""
        known = await self._shared.recall(missing, key) if self._shared else {}
        rest = {one: text for one, text in missing.items() if one not in known}
        fresh = dict(zip(rest, await self._detector.detect(list(rest.values())), strict=True)) if rest else {}
        if self._shared:
            self._shared.remember(fresh, key)
        return known, fresh

    def propagate(self, texts: Sequence[str], findings: Findings, known: Values, key: Secret) -> Findings:
        """Return the findings of each text with those of all others' values, and the ``known`` ones, found in it too.

        What a text gets depends on it and on the values alone, so as long as no new value comes up, nothing is read
        again.
        """
        distinct = dict.fromkeys(known)
        for text, found in zip(texts, findings, strict=True):
            distinct.update(dict.fromkeys((f.kind, text[f.start : f.end]) for f in found))
        values = list(distinct)
        if not values:
            return findings
        of_values = self._fingerprint(key, *(part for value in values for part in value))
        prints = [
            self._fingerprint(key, text, of_values.hex(), *(f"{f.start}-{f.end}{f.kind}" for f in found))
            for text, found in zip(texts, findings, strict=True)
        ]
        spread = {one: self._recalled(one) for one in prints}
        missing = {one: i for i, one in enumerate(prints) if spread[one] is None}
        if missing:
            places = missing.values()
            fresh = propagate([texts[i] for i in places], [findings[i] for i in places], values)
            spread.update(self._remembered(missing, fresh))
        return [list(spread[one] or ()) for one in prints]

    def _fingerprint(self, key: Secret, *parts: str) -> bytes:
        message = "\0".join((self._detector.version, *parts)).encode("utf-8", "surrogatepass")
        return hmac.digest(key.expose(), message, "sha256")

    def _recalled(self, one: bytes) -> tuple[Finding, ...] | None:
        findings = self._found.get(one)
        if findings is not None:
            self._found.move_to_end(one)
        return findings

    def _remembered(
        self, prints: Iterable[bytes], fresh: Iterable[Sequence[Finding]]
    ) -> dict[bytes, tuple[Finding, ...]]:
        entries = {one: tuple(findings) for one, findings in zip(prints, fresh, strict=True)}
        for one, findings in entries.items():
            self._size += _cost(findings) - _cost(self._found.pop(one, None))
            self._found[one] = findings
        while self._size > self._limit:
            self._size -= _cost(self._found.popitem(last=False)[1])
        return entries


def _cost(findings: Sequence[Finding] | None) -> int:
    return 0 if findings is None else _ENTRY + _FINDING * len(findings)
