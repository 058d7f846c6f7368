"""The vault: what makes tokens reversible, sealed, on any of several stores. `open_vault` is the way in."""

import secrets
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from redis.asyncio.cluster import RedisCluster

from keys.envelope import RingWrapper, Wrapper
from keys.sources import KeySource
from proxy.vault.connect import Limits, connect
from proxy.vault.custody import Custody
from proxy.vault.deks import Deks
from proxy.vault.memory import MemoryStore
from proxy.vault.protocol import Claim, Entry, Vault, VaultUnavailable
from proxy.vault.redis import PREFIX, ClusterStore, RedisStore, Terms
from proxy.vault.sealed import SealedVault
from proxy.vault.store import Store

__all__ = [
    "Claim",
    "Custody",
    "Entry",
    "Opened",
    "Vault",
    "VaultSettings",
    "VaultUnavailable",
    "open_both",
    "open_store",
    "open_vault",
]

HOUR = 3600
DAY = 24 * HOUR
DEK_PREFIX = "deckname-dek:"


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """Limits of a vault. A scope unused for `idle` seconds or older than `maximum` expires.

    `connect` and `command` are seconds; `connections` bounds the commands under way at once. `replicas` is how many
    replicas must hold a mapping before it counts as allocated, so that a failover cannot lose it. `unsaved` says what
    is done about a store that saves nothing (see Terms in redis.py). `dek_url` is a store apart for the scopes' keys,
    one that is not backed up; without it they lie in the scopes' records.
    """

    idle: int = 30 * DAY
    maximum: int = 180 * DAY
    connect: float = 1.0
    command: float = 2.0
    connections: int = 64
    replicas: int = 0
    unsaved: str = "warn"
    ca_file: Path | None = None
    dek_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A vault for requests, and for its operator the custody over the same store."""

    vault: SealedVault
    custody: Custody


def open_vault(
    url: str, keys: KeySource, settings: VaultSettings | None = None, *, wrapper: Wrapper | None = None
) -> SealedVault:
    """Open the vault on the store at `url`, its DEKs wrapped by the ring of `keys` unless another wrapper is given.

    Nothing is connected yet; the first use or `ready` does that.
    """
    return open_both(url, keys, settings, wrapper=wrapper).vault


def open_both(
    url: str, keys: KeySource, settings: VaultSettings | None = None, *, wrapper: Wrapper | None = None
) -> Opened:
    """Open vault and custody together; closing the vault closes both."""
    settings = settings or VaultSettings()
    entropy = secrets.token_bytes
    store = open_store(url, settings)
    apart = None
    if settings.dek_url:
        lifetime = settings.maximum + HOUR  # a DEK outlives the records it opens
        apart = open_store(settings.dek_url, replace(settings, idle=lifetime, maximum=lifetime), prefix=DEK_PREFIX)
    deks = Deks(wrapper or RingWrapper(keys.current, entropy), entropy, apart)
    vault = SealedVault(store, deks, entropy=entropy, clock=time.time)
    return Opened(vault, Custody(store, deks, entropy=entropy))


def open_store(url: str, settings: VaultSettings, *, prefix: str = PREFIX) -> Store:
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
        confirming=settings.command / 2,
        unsaved=settings.unsaved,
    )
    kind = ClusterStore if isinstance(client, RedisCluster) else RedisStore
    return kind(client, terms, prefix=prefix)
