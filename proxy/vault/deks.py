"""Scopes' data-encryption keys: how they are born, where they are kept, how they die.

Each incarnation of a scope has a DEK of its own, kept wrapped: in the scope's own record, or in a place apart. Kept
apart, in a store that is not backed up, destroying a DEK makes every backup of the records unreadable at once; in the
record, backups fade only when the key they were wrapped under is destroyed (`deckname keys`).
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from keys.derive import KEY_BYTES
from keys.envelope import Wrapper
from keys.errors import KeyDestroyed, KeysError, WrapperUnavailable
from keys.ring import Entropy
from keys.seal import associated
from keys.secret import Secret
from proxy.scope import Scope
from proxy.vault.protocol import VaultUnavailable
from proxy.vault.record import INCARNATION_BYTES, ScopeKeys
from proxy.vault.store import Draft, Snapshot, Store

APART: Final = b"\x00apart"  # stands in a record whose DEK is kept elsewhere


@dataclass(frozen=True, slots=True)
class Newborn:
    """A scope's incarnation that is not stored yet; `dek` is what its record will hold."""

    incarnation: bytes
    keys: ScopeKeys
    dek: bytes


@dataclass(frozen=True, slots=True)
class Rewrapping:
    """How far rewrapping has come: DEKs seen, moved, and stuck because the key over them is not in the ring."""

    seen: int = 0
    moved: int = 0
    stuck: int = 0


class Deks:
    """The DEKs of all scopes: wrapped by `wrapper`, in their scopes' records unless there is a place `apart`."""

    def __init__(self, wrapper: Wrapper, entropy: Entropy, apart: Store | None = None) -> None:
        self._wrapper = wrapper
        self._entropy = entropy
        self._apart = apart

    def generation(self) -> object:
        """Give what compares unequal after the keys changed."""
        return self._wrapper.generation()

    async def bear(self, scope: Scope) -> Newborn:
        """Make a DEK for a new incarnation of a scope and keep it. Raises VaultUnavailable."""
        incarnation = self._entropy(INCARNATION_BYTES)
        dek = Secret(self._entropy(KEY_BYTES))
        try:
            wrapped = await self._wrapper.wrap(dek, _context(scope, incarnation))
        except KeysError as error:
            raise VaultUnavailable(f"no key to wrap a scope's key with: {error}") from None
        if self._apart is not None:
            await self._apart.commit(_place(scope, incarnation), Draft(incarnation, wrapped, 0, ()))
            wrapped = APART
        return Newborn(incarnation, ScopeKeys.of(scope, incarnation, dek), wrapped)

    async def unlock(self, scope: Scope, snapshot: Snapshot) -> ScopeKeys | None:
        """Give the keys of a stored scope; None where its DEK, or the key over it, was destroyed: then it is erased."""
        wrapped = await self._wrapped(scope, snapshot)
        if wrapped is None:
            return None
        try:
            dek = await self._wrapper.unwrap(wrapped, _context(scope, snapshot.incarnation))
        except KeyDestroyed:
            return None
        except KeysError as error:
            raise VaultUnavailable(f"the key of a scope cannot be unwrapped: {error}") from None
        return ScopeKeys.of(scope, snapshot.incarnation, dek)

    async def destroy(self, scope: Scope, incarnation: bytes) -> None:
        """Destroy the DEK that is kept apart; one in its scope's record goes with the record."""
        if self._apart is not None:
            await self._apart.remove(_place(scope, incarnation))

    async def erase(self, records: Store, scope: Scope) -> int | None:
        """Erase a scope, its DEK first; gives the number of values it held, None where there is no such scope."""
        snapshot = await records.pick(scope.key, (), use=False)
        if snapshot is None:
            return None
        await self.destroy(scope, snapshot.incarnation)
        return await records.remove(scope.key)

    async def ready(self) -> None:
        """Make sure that a DEK can be wrapped, unwrapped and kept."""
        if self._apart is not None:
            await self._apart.ready()
        try:
            await self._wrapper.unwrap(await self._wrapper.wrap(Secret(bytes(KEY_BYTES)), b"ready"), b"ready")
        except KeysError as error:
            raise VaultUnavailable(f"the key ring cannot be used: {error}") from None

    async def rewrap(self, records: Store, progress: Callable[[Rewrapping], None]) -> Rewrapping:
        """Move every DEK under the newest key; safe to break off and to repeat, and while requests are served.

        `progress` hears after each DEK how far it has come. What is stuck stays as it is.
        """
        store = self._apart or records
        so_far = Rewrapping()
        async for key in every(store, ""):
            moved = await self._rewrapped(store, key)
            so_far = Rewrapping(so_far.seen + 1, so_far.moved + (moved is True), so_far.stuck + (moved is None))
            progress(so_far)
        return so_far

    async def _rewrapped(self, store: Store, key: str) -> bool | None:
        """Move one DEK; False where it need not move, None where it cannot."""
        scope = Scope.from_key(key if self._apart is None else key.rpartition(".")[0])
        while (snapshot := await store.pick(key, (), use=False)) is not None:
            try:
                if await self._wrapper.current(snapshot.dek):
                    return False
                context = _context(scope, snapshot.incarnation)
                wrapped = await self._wrapper.wrap(await self._wrapper.unwrap(snapshot.dek, context), context)
            except WrapperUnavailable as error:
                raise VaultUnavailable(f"rewrapping broke off: {error}") from None
            except KeysError:
                return None
            if await store.replace_dek(key, snapshot.incarnation, snapshot.dek, wrapped):
                return True
        return False

    async def wrapped_under(self, records: Store, uses: Callable[[bytes], bool]) -> int:
        """Count the DEKs whose wrapped form satisfies `uses`, such as: names this key."""
        store = self._apart or records
        count = 0
        async for key in every(store, ""):
            snapshot = await store.pick(key, (), use=False)
            count += snapshot is not None and uses(snapshot.dek)
        return count

    async def close(self) -> None:
        """Let go of the place apart and of the wrapper."""
        await self._wrapper.close()
        if self._apart is not None:
            await self._apart.close()

    async def _wrapped(self, scope: Scope, snapshot: Snapshot) -> bytes | None:
        if snapshot.dek != APART:
            return snapshot.dek
        if self._apart is None:
            raise VaultUnavailable("the keys of scopes are kept in a place apart, which is not configured")
        kept = await self._apart.read(_place(scope, snapshot.incarnation))
        return kept.dek if kept else None


async def every(store: Store, prefix: str) -> AsyncIterator[str]:
    """Give each key under a prefix once.

    Passes are repeated until one finds nothing new, because a scan may miss what moves between the nodes of a cluster.
    """
    seen: set[str] = set()
    found = True
    while found:
        found = False
        async for key in store.scan(prefix):
            if key not in seen:
                seen.add(key)
                found = True
                yield key


def _context(scope: Scope, incarnation: bytes) -> bytes:
    return associated(b"dek", scope.tenant.encode(), scope.key.encode(), incarnation)


def _place(scope: Scope, incarnation: bytes) -> str:
    return f"{scope.key}.{incarnation.hex()}"
