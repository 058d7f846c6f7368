"""What an operator does with a vault: find a person, forget, move keys on. Never on the way of a request.

Scopes are found by their keys, which begin with tenant and user; values by the keyed search digest in each scope (see
search.py). There is no index over all scopes of a tenant on purpose: it would have to hold the same digest for the same
value, and so tell whoever steals the store which conversations are about the same person.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from keys.ring import Entropy
from proxy.scope import Scope
from proxy.token import parse
from proxy.vault.deks import Deks, Rewrapping, every
from proxy.vault.kept import Kept, is_record, read, records_of
from proxy.vault.record import created_of
from proxy.vault.sealed import entries, opened
from proxy.vault.search import Search
from proxy.vault.store import Store

AT_ONCE: Final = 32  # scopes looked through at the same time

T = TypeVar("T")
Progress = Callable[[int], None]  # hears how many scopes were looked through


def unheard(_: int) -> None:
    """Hear nothing."""


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


async def _together(acts: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Await all of them; when one fails, none is left running with a connection that nobody closes any more."""
    tasks = [asyncio.ensure_future(act) for act in acts]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Custody:
    """The operator's side of a vault. Every method raises VaultUnavailable and can safely be repeated."""

    def __init__(self, store: Store, deks: Deks, *, entropy: Entropy) -> None:
        self._store = store
        self._deks = deks
        self._search = Search(store, deks, entropy)

    async def scopes(self, tenant: str, user: str = "") -> AsyncIterator[Scope]:
        """Give all scopes of a tenant, or of one of its users. Both are identifiers, not raw ids."""
        named = Scope(tenant, user)  # which also makes sure that neither is a pattern
        async for scope in self._under(f"{named.tenant}.{named.user}." if user else f"{named.tenant}."):
            if not is_record(scope):
                yield scope

    async def find(self, tenant: str, value: str, progress: Progress = unheard) -> list[Appearance]:
        """Tell where a value appears in a tenant, however it is cased or spaced; shows no value of anybody.

        Scopes that begin while it looks are looked through as well.
        """
        looked = self._of_each(self.scopes(tenant), lambda scope: self._appears(scope, value), progress)
        return sorted([found async for found in looked if found], key=lambda appearance: appearance.first)

    async def forget(self, scope: Scope) -> Forgotten:
        """Erase one scope, and the records of what the provider keeps of it."""
        erased = await self._erase(scope)
        return erased + await self._forget_kept(scope.tenant, lambda kept: kept.scope == scope)

    async def forget_all(self, tenant: str, user: str = "") -> Forgotten:
        """Erase all scopes of a tenant, or of one of its users, and the records of what the provider keeps of them."""
        erased = await self._total(self.scopes(tenant, user), self._erase)
        return erased + await self._forget_kept(tenant, lambda kept: user in {"", kept.scope.user, kept.owner})

    async def forget_value(self, tenant: str, value: str, progress: Progress = unheard) -> Forgotten:
        """Erase a value and what else names the same identity, in every scope of a tenant. Its tokens stay used up."""
        return await self._total(self.scopes(tenant), lambda scope: self._bury(scope, value), progress)

    async def values(self, scope: Scope, tokens: Sequence[str]) -> dict[str, str]:
        """Give the values of a scope's tokens. Only access.py may call this: it asks for a role and a reason."""
        snapshot = await self._store.pick(scope.key, tokens, use=False)
        keys = await self._deks.unlock(scope, snapshot) if snapshot else None
        return opened(keys, snapshot.records) if snapshot and keys else {}

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

    async def _of_each(
        self, scopes: AsyncIterator[Scope], act: Callable[[Scope], Coroutine[Any, Any, T]], progress: Progress = unheard
    ) -> AsyncIterator[T]:
        """Act on each scope, some of them at a time, and give what came of it."""
        batch: list[Scope] = []
        done = 0
        async for scope in scopes:
            batch.append(scope)
            if len(batch) == AT_ONCE:
                for result in await _together([act(each) for each in batch]):
                    yield result
                done += len(batch)
                progress(done)
                batch.clear()
        for result in await _together([act(each) for each in batch]):
            yield result
        progress(done + len(batch))

    async def _total(
        self,
        scopes: AsyncIterator[Scope],
        erase: Callable[[Scope], Coroutine[Any, Any, Forgotten]],
        progress: Progress = unheard,
    ) -> Forgotten:
        total = Forgotten()
        async for forgotten in self._of_each(scopes, erase, progress):
            total += forgotten
        return total

    async def _appears(self, scope: Scope, value: str) -> Appearance | None:
        records = await self._search.records(scope, value)
        times = [created_of(record) for record in records.values()]
        return Appearance(scope, tuple(sorted(records, key=parse)), min(times), max(times)) if records else None

    async def _bury(self, scope: Scope, value: str) -> Forgotten:
        values = await self._search.bury(scope, value)
        return Forgotten(1, values) if values else Forgotten()
