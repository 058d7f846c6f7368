"""The vault: what makes tokens reversible, sealed, on any of several stores. `open_vault` is the way in."""

import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio.cluster import RedisCluster

from keys.envelope import RingWrapper, Wrapper
from keys.sources import KeySource
from proxy.vault.connect import Limits, connect
from proxy.vault.memory import MemoryStore
from proxy.vault.protocol import Claim, Entry, Vault, VaultUnavailable
from proxy.vault.redis import ClusterStore, RedisStore, Terms
from proxy.vault.sealed import SealedVault
from proxy.vault.store import Store

__all__ = ["Claim", "Entry", "Vault", "VaultSettings", "VaultUnavailable", "open_store", "open_vault"]

DAY = 86_400


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """Limits of a vault. A scope unused for `idle` seconds or older than `maximum` expires.

    `connect` and `command` are seconds; `connections` bounds the commands under way at once. `replicas` is how many
    replicas must hold a mapping before it counts as allocated, so that a failover cannot lose it.
    """

    idle: int = 30 * DAY
    maximum: int = 180 * DAY
    connect: float = 1.0
    command: float = 2.0
    connections: int = 64
    replicas: int = 0
    ca_file: Path | None = None


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
    """Make the store for `memory:` or a URL that connect.py knows; raises ValueError for anything else."""
    if url.startswith("memory:"):
        return MemoryStore(idle=settings.idle, maximum=settings.maximum, clock=time.time)
    client = connect(url, Limits(settings.connect, settings.command, settings.ca_file))
    terms = Terms(
        idle=settings.idle,
        maximum=settings.maximum,
        seconds=settings.connect + settings.command,
        at_once=settings.connections,
        replicas=settings.replicas,
    )
    return ClusterStore(client, terms) if isinstance(client, RedisCluster) else RedisStore(client, terms)
