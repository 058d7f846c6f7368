"""Closing lets go of every connection and says nothing of trouble, whatever the store is doing."""

import asyncio
from dataclasses import replace
from pathlib import Path

from proxy.scope import Scope
from proxy.vault import Claim, VaultSettings, VaultUnavailable
from tests.servers import Server
from tests.vault.clusters import QUIET, Cluster, Tls, Watched, client, link, made, wait_until
from tests.vault.conftest import PATIENT, RingInHand, opened

ANNA = Claim("PERSON", "Anna Beispiel")
SCOPES = [Scope("t", "u", f"c{number}") for number in range(24)]  # which lie on all nodes of a cluster


def connections(*servers: Server) -> int:
    """Count the connections that vaults have to these servers."""
    return sum(each["name"] == "deckname" for server in servers for each in client(server).client_list())


async def test_a_cluster_that_lost_a_node_is_left(tmp_path: Path, ring: RingInHand) -> None:
    cluster = Cluster.start(tmp_path)
    *others, lost = cluster.nodes
    try:
        async with opened(cluster.url, ring, PATIENT) as both:
            await asyncio.gather(*(both.vault.allocate(scope, [ANNA]) for scope in SCOPES))
            assert all(connections(node) for node in cluster.nodes)
            lost.kill()
            known = await asyncio.gather(*(both.vault.known(scope) for scope in SCOPES), return_exceptions=True)
            assert any(isinstance(answer, VaultUnavailable) for answer in known)
            assert connections(*others)
        wait_until(lambda: not connections(*others))
    finally:
        cluster.kill()


async def test_a_master_and_its_sentinels_are_left(watched: Watched, ring: RingInHand) -> None:
    servers = (watched.master, watched.replica, watched.sentinel)
    async with opened(watched.url, ring, replace(PATIENT, replicas=1)) as both:
        await both.vault.allocate(Scope("t", "u", "left"), [ANNA])
        assert connections(watched.master)
        assert connections(watched.sentinel)
    wait_until(lambda: not connections(*servers))


async def test_stores_that_hang_in_tls_are_dropped(tmp_path: Path, ring: RingInHand, tls: Tls) -> None:
    """They never say goodbye, which TLS waits for."""
    servers = [made(tmp_path / name, QUIET, tls) for name in ("records", "keys")]
    try:
        records, keys = (f"rediss://127.0.0.1:{link(server)}" for server in servers)
        settings = VaultSettings(connect=0.5, dek_url=keys, ca_file=tls.certificates.authority)
        async with opened(records, ring, settings) as both:
            await both.vault.allocate(SCOPES[0], [ANNA])
            assert [connections(server) for server in servers] == [1, 1]
            for server in servers:
                server.freeze(frozen=True)
        for server in servers:
            server.freeze(frozen=False)
        wait_until(lambda: not connections(*servers))
    finally:
        for server in servers:
            server.kill()
