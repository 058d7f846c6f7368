"""A vault whose operations are timed; it changes nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import TypeVar

from proxy.scope import Scope
from proxy.vault.protocol import Claim, Entry, Vault

T = TypeVar("T")
Record = Callable[[str, str, float], None]  # operation, "ok" or "failed", seconds


class MeasuredVault:
    """``vault``, with every operation told to ``record``."""

    def __init__(self, vault: Vault, record: Record) -> None:
        self._vault = vault
        self._record = record

    async def allocate(self, scope: Scope, claims: Sequence[Claim]) -> list[str]:
        """Give one token per claim."""
        return await self._timed("allocate", self._vault.allocate(scope, claims))

    async def known(self, scope: Scope, seen: Sequence[tuple[str, str]] = ()) -> list[Entry]:
        """Give all that this scope has tokenised so far."""
        return await self._timed("known", self._vault.known(scope, seen))

    async def restore(self, scope: Scope, tokens: Sequence[str]) -> dict[str, str]:
        """Give the values of those tokens that this very scope issued."""
        return await self._timed("restore", self._vault.restore(scope, tokens))

    async def life(self, scope: Scope) -> str:
        """Name the life that this scope is in."""
        return await self._timed("life", self._vault.life(scope))

    async def forget(self, scope: Scope) -> int:
        """Erase the scope."""
        return await self._timed("forget", self._vault.forget(scope))

    async def ready(self) -> None:
        """Return when the store can be relied on."""
        await self._timed("ready", self._vault.ready())

    async def close(self) -> None:
        """Let go of all connections."""
        await self._vault.close()

    async def _timed(self, operation: str, work: Awaitable[T]) -> T:
        began = perf_counter()
        try:
            done = await work
        except asyncio.CancelledError:  # nobody waits for it any more, which says nothing of the vault
            raise
        except BaseException:
            self._record(operation, "failed", perf_counter() - began)
            raise
        self._record(operation, "ok", perf_counter() - began)
        return done
