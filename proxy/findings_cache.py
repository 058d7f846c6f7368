"""Remembers what was found in a text, so that a chat's resent history costs nothing.

A text is known by its fingerprint under its tenant's key, and what is remembered are offsets and kinds; neither text
nor value is ever kept. The detector's version is part of the fingerprint: another detector starts afresh.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Final

from keys.derive import keyed, keyed_each
from keys.secret import Secret
from proxy.memo import Memo
from proxy.shared_findings import SharedFindings
from proxy.spread import Spread, Value
from proxy.workers import Findings, TextDetector
from recognizers.finding import Finding

_ENTRY: Final = 250  # bytes of an entry in CPython: its key, its tuple, its place in the dictionary
_FINDING: Final = 150
_TURN: Final = 2  # texts that a chat's next turn adds: the reply, and what was written since

Found = dict[bytes, list[Finding]]  # by the fingerprint of a text


class FindingsCache:
    """The findings in the texts seen last, in front of a detector; and what the texts of requests hold of each other's.

    Each is bounded to about half of ``limit`` bytes.

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
        self._limit = limit // 2
        self._counted = counted
        self._shared = shared
        self._size = 0
        self._found: OrderedDict[bytes, tuple[Finding, ...]] = OrderedDict()
        self._spreads = Memo(Spread, limit - self._limit)

    def prints(self, texts: Sequence[str], key: Secret) -> list[bytes]:
        """Return the texts' fingerprints under ``key``, the tenant's fingerprint key."""
        kind = f"{self._detector.version} found".encode()
        return keyed_each(key, kind, [text.encode("utf-8", "surrogatepass") for text in texts])

    async def detect(self, texts: Sequence[str], key: Secret, prints: Sequence[bytes] | None = None) -> Findings:
        """Return the findings of each text by itself, asking the detector only for those not seen before.

        ``prints`` are the texts', if they are known already. Raises ``DetectionFailed``.
        """
        prints = self.prints(texts, key) if prints is None else prints
        found = {one: entry for one in prints if (entry := self._recalled(one)) is not None}
        missing = {one: text for one, text in zip(prints, texts, strict=True) if one not in found}
        elsewhere, fresh = await self._read(missing, key) if missing else ({}, {})
        read = {one: tuple(findings) for one, findings in (elsewhere | fresh).items()}
        self._remember(read)
        if self._counted is not None:
            self._counted(len(found), len(elsewhere), len(fresh))
        found |= read
        return [list(found[one]) for one in prints]

    async def _read(self, missing: Mapping[bytes, str], key: Secret) -> tuple[Found, Found]:
        """Return what other replicas know, and what the detector finds in the rest, which they get to know."""
        known = await self._shared.recall(missing, key) if self._shared else {}
        rest = {one: text for one, text in missing.items() if one not in known}
        fresh = dict(zip(rest, await self._detector.detect(list(rest.values())), strict=True)) if rest else {}
        if self._shared:
            self._shared.remember(fresh, key)
        return known, fresh

    def propagate(
        self,
        texts: Sequence[str],
        findings: Findings,
        known: Sequence[Value],
        key: Secret,
        prints: Sequence[bytes | None] | None = None,
    ) -> Findings:
        """Return the findings of each text with those of all others' values, and the ``known`` ones, found in it too.

        A text is read again only if a value is new that may stand in it, so a turn costs what is new in it. ``prints``
        are those of texts in which ``detect`` found just these ``findings``.
        """
        read = list(zip(texts, findings, strict=True))
        names = [one or self._name(key, *each) for each, one in zip(read, prints or repeat(None), strict=False)]
        if self._spreads.begun(names) < max(len(names) - _TURN, len(names) > 1):  # no chat's next turn
            # Others may begin alike, and end otherwise: with the same instructions, or the same examples.
            self._spreads(names[:-1], lambda spread: spread.extend(read[:-1], known), stem=True)
        return self._spreads(names, lambda spread: spread.extend(read, known))

    def _name(self, key: Secret, text: str, found: Sequence[Finding]) -> bytes:
        """Return a name for a text that ``found`` was found in by itself."""
        return self._fingerprint(key, "spread", text, repr([(f.start, f.end, f.kind) for f in found]))

    def _fingerprint(self, key: Secret, *parts: str) -> bytes:
        return keyed(key, *(part.encode("utf-8", "surrogatepass") for part in (self._detector.version, *parts)))

    def _recalled(self, one: bytes) -> tuple[Finding, ...] | None:
        entry = self._found.get(one)
        if entry is not None:
            self._found.move_to_end(one)
        return entry

    def _remember(self, entries: Mapping[bytes, tuple[Finding, ...]]) -> None:
        for one, entry in entries.items():
            self._size += _cost(entry) - _cost(self._found.pop(one, None))
            self._found[one] = entry
        while self._size > self._limit:
            self._size -= _cost(self._found.popitem(last=False)[1])


def _cost(entry: tuple[Finding, ...] | None) -> int:
    return 0 if entry is None else _ENTRY + _FINDING * len(entry)
