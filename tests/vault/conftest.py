"""Stores of every kind the vault runs on, and a vault over each. Servers start once a session, when first asked for."""

import gc
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from keys.ring import KeyRing
from keys.sources import Change, KeySource
from proxy.scope import Scope
from proxy.vault import Opened, VaultSettings, open_both
from proxy.vault.sealed import SealedVault
from tests.servers import Server
from tests.vault.clusters import QUIET, Cluster, Tls, Watched, link, made
from tests.vault.tls import Certificates, TlsRelay, make_certificates

PASSWORD = "correct horse/battery:staple@1"
QUOTED = "correct%20horse%2Fbattery%3Astaple%401"
PATIENT = VaultSettings(connect=10, command=10)  # a busy machine is no trouble of the store's


class RingInHand:
    """A key source for tests: a ring that is changed in place."""

    def __init__(self) -> None:
        self.ring = KeyRing.generate(secrets.token_bytes, 0)

    def current(self) -> KeyRing:
        return self.ring

    def change(self, change: Change) -> KeyRing:
        self.ring = change(self.ring)
        return self.ring


@dataclass(frozen=True)
class Place:
    """Where a vault's store is, and how it is to be used."""

    url: str
    settings: VaultSettings = PATIENT


@asynccontextmanager
async def opened(url: str, keys: KeySource, settings: VaultSettings = PATIENT) -> AsyncIterator[Opened]:
    """Open a vault and its custody, and close them however the test ends."""
    both = open_both(url, keys, settings)
    try:
        yield both
    finally:
        await both.vault.close()


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left_open() -> Iterator[None]:
    """Hear of connections that tests left open here, and not in whichever test the collector comes across them."""
    yield
    gc.collect()


@pytest.fixture
def ring() -> RingInHand:
    return RingInHand()


@pytest.fixture
def scope() -> Scope:
    return Scope(secrets.token_hex(8), "u1", "c1")


@pytest.fixture(scope="session")
def memory() -> Place:
    return Place("memory:")


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("valkey"), QUIET) as server:
        yield server


@pytest.fixture(scope="session")
def valkey(valkey_server: Server) -> Place:
    return Place(valkey_server.url)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def valkey_tls(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Iterator[Place]:
    """Valkey with a password behind a TLS relay, as managed services run it."""
    options = (*QUIET, "--requirepass", PASSWORD)
    with Server(tmp_path_factory.mktemp("tls"), options) as server, TlsRelay(certificates, server.port) as relay:
        yield Place(f"rediss://:{QUOTED}@127.0.0.1:{relay.port}/1", replace(PATIENT, ca_file=certificates.authority))


@pytest.fixture(scope="session")
def tls(certificates: Certificates) -> Tls:
    """Redis itself, where this machine has it: no package of the registry brings version 7 with a free licence."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("no redis-server on this machine (Debian: apt-get install redis-server)")
    return Tls(Path(binary), certificates)


@pytest.fixture(scope="session")
def redis_tls(tmp_path_factory: pytest.TempPathFactory, tls: Tls) -> Iterator[Place]:
    """Redis itself with a user, a password and its own TLS."""
    server = made(tmp_path_factory.mktemp("redis"), (*QUIET, "--requirepass", PASSWORD), tls)
    url = f"rediss://default:{QUOTED}@127.0.0.1:{link(server)}/0"
    yield Place(url, replace(PATIENT, ca_file=tls.certificates.authority))
    server.kill()


@pytest.fixture(scope="session")
def cluster_tls(tmp_path_factory: pytest.TempPathFactory, tls: Tls) -> Iterator[Place]:
    servers = Cluster.start(tmp_path_factory.mktemp("cluster_tls"), tls=tls)
    yield Place(servers.url, replace(PATIENT, ca_file=tls.certificates.authority))
    servers.kill()


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    servers = Watched.start(tmp_path_factory.mktemp("sentinel"))
    yield servers
    servers.kill()


@pytest.fixture(scope="session")
def sentinel(watched: Watched) -> Place:
    return Place(watched.url, replace(PATIENT, replicas=1))


@pytest.fixture(scope="session")
def slots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    servers = Cluster.start(tmp_path_factory.mktemp("cluster"))
    yield servers
    servers.kill()


@pytest.fixture(scope="session")
def cluster(slots: Cluster) -> Place:
    return Place(slots.url)


@pytest.fixture(scope="session")
def cluster_confirmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    servers = Cluster.start_with_replica(tmp_path_factory.mktemp("confirmed"))
    yield Place(servers.url, replace(PATIENT, replicas=1))
    servers.kill()


KINDS = ("memory", "valkey", "valkey_tls", "redis_tls", "sentinel", "cluster", "cluster_confirmed", "cluster_tls")


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture
async def vault(place: Place, ring: RingInHand) -> AsyncIterator[SealedVault]:
    async with opened(place.url, ring, place.settings) as both:
        yield both.vault
