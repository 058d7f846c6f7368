"""Connections to Redis or Valkey: one server, a master that Sentinel knows, or a cluster, each with or without TLS.

* redis://[user:password@]host:port/db, rediss:// the same with TLS, unix:///path for a socket
* redis+sentinel://[…@]host:port,host:port/db?service=NAME   hosts are sentinels; rediss+sentinel:// with TLS
* redis+cluster://[…@]host:port,host:port       hosts are any nodes; rediss+cluster:// with TLS

No command is sent twice by the client, except in a cluster, whose redirections are followed; what the vault sends
may safely be applied twice.
"""

import asyncio
import contextlib
from collections.abc import Awaitable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from redis.asyncio import Connection, ConnectionPool, Redis, SSLConnection, UnixDomainSocketConnection
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import ConstantBackoff, NoBackoff
from redis.exceptions import RedisError

SCHEMES: Final = frozenset(
    {"redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster"}
)
_REDIS_PORT: Final = 6379
_SENTINEL_PORT: Final = 26379
_CLUSTER_RETRIES: Final = 3
_CLUSTER_PAUSE: Final = 0.05  # seconds, while a cluster elects or moves slots


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that connecting and one command may take, and the file of the authority behind TLS certificates."""

    connect: float = 1.0
    command: float = 2.0
    ca_file: Path | None = None


def connect(url: str, limits: Limits) -> Redis | RedisCluster:
    """Make a client for `url`; nothing is connected yet. Raises ValueError, which shows nothing of the URL."""
    try:
        return _client(urlsplit(url), limits)
    except (ValueError, KeyError):
        raise ValueError("the store's URL is none this program can read; see proxy/vault/connect.py") from None


async def disconnect(client: Redis | RedisCluster) -> None:
    """Close all connections of a client; one that isn't closed in time is dropped and keeps no other one open.

    redis-py itself leaves some open: those to sentinels, and all of a cluster that it was about to explore anew, as it
    is after any trouble with a node.
    """
    pool = getattr(client, "connection_pool", None)
    await _closed(client.aclose())
    if isinstance(pool, SentinelConnectionPool):
        await asyncio.gather(*(_closed(sentinel.aclose()) for sentinel in pool.sentinel_manager.sentinels))
    if isinstance(client, RedisCluster):
        nodes = client.nodes_manager
        known = chain(nodes.nodes_cache.values(), nodes.startup_nodes.values())
        await asyncio.gather(*(_closed(node.disconnect()) for node in known))


async def _closed(closing: Awaitable[None]) -> None:
    with contextlib.suppress(RedisError, OSError):
        await closing


def _client(parts: SplitResult, limits: Limits) -> Redis | RedisCluster:
    if parts.scheme not in SCHEMES:
        raise ValueError
    scheme, _, kind = parts.scheme.partition("+")
    options = _options(parts, limits, tls=scheme == "rediss")
    if kind == "cluster":
        return _cluster(parts, options)
    return _sentinel(parts, options) if kind == "sentinel" else _single(parts, options)


def _single(parts: SplitResult, options: dict[str, Any]) -> Redis:
    if parts.scheme == "unix":
        options["db"] = int(parse_qs(parts.query).get("db", ["0"])[0])
        return Redis.from_pool(
            ConnectionPool(connection_class=UnixDomainSocketConnection, path=unquote(parts.path), **options)
        )
    options["db"] = _database(parts)
    connection = SSLConnection if parts.scheme == "rediss" else Connection
    host, port = _hosts(parts, _REDIS_PORT)[0]
    return Redis.from_pool(ConnectionPool(connection_class=connection, host=host, port=port, **options))


def _sentinel(parts: SplitResult, options: dict[str, Any]) -> Redis:
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    asking = {name: value for name, value in options.items() if name not in {"username", "password"}}
    asking |= {name: query[f"sentinel_{name}"] for name in ("username", "password") if f"sentinel_{name}" in query}
    if parts.scheme == "rediss+sentinel":
        options["ssl"] = asking["ssl"] = True
    sentinel = Sentinel(_hosts(parts, _SENTINEL_PORT), sentinel_kwargs=asking)  # type: ignore[no-untyped-call]
    master: Redis = sentinel.master_for(query["service"], db=_database(parts), **options)
    return master


def _cluster(parts: SplitResult, options: dict[str, Any]) -> RedisCluster:
    options["retry"] = Retry(ConstantBackoff(_CLUSTER_PAUSE), _CLUSTER_RETRIES)
    options["reinitialize_steps"] = 0  # otherwise every fifth redirection closes the connections others are using
    nodes = [ClusterNode(host, port) for host, port in _hosts(parts, _REDIS_PORT)]
    return RedisCluster(startup_nodes=nodes, ssl=parts.scheme == "rediss+cluster", **options)


def _options(parts: SplitResult, limits: Limits, *, tls: bool) -> dict[str, Any]:
    options: dict[str, Any] = {
        "socket_connect_timeout": limits.connect,
        "socket_timeout": limits.command,
        "retry": Retry(NoBackoff(), 0),
        "client_name": "deckname",
    }
    user, separator, password = parts.netloc.rpartition("@")[0].partition(":")
    if user:
        options["username"] = unquote(user)
    if separator:
        options["password"] = unquote(password)
    if tls and limits.ca_file:
        options["ssl_ca_certs"] = str(limits.ca_file)
    return options


def _hosts(parts: SplitResult, default: int) -> list[tuple[str, int]]:
    hosts = [urlsplit(f"//{host}") for host in parts.netloc.rpartition("@")[2].split(",")]
    return [(host.hostname or "127.0.0.1", host.port or default) for host in hosts]


def _database(parts: SplitResult) -> int:
    return int(parts.path.strip("/") or 0)
