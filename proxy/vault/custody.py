"""What an operator does with a vault: find a person, forget, move keys on. Never on the way of a request.

Scopes are found by their keys, which begin with tenant and user; values by the keyed search digest of each scope. What
is forgotten goes with its key: a scope that loses values is resealed under a new DEK and the old one is destroyed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from keys.ring import Entropy
from keys.seal import NONCE_BYTES
from proxy.scope import Scope
from proxy.token import parse
from proxy.vault.deks import Deks, Rewrapping, every
from proxy.vault.kept import Kept, is_record, read, records_of
from proxy.vault.protocol import VaultUnavailable
from proxy.vault.record import ScopeKeys, created_of, grave, is_grave, search_digest_of, write
from proxy.vault.sealed import entries, opened
from proxy.vault.store import Draft, Row, Snapshot, Store

ATTEMPTS: Final = 50
AT_ONCE: Final = 32  # scopes looked through at the same time

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where a value appears: its scope, its tokens there, and the first and last time (seconds since 1970)."""

    scope: Scope
    tokens: tuple[str, ...]
    first: int
    last: int

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds the value has there, each once."""
        return tuple(dict.fromkeys(parse(token)[0] for token in self.tokens))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was erased; `objects` counts the records of what the provider keeps."""

    scopes: int = 0
    values: int = 0
    objects: int = 0

    def __add__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(self.scopes + other.scopes, self.values + other.values, self.objects + other.objects)


class Custody:
    """The operator's side of a vault. Every method raises VaultUnavailable and can safely be repeated."""

    def __init__(self, store: Store, deks: Deks, *, entropy: Entropy) -> None:
        self._store = store
        self._deks = deks
        self._entropy = entropy

    async def scopes(self, tenant: str, user: str = "") -> AsyncIterator[Scope]:
        """Give all scopes of a tenant, or of one of its users. Both are identifiers, not raw ids."""
        named = Scope(tenant, user)  # which also makes sure that neither is a pattern
        async for scope in self._under(f"{named.tenant}.{named.user}." if user else f"{named.tenant}."):
            if not is_record(scope):
                yield scope

    async def find(self, tenant: str, value: str) -> list[Appearance]:
        """Tell where a value appears in a tenant, however it is cased or spaced; shows no value of anybody."""
        looked = self._of_each(self.scopes(tenant), lambda scope: self._appears(scope, value))
        return sorted([found async for found in looked if found], key=lambda appearance: appearance.first)

    async def forget(self, scope: Scope) -> Forgotten:
        """Erase one scope, and the records of what the provider keeps of it."""
        erased = await self._erase(scope)
        return erased + await self._forget_kept(scope.tenant, lambda kept: kept.scope == scope)

    async def forget_all(self, tenant: str, user: str = "") -> Forgotten:
        """Erase all scopes of a tenant, or of one of its users, and the records of what the provider keeps of them."""
        erased = await self._total(self.scopes(tenant, user), self._erase)
        return erased + await self._forget_kept(tenant, lambda kept: user in {"", kept.scope.user, kept.owner})

    async def forget_value(self, tenant: str, value: str) -> Forgotten:
        """Erase a value and what else names the same identity, in every scope of a tenant. Its tokens stay used up."""
        return await self._total(self.scopes(tenant), lambda scope: self._bury(scope, value))

    async def values(self, scope: Scope, tokens: Sequence[str]) -> dict[str, str]:
        """Give the values of a scope's tokens. Only access.py may call this: it asks for a role and a reason."""
        snapshot = await self._store.pick(scope.key, tokens, use=False)
        keys = await self._deks.unlock(scope, snapshot) if snapshot else None
        return opened(keys, snapshot) if snapshot and keys else {}

    async def rewrap(self, progress: Callable[[Rewrapping], None]) -> Rewrapping:
        """Move all DEKs under the newest key; see Deks.rewrap."""
        return await self._deks.rewrap(self._store, progress)

    async def wrapped_under(self, uses: Callable[[bytes], bool]) -> int:
        """Count the DEKs whose wrapped form satisfies `uses`."""
        return await self._deks.wrapped_under(self._store, uses)

    async def _under(self, prefix: str) -> AsyncIterator[Scope]:
        async for key in every(self._store, prefix):
            yield Scope.from_key(key)

    async def _erase(self, scope: Scope) -> Forgotten:
        values = await self._deks.erase(self._store, scope)
        return Forgotten() if values is None else Forgotten(1, values)

    async def _forget_kept(self, tenant: str, concerned: Callable[[Kept], bool]) -> Forgotten:
        """Erase the records of objects that are `concerned`, and those that nobody can read any more."""

        async def forget(record: Scope) -> Forgotten:
            snapshot = await self._store.read(record.key, use=False)
            keys = await self._deks.unlock(record, snapshot) if snapshot else None
            found = read(entries(keys, snapshot)) if snapshot and keys else None
            gone = found is None or concerned(found[0])
            return Forgotten(objects=1) if gone and await self._deks.erase(self._store, record) else Forgotten()

        return await self._total(self._under(records_of(tenant)), forget)

    async def _of_each(self, scopes: AsyncIterator[Scope], act: Callable[[Scope], Awaitable[T]]) -> AsyncIterator[T]:
        """Act on each scope, some of them at a time, and give what came of it."""
        batch: list[Scope] = []
        async for scope in scopes:
            batch.append(scope)
            if len(batch) == AT_ONCE:
                for result in await asyncio.gather(*map(act, batch)):
                    yield result
                batch.clear()
        for result in await asyncio.gather(*map(act, batch)):
            yield result

    async def _total(self, scopes: AsyncIterator[Scope], erase: Callable[[Scope], Awaitable[Forgotten]]) -> Forgotten:
        total = Forgotten()
        async for forgotten in self._of_each(scopes, erase):
            total += forgotten
        return total

    async def _appears(self, scope: Scope, value: str) -> Appearance | None:
        snapshot = await self._store.read(scope.key, use=False)
        keys = await self._deks.unlock(scope, snapshot) if snapshot else None
        if snapshot is None or keys is None:
            return None
        tokens = _matching(keys, snapshot, value)
        times = [created_of(snapshot.records[token]) for token in tokens]
        return Appearance(scope, tuple(tokens), min(times), max(times)) if tokens else None

    async def _bury(self, scope: Scope, value: str) -> Forgotten:
        for _ in range(ATTEMPTS):
            snapshot = await self._store.read(scope.key, use=False)
            keys = await self._deks.unlock(scope, snapshot) if snapshot else None
            if snapshot is None or keys is None:
                return Forgotten()
            dead = _identities(_matching(keys, snapshot, value), snapshot)
            if not dead:
                return Forgotten()
            if await self._resealed(scope, keys, snapshot, dead):
                return Forgotten(1, len(dead))
        raise VaultUnavailable("a scope is written to all the time; repeat the command")

    async def _resealed(self, scope: Scope, keys: ScopeKeys, snapshot: Snapshot, dead: set[str]) -> bool:
        born = await self._deks.bear(scope)
        living = opened(keys, snapshot)
        rows = []
        for token, record in snapshot.records.items():
            if token in dead or token not in living:
                rows.append(Row(b"", token, grave(created_of(record))))
                continue
            kind, value = parse(token)[0], living[token]
            sealed = write(born.keys, token, value, created_of(record), self._entropy(NONCE_BYTES))
            rows.append(Row(born.keys.digest(kind, value), token, sealed))
        done = await self._store.reseal(scope.key, snapshot, Draft(born.incarnation, born.dek, None, rows))
        await self._deks.destroy(scope, snapshot.incarnation if done else born.incarnation)
        return done


def _matching(keys: ScopeKeys, snapshot: Snapshot, value: str) -> list[str]:
    sought = keys.search_digest(value)
    return sorted(
        (token for token, record in snapshot.records.items() if search_digest_of(record) == sought), key=parse
    )


def _identities(tokens: Sequence[str], snapshot: Snapshot) -> set[str]:
    """Give the tokens of the same kind and number as one of `tokens`: the other spellings of the same identity."""
    numbers = {parse(token)[:2] for token in tokens}
    living = (token for token, record in snapshot.records.items() if not is_grave(record))
    return {token for token in living if parse(token)[:2] in numbers}
