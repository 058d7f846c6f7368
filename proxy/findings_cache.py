"""Remembers what was found in a text, so that a chat's resent history costs nothing.

A text is known by its fingerprint under its tenant's key, and what is remembered are offsets and kinds; neither text
nor value is ever kept. The detector's version is part of the fingerprint: another detector starts afresh.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import takewhile
from typing import Final, NamedTuple

from keys.derive import keyed_each
from keys.secret import Secret
from proxy.meanwhile import meanwhile
from proxy.shared_findings import SharedFindings
from proxy.workers import Findings, TextDetector
from recognizers.finding import Finding

_ENTRY: Final = 250  # bytes of an entry in CPython: its key, its tuple, its place in the dictionary
_FINDING: Final = 150

Found = dict[bytes, tuple[Finding, ...]]  # by the fingerprint of a text


# Of texts in their order: what was found in each, and the fingerprints.
Parts = AsyncGenerator[tuple[Sequence[Sequence[Finding]], list[bytes]], None]


class Ahead(NamedTuple):
    """Texts that are being read, by their fingerprints; None for no texts."""

    texts: Mapping[bytes, str]
    task: asyncio.Task[tuple[Found, Found]] | None


class FindingsCache:
    """The findings in the texts seen last, of about ``limit`` bytes, in front of a detector.

    What is not here is looked for among the findings ``shared`` with other replicas, if they share any. ``counted`` is
    told how many texts were known here, how many to another replica, and how many to nobody.
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

    def prints(self, texts: Sequence[str], key: Secret) -> list[bytes]:
        """Return the texts' fingerprints under ``key``, the tenant's fingerprint key."""
        kind = f"{self._detector.version} found".encode()
        return keyed_each(key, kind, [text.encode("utf-8", "surrogatepass") for text in texts])

    async def detect(self, texts: Sequence[str], key: Secret) -> Findings:
        """Return the findings of each text by itself, asking the detector only for those not seen before.

        Raises ``DetectionFailed``.
        """
        return [list(each) async for found, _ in self.read(texts, key) for each in found]

    @asynccontextmanager
    async def ahead(self, texts: Sequence[str], key: Secret) -> AsyncIterator[Ahead]:
        """Begin to read ``texts``, which a request that ends here will ``read`` among others.

        Not where other replicas are asked, which shall be one question.
        """
        unknown = self._unknown(texts, self.prints(texts, key)) if self._shared is None else {}
        async with self._reading(unknown, key) as task:
            yield Ahead(unknown, task)

    async def read(self, texts: Sequence[str], key: Secret, ahead: Ahead | None = None) -> Parts:
        """Yield what ``detect`` returns, and the texts' fingerprints: while texts are read, those of the ones before.

        What is read ``ahead`` is not asked for again.
        """
        prints = self.prints(texts, key)
        begun = ahead if ahead and not ahead.texts.keys().isdisjoint(prints) else Ahead({}, None)
        found = {p: entry for p in prints if p not in begun.texts and (entry := self._recalled(p)) is not None}
        here, elsewhere, fresh = len(found), 0, 0
        rest = {one: text for one, text in self._unknown(texts, prints).items() if one not in begun.texts}
        async with self._reading(rest, key, admitted=begun.task is not None) as others:
            first = list(takewhile(found.__contains__, prints)) if begun.task or others else []
            if first:
                yield [found[one] for one in first], first
            for task in (others, begun.task):
                if task is not None:
                    known, read = await task
                    found |= known | read
                    elsewhere, fresh = elsewhere + len(known), fresh + len(read)
        if self._counted is not None:
            self._counted(here, elsewhere, fresh)
        if len(first) < len(prints):
            last = prints[len(first) :]
            yield [found[one] for one in last], last

    def _unknown(self, texts: Sequence[str], prints: Sequence[bytes]) -> dict[bytes, str]:
        return {one: text for one, text in zip(prints, texts, strict=True) if one not in self._found}

    @asynccontextmanager
    async def _reading(
        self, unknown: Mapping[bytes, str], key: Secret, *, admitted: bool = False
    ) -> AsyncIterator[asyncio.Task[tuple[Found, Found]] | None]:
        """Begin to find in texts that are not known here; None for no texts."""
        if not unknown:
            yield None
            return
        async with meanwhile(self._read(unknown, key, admitted=admitted)) as task:
            yield task

    async def _read(self, unknown: Mapping[bytes, str], key: Secret, *, admitted: bool) -> tuple[Found, Found]:
        """Return what other replicas know, and what the detector finds in the rest, which they get to know."""
        shared = await self._shared.recall(unknown, key) if self._shared else {}
        rest = {one: text for one, text in unknown.items() if one not in shared}
        found = await self._detector.detect(list(rest.values()), admitted=admitted) if rest else []
        if self._shared:
            self._shared.remember(dict(zip(rest, found, strict=True)), key)
        known = {one: tuple(findings) for one, findings in shared.items()}
        fresh = {one: tuple(findings) for one, findings in zip(rest, found, strict=True)}
        self._remember(known | fresh)
        return known, fresh

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
