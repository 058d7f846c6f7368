"""The vault: what makes tokens reversible, sealed, on any of several stores. `open_vault` is the way in."""

import secrets
import time
from dataclasses import dataclass

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from keys.envelope import RingWrapper, Wrapper
from keys.sources import KeySource
from proxy.vault.memory import MemoryStore
from proxy.vault.protocol import Claim, Entry, Vault, VaultUnavailable
from proxy.vault.redis import RedisStore
from proxy.vault.sealed import SealedVault
from proxy.vault.store import Store

__all__ = ["Claim", "Entry", "Vault", "VaultSettings", "VaultUnavailable", "open_store", "open_vault"]

DAY = 86_400


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """Limits of a vault, in seconds: a scope unused for `idle` or older than `maximum` expires."""

    idle: int = 30 * DAY
    maximum: int = 180 * DAY
    connect: float = 1.0
    command: float = 2.0
    connections: int = 64


def open_vault(
    url: str, keys: KeySource, settings: VaultSettings | None = None, *, wrapper: Wrapper | None = None
) -> SealedVault:
    """Open the vault on the store at `url`, its DEKs wrapped by the ring of `keys` unless another wrapper is given.

    Nothing is connected yet; the first use or `ready` does that.
    """
    entropy = secrets.token_bytes
    store = open_store(url, settings or VaultSettings())
    return SealedVault(store, wrapper or RingWrapper(keys.current, entropy), entropy=entropy, clock=time.time)


def open_store(url: str, settings: VaultSettings) -> Store:
    """Make the store for `memory:`, `redis://`, `rediss://` or `unix://`; raises ValueError for anything else."""
    if url.startswith("memory:"):
        return MemoryStore(idle=settings.idle, maximum=settings.maximum, clock=time.time)
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("the store's URL begins with redis://, rediss://, unix:// or memory:")
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=settings.connections,
        timeout=settings.connect,
        socket_connect_timeout=settings.connect,
        socket_timeout=settings.command,
        retry=Retry(NoBackoff(), 0),
        client_name="deckname",
    )
    seconds = settings.connect + settings.command
    return RedisStore(Redis.from_pool(pool), idle=settings.idle, maximum=settings.maximum, seconds=seconds)
