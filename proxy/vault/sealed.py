"""The vault: plans tokens, seals values under the scope's own key, and leaves only ciphertext to a store.

A scope's DEK is born with the scope, travels wrapped (keys/envelope.py), and dies with it. Tokens must be known
before sealing, because records are bound to them; so they are planned on the last picture of the scope, and the
store commits only if the picture still holds. A lost answer is harmless: the next attempt finds its own rows.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final
from weakref import WeakValueDictionary

from keys.errors import KeysError
from keys.ring import Entropy
from keys.seal import NONCE_BYTES
from proxy.scope import Scope
from proxy.token import parse
from proxy.vault import record
from proxy.vault.deks import Deks
from proxy.vault.heads import Head, Heads
from proxy.vault.plan import Picture, Planned, plan
from proxy.vault.protocol import Claim, Entry, VaultUnavailable
from proxy.vault.store import Draft, Row, Snapshot, Store

ATTEMPTS: Final = 200  # each failed one means that another writer got through
DERIVED_KNOWN: Final = 10_000  # values of a tenant's whole scope that are still looked for in every text


class SealedVault:
    """The Vault over any Store. `clock` gives seconds since 1970, `entropy` random bytes."""

    def __init__(self, store: Store, deks: Deks, *, entropy: Entropy, clock: Callable[[], float]) -> None:
        self._store = store
        self._deks = deks
        self._entropy = entropy
        self._clock = clock
        self._heads = Heads()
        self._writers: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def allocate(self, scope: Scope, claims: Sequence[Claim]) -> list[str]:
        """Give one token per claim, in order, in one round trip unless another process wrote meanwhile."""
        if not claims:
            return []
        async with self._writers.setdefault(scope.key, asyncio.Lock()):
            head = self._last(scope) or await self._newborn(scope)
            for _ in range(ATTEMPTS):
                derive = head.keys.derived_number if scope.derived else None
                planned = plan(claims, head.picture, head.keys.digest, derive)
                outcome = await self._store.commit(scope.key, self._draft(scope, head, claims, planned))
                if outcome.committed:
                    self._committed(scope, head, planned)
                    return [each.token for each in planned]
                head = await self._seen(scope, head, outcome.snapshot)
        raise VaultUnavailable("too many writers in one scope")

    async def known(self, scope: Scope, seen: Sequence[tuple[str, str]] = ()) -> list[Entry]:
        """Give all that this scope has tokenised, ordered by kind and number.

        While the store says that the scope is as it was last seen here, only what is not among ``seen`` is fetched and
        opened: a chat resends what it said, so its turn costs what is new in it. A tenant's whole scope grows without
        end, and its tokens need no look-up; beyond DERIVED_KNOWN it gives nothing.
        """
        if seen and not scope.derived and (given := await self._but_for(scope, seen)) is not None:
            return given
        snapshot = await self._store.read(scope.key, at_most=DERIVED_KNOWN if scope.derived else None)
        if snapshot is None:
            return []
        keys = await self._unlocked(scope, snapshot)
        if keys is None:
            return []
        head = Head(snapshot.incarnation, keys, snapshot.revision, _picture(scope, snapshot))
        self._heads.remember(scope.key, head)
        return entries(keys, snapshot)

    async def restore(self, scope: Scope, tokens: Sequence[str]) -> dict[str, str]:
        """Give the values of the tokens that this scope issued."""
        if not tokens:
            return {}
        snapshot = await self._store.pick(scope.key, list(dict.fromkeys(tokens)))
        keys = await self._unlocked(scope, snapshot) if snapshot else None
        return opened(keys, snapshot.records) if snapshot and keys else {}

    async def life(self, scope: Scope) -> str:
        """Name the life that this scope is in, or nothing where it is not, or its key was destroyed."""
        snapshot = await self._store.pick(scope.key, ())
        keys = await self._unlocked(scope, snapshot) if snapshot else None
        return snapshot.life if snapshot and keys else ""

    async def forget(self, scope: Scope) -> int:
        """Erase the scope: its DEK first, wherever that is kept, then its records."""
        async with self._writers.setdefault(scope.key, asyncio.Lock()):
            self._heads.drop(scope.key)
            return await self._deks.erase(self._store, scope) or 0

    async def ready(self) -> None:
        """Ask the store, and make sure that a DEK can be wrapped and unwrapped."""
        await self._store.ready()
        await self._deks.ready()

    async def close(self) -> None:
        """Forget all keys and pictures and let go of the stores."""
        self._heads.clear()
        await self._store.close()
        await self._deks.close()

    async def _but_for(self, scope: Scope, seen: Sequence[tuple[str, str]]) -> list[Entry] | None:
        """Give what is known by fetching only what was not ``seen``; None where the scope is not as it was last."""
        head = self._last(scope)
        if head is None:
            return None
        values = {
            token: value
            for (_, value), digest in head.keys.digests(seen).items()
            if (token := head.picture.index.get(digest)) is not None
        }
        snapshot = await self._store.pick(scope.key, sorted(head.picture.taken - values.keys()))
        if snapshot is None or (snapshot.incarnation, snapshot.revision) != (head.incarnation, head.revision):
            return None
        return _entries({**values, **opened(head.keys, snapshot.records)})

    def _last(self, scope: Scope) -> Head | None:
        return self._heads.last(scope.key, self._deks.generation())

    async def _newborn(self, scope: Scope) -> Head:
        born = await self._deks.bear(scope)
        return Head(born.incarnation, born.keys, 0, Picture(), born.dek)

    async def _seen(self, scope: Scope, head: Head, snapshot: Snapshot | None) -> Head:
        """Give the head to try with next, after the store refused a draft made from `head`."""
        if head.dek and (snapshot is None or snapshot.incarnation != head.incarnation):
            await self._deks.destroy(scope, head.incarnation)  # it was never used
        if snapshot is None:
            return await self._newborn(scope)
        if snapshot.incarnation == head.incarnation and scope.derived:
            taken = head.picture.taken | snapshot.records.keys()
            return replace(head, dek=b"", picture=Picture(snapshot.index, taken))
        same = snapshot.incarnation == head.incarnation
        keys = head.keys if same else await self._unlocked(scope, snapshot)
        if keys is None:
            await self._store.remove(scope.key, snapshot.incarnation)
            return await self._newborn(scope)
        return Head(snapshot.incarnation, keys, snapshot.revision, Picture(snapshot.index, snapshot.records))

    async def _unlocked(self, scope: Scope, snapshot: Snapshot) -> record.ScopeKeys | None:
        """Give the keys of a scope, or None where the key over its DEK was destroyed: then it is erased."""
        head = self._last(scope)
        if head is not None and head.incarnation == snapshot.incarnation:
            return head.keys
        return await self._deks.unlock(scope, snapshot)

    def _draft(self, scope: Scope, head: Head, claims: Sequence[Claim], planned: Sequence[Planned]) -> Draft:
        """Seal what is new; derived rows are all sent, so that the store itself confirms those it has."""
        now = int(self._clock())
        rows = {
            each.digest: Row(each.digest, each.token, self._record(head, each.token, claim.value, now))
            for claim, each in zip(claims, planned, strict=True)
            if each.fresh or scope.derived
        }
        revision = None if scope.derived else head.revision
        return Draft(head.incarnation, head.dek, revision, tuple(rows.values()))

    def _record(self, head: Head, token: str, value: str, now: int) -> bytes:
        return record.write(head.keys, token, value, now, self._entropy(NONCE_BYTES))

    def _committed(self, scope: Scope, head: Head, planned: Iterable[Planned]) -> None:
        self._heads.drop(scope.key)  # before its picture grows
        fresh = [each for each in planned if each.fresh]
        picture = Picture() if scope.derived else head.picture
        for each in () if scope.derived else fresh:
            picture.index[each.digest] = each.token
            picture.take(each.token, each.kind, each.number)
        self._heads.remember(scope.key, Head(head.incarnation, head.keys, head.revision + bool(fresh), picture))


def entries(keys: record.ScopeKeys, snapshot: Snapshot) -> list[Entry]:
    """Open the records of a snapshot, ordered by kind and number. Raises VaultUnavailable as `opened` does."""
    return _entries(opened(keys, snapshot.records))


def _entries(values: Mapping[str, str]) -> list[Entry]:
    return [Entry(token, parse(token)[0], values[token]) for token in sorted(values, key=parse)]


def opened(keys: record.ScopeKeys, records: Mapping[str, bytes]) -> dict[str, str]:
    """Open records by their tokens, graves left out. Raises VaultUnavailable where one was tampered with."""
    try:
        values = {token: record.read(keys, token, held) for token, held in records.items()}
    except (KeysError, ValueError):
        raise VaultUnavailable("a record of the store does not belong where it lies") from None
    return {token: value for token, value in values.items() if value is not None}


def _picture(scope: Scope, snapshot: Snapshot) -> Picture:
    return Picture() if scope.derived else Picture(snapshot.index, snapshot.records)
