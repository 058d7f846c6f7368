"""A store in this process's memory, for tests, request scopes and trying things out. Gone with the process."""

import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from keys.envelope import RingWrapper
from keys.ring import KeyRing
from proxy.vault.deks import Deks
from proxy.vault.record import is_grave
from proxy.vault.sealed import SealedVault
from proxy.vault.store import Draft, Outcome, Row, Snapshot

IDLE: Final = 30 * 86_400  # seconds
MAXIMUM: Final = 180 * 86_400


@dataclass(slots=True)
class _Held:
    incarnation: bytes
    dek: bytes
    created: float
    expires: float = 0.0
    revision: int = 0
    index: dict[bytes, str] = field(default_factory=dict)
    records: dict[str, bytes] = field(default_factory=dict)

    def snapshot(self) -> Snapshot:
        return Snapshot(
            self.incarnation, self.dek, self.revision, f"{self.created:.6f}", dict(self.index), dict(self.records)
        )

    def touching(self, rows: Sequence[Row]) -> Snapshot:
        index = {row.digest: self.index[row.digest] for row in rows if row.digest in self.index}
        tokens = {row.token for row in rows} | set(index.values())
        records = {token: self.records[token] for token in tokens if token in self.records}
        return replace(self.snapshot(), index=index, records=records)

    def contradicts(self, row: Row) -> bool:
        known = self.index.get(row.digest)
        return known != row.token if known is not None else row.token in self.records


class MemoryStore:
    """The reference of the Store Protocol: nothing awaits in here, so every method is atomic."""

    def __init__(self, *, idle: int, maximum: int, clock: Callable[[], float]) -> None:
        self._idle = idle
        self._maximum = maximum
        self._clock = clock
        self._scopes: dict[str, _Held] = {}

    async def read(self, key: str, *, use: bool = True, at_most: int | None = None) -> Snapshot | None:
        """Give all of a scope."""
        held = self._use(key) if use else self._live(key)
        if held and at_most is not None and len(held.records) > at_most:
            return replace(held.snapshot(), index={}, records={})
        return held.snapshot() if held else None

    async def pick(self, key: str, tokens: Sequence[str], *, use: bool = True) -> Snapshot | None:
        """Give a scope with only the records of `tokens`."""
        held = self._use(key) if use else self._live(key)
        if held is None:
            return None
        records = {token: held.records[token] for token in tokens if token in held.records}
        return replace(held.snapshot(), index={}, records=records)

    async def commit(self, key: str, draft: Draft) -> Outcome:
        """Write all rows, or none."""
        held = self._use(key)
        if held is None and not draft.dek:
            return Outcome(committed=False)
        if held is None:
            held = self._begin(key, draft)
        elif refusal := _refusal(held, draft):
            return refusal
        for row in draft.rows:
            held.index[row.digest] = row.token
            held.records.setdefault(row.token, row.record)
        held.revision += bool(draft.rows)
        return Outcome(committed=True)

    async def replace_dek(self, key: str, incarnation: bytes, old: bytes, new: bytes) -> bool:
        """Put a rewrapped DEK in the place of the old one."""
        held = self._live(key)
        if held is None or (held.incarnation, held.dek) != (incarnation, old):
            return False
        held.dek = new
        return True

    async def reseal(self, key: str, seen: Snapshot, draft: Draft) -> bool:
        """Put another incarnation in the place of a scope."""
        held = self._live(key)
        if held is None or (held.incarnation, held.revision) != (seen.incarnation, seen.revision):
            return False
        held.incarnation, held.dek = draft.incarnation, draft.dek
        held.index = {row.digest: row.token for row in draft.rows if row.digest}
        held.records = {row.token: row.record for row in draft.rows}
        held.revision += 1
        return True

    async def bury(self, key: str, incarnation: bytes, graves: Sequence[Row]) -> bool:
        """Put graves in the place of records."""
        held = self._live(key)
        if held is None or held.incarnation != incarnation:
            return False
        for row in graves:
            held.index.pop(row.digest, None)
            held.records[row.token] = row.record
        held.revision += 1
        return True

    async def pages(self, key: str) -> AsyncIterator[Mapping[str, bytes]]:
        """Give a scope's records, all in one page."""
        if held := self._live(key):
            yield dict(held.records)

    async def remove(self, key: str, incarnation: bytes = b"") -> int:
        """Erase a scope."""
        held = self._live(key)
        if held is None or (incarnation and held.incarnation != incarnation):
            return 0
        del self._scopes[key]
        return sum(not is_grave(record) for record in held.records.values())

    async def scan(self, prefix: str) -> AsyncIterator[str]:
        """Give the keys of all living scopes under a prefix."""
        for key in [key for key in self._scopes if key.startswith(prefix)]:
            if self._live(key):
                yield key

    async def ready(self) -> None:
        """Memory is always ready."""

    async def close(self) -> None:
        """Let go of everything."""
        self._scopes.clear()

    def _begin(self, key: str, draft: Draft) -> _Held:
        now = self._clock()
        held = _Held(draft.incarnation, draft.dek, now, now + min(self._idle, self._maximum))
        self._scopes[key] = held
        return held

    def _live(self, key: str) -> _Held | None:
        held = self._scopes.get(key)
        if held is not None and held.expires <= self._clock():
            del self._scopes[key]
            return None
        return held

    def _use(self, key: str) -> _Held | None:
        held = self._live(key)
        if held is not None:
            held.expires = min(self._clock() + self._idle, held.created + self._maximum)
        return held


class MemoryVault(SealedVault):
    """A vault in memory, sealed all the same, under `ring` or a ring of its own that dies with it."""

    def __init__(self, ring: KeyRing | None = None, *, clock: Callable[[], float] = time.time) -> None:
        kept = ring or KeyRing.generate(secrets.token_bytes, int(clock()))
        deks = Deks(RingWrapper(lambda: kept, secrets.token_bytes), secrets.token_bytes)
        store = MemoryStore(idle=IDLE, maximum=MAXIMUM, clock=clock)
        super().__init__(store, deks, entropy=secrets.token_bytes, clock=clock)


def _refusal(held: _Held, draft: Draft) -> Outcome | None:
    same = held.incarnation == draft.incarnation
    if draft.revision is not None:
        good = same and held.revision == draft.revision
        return None if good else Outcome(committed=False, snapshot=held.snapshot())
    good = same and not any(held.contradicts(row) for row in draft.rows)
    return None if good else Outcome(committed=False, snapshot=held.touching(draft.rows))
