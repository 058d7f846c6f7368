"""One value within one scope: where it is, and how it is forgotten, in scopes of any size.

A scope of up to SMALL tokens is read in one round trip, and resealed under a new DEK when it loses a value, so that the
value is gone from backups with the old one (see deks.py). A larger one is looked through page by page, and what it
loses is buried in place: in backups that goes when the key over the scope's DEK is destroyed.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from keys.ring import Entropy
from keys.seal import NONCE_BYTES
from proxy.scope import Scope
from proxy.token import parse
from proxy.vault.deks import Deks
from proxy.vault.protocol import VaultUnavailable
from proxy.vault.record import ScopeKeys, created_of, grave, is_grave, search_digest_of, write
from proxy.vault.sealed import opened
from proxy.vault.store import Draft, Row, Snapshot, Store

ATTEMPTS: Final = 50
SMALL: Final = 5_000  # tokens


@dataclass(frozen=True, slots=True)
class Seen:
    """A scope, its keys, and the records that were looked for, by their tokens; `whole` if it is a small one's."""

    snapshot: Snapshot
    keys: ScopeKeys
    records: Mapping[str, bytes]
    whole: bool


class Search:
    """Looks into the scopes of a store. Every method raises VaultUnavailable."""

    def __init__(self, store: Store, deks: Deks, entropy: Entropy) -> None:
        self._store = store
        self._deks = deks
        self._entropy = entropy

    async def records(self, scope: Scope, value: str) -> dict[str, bytes]:
        """Give the records of a value by their tokens, however it is cased or spaced."""
        seen = await self._seen(scope, value)
        return dict(seen.records) if seen else {}

    async def bury(self, scope: Scope, value: str) -> int:
        """Forget a value and what else names the same identity; gives the number of values that were forgotten."""
        for _ in range(ATTEMPTS):
            seen = await self._seen(scope, value)
            dead = await self._identities(scope, seen) if seen and seen.records else {}
            if seen is None or not dead:
                return 0
            if await (self._resealed(scope, seen, dead) if seen.whole else self._buried(scope, seen, dead)):
                return len(dead)
        raise VaultUnavailable("a scope is written to all the time; repeat the command")

    async def _seen(self, scope: Scope, value: str) -> Seen | None:
        """Look for a value, once more if the scope was resealed meanwhile. None where there is no scope to be read."""
        for _ in range(ATTEMPTS):
            snapshot = await self._store.read(scope.key, use=False, at_most=SMALL)
            keys = await self._deks.unlock(scope, snapshot) if snapshot else None
            if snapshot is None or keys is None:
                return None
            sought, whole = keys.search_digest(value), bool(snapshot.records)
            everything = self._all(scope, snapshot)
            found = {token: record async for token, record in everything if search_digest_of(record) == sought}
            now = snapshot if whole else await self._store.pick(scope.key, (), use=False)
            if now is None:
                return None
            if now.incarnation == snapshot.incarnation:
                return Seen(snapshot, keys, found, whole)
        raise VaultUnavailable("a scope is resealed all the time; repeat the command")

    async def _all(self, scope: Scope, snapshot: Snapshot) -> AsyncIterator[tuple[str, bytes]]:
        if snapshot.records:
            for token, record in snapshot.records.items():
                yield token, record
            return
        async for page in self._store.pages(scope.key):
            for token, record in page.items():
                yield token, record

    async def _identities(self, scope: Scope, seen: Seen) -> dict[str, bytes]:
        """Give the living records of the kinds and numbers of those found: the other spellings of the same identity."""
        numbers = {parse(token)[:2] for token in seen.records}
        everything = self._all(scope, seen.snapshot)
        return {t: record async for t, record in everything if parse(t)[:2] in numbers and not is_grave(record)}

    async def _resealed(self, scope: Scope, seen: Seen, dead: Mapping[str, bytes]) -> bool:
        born = await self._deks.bear(scope)
        living = opened(seen.keys, seen.snapshot.records)
        rows = []
        for token, record in seen.snapshot.records.items():
            if token in dead or token not in living:
                rows.append(Row(b"", token, grave(created_of(record))))
                continue
            kind, value = parse(token)[0], living[token]
            sealed = write(born.keys, token, value, created_of(record), self._entropy(NONCE_BYTES))
            rows.append(Row(born.keys.digest(kind, value), token, sealed))
        done = await self._store.reseal(scope.key, seen.snapshot, Draft(born.incarnation, born.dek, None, rows))
        await self._deks.destroy(scope, seen.snapshot.incarnation if done else born.incarnation)
        return done

    async def _buried(self, scope: Scope, seen: Seen, dead: Mapping[str, bytes]) -> bool:
        values = opened(seen.keys, dead)
        rows = [
            Row(seen.keys.digest(parse(token)[0], values[token]), token, grave(created_of(record)))
            for token, record in dead.items()
        ]
        return await self._store.bury(scope.key, seen.snapshot.incarnation, rows)
