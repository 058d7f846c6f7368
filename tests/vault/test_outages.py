"""Stores that hang, are gone, killed, failing over or resharded: refused in time, back by themselves, nothing lost."""

import asyncio
import contextlib
import os
import secrets
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import redis.asyncio

from keys.sources import KeySource
from proxy.scope import Scope
from proxy.store import EmbeddedStore
from proxy.vault import Claim, VaultSettings, VaultUnavailable, open_vault
from proxy.vault.connect import Limits, connect
from proxy.vault.sealed import SealedVault
from tests.servers import Server, free_port
from tests.vault.clusters import QUIET, Cluster, Tls, Watched, client, wait_until
from tests.vault.conftest import PATIENT, QUOTED, Place, RingInHand
from tests.vault.tls import Certificates, make_certificates

ANNA = Claim("PERSON", "Anna Beispiel")
HASTY = VaultSettings(connect=0.5, command=1)
DURABLE = ("--save", "", "--appendonly", "yes", "--appendfsync", "always")


@contextlib.asynccontextmanager
async def opened(url: str, keys: KeySource, settings: VaultSettings = PATIENT) -> AsyncIterator[SealedVault]:
    vault = open_vault(url, keys, settings)
    try:
        yield vault
    finally:
        await vault.close()


class Load:
    """Writers that keep allocating, and remember what was acknowledged."""

    def __init__(self, vault: SealedVault) -> None:
        self.vault = vault
        tenant = secrets.token_hex(8)
        self.scopes = [Scope(tenant, "u", f"c{n}") for n in range(6)] + [Scope(tenant)]
        self.acknowledged: dict[Scope, dict[str, str]] = {scope: {} for scope in self.scopes}
        self.refusals: list[str] = []

    def keep_to(self, wanted: Callable[[Scope], bool]) -> None:
        """Write to scopes that are `wanted`, and to no others."""
        tenant = secrets.token_hex(8)
        found = (scope for n in range(200) if wanted(scope := Scope(tenant, "u", f"c{n}")))
        self.scopes = list(islice(found, 6))
        self.acknowledged = {scope: {} for scope in self.scopes}

    async def during(self, trouble: Callable[[], None], *, before: int = 60, after: int = 60) -> None:
        """Keep writing while `trouble` happens in a thread; it counts as over when writing works again."""
        async with asyncio.TaskGroup() as group:
            writers = [group.create_task(self._write(scope, n)) for n in range(2) for scope in self.scopes]
            await self._grows(before)
            await asyncio.to_thread(trouble)
            await self._grows(after)
            for writer in writers:
                writer.cancel()

    async def assert_nothing_lost(self, vault: SealedVault) -> None:
        for scope, given in self.acknowledged.items():
            assert len(set(given.values())) == len(given)
            assert await vault.restore(scope, list(given.values())) == {token: v for v, token in given.items()}
            assert await vault.allocate(scope, [Claim("PERSON", value) for value in given]) == list(given.values())

    async def _grows(self, by: int) -> None:
        goal = sum(map(len, self.acknowledged.values())) + by
        while sum(map(len, self.acknowledged.values())) < goal:  # noqa: ASYNC110 - every writer would have to signal
            await asyncio.sleep(0.005)

    async def _write(self, scope: Scope, writer: int) -> None:
        step = 0
        while True:
            values = [f"Person {step // 2} of {writer}", f"Person {step} of both"]
            try:
                tokens = await self.vault.allocate(scope, [Claim("PERSON", value) for value in values])
            except VaultUnavailable as refusal:
                self.refusals.append(str(refusal))
                await asyncio.sleep(0.02)
                continue
            for value, token in zip(values, tokens, strict=True):
                assert self.acknowledged[scope].setdefault(value, token) == token
            step += 1


async def test_it_is_not_ready_while_the_store_may_evict(tmp_path: Path, ring: RingInHand) -> None:
    with Server(tmp_path, (*QUIET, "--maxmemory-policy", "allkeys-lru")) as server:
        async with opened(server.url, ring) as vault:
            with pytest.raises(VaultUnavailable, match="noeviction"):
                await vault.ready()
            client(server).config_set("maxmemory-policy", "noeviction")
            await vault.ready()


async def test_a_store_that_saves_nothing_is_warned_of_refused_or_accepted(
    tmp_path: Path, ring: RingInHand, caplog: pytest.LogCaptureFixture
) -> None:
    with Server(tmp_path, QUIET) as server:
        async with opened(server.url, ring, VaultSettings(unsaved="refuse")) as vault:
            with pytest.raises(VaultUnavailable, match="appendonly"):
                await vault.ready()
        for accepted in (VaultSettings(unsaved="accept"), VaultSettings(replicas=1)):
            async with opened(server.url, ring, accepted) as vault:
                await vault.ready()
        assert not caplog.records
        async with opened(server.url, ring, VaultSettings()) as vault:
            for _ in range(3):
                await vault.ready()
            assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
                "The store keeps no append-only file"
            ]
        client(server).config_set("appendonly", "yes")
        async with opened(server.url, ring, VaultSettings(unsaved="refuse")) as vault:
            await vault.ready()


async def test_a_store_that_hides_its_configuration_is_trusted(tmp_path: Path, ring: RingInHand) -> None:
    """As managed services do; who runs it vouches for it."""
    with Server(tmp_path, (*QUIET, "--rename-command", "CONFIG", "")) as server:
        async with opened(server.url, ring, VaultSettings(unsaved="refuse")) as vault:
            await vault.ready()


async def test_no_node_of_a_cluster_may_evict(slots: Cluster, ring: RingInHand) -> None:
    async with opened(slots.url, ring) as vault:
        await vault.ready()
        client(slots.nodes[2]).config_set("maxmemory-policy", "volatile-ttl")
        with pytest.raises(VaultUnavailable, match="noeviction"):
            await vault.ready()
        client(slots.nodes[2]).config_set("maxmemory-policy", "noeviction")


async def test_a_store_that_was_gone_serves_again_without_a_restart(
    tmp_path: Path, ring: RingInHand, scope: Scope
) -> None:
    server = Server(tmp_path, DURABLE)
    async with opened(server.url, ring) as vault:
        for attempt in (vault.ready, lambda: vault.known(scope), lambda: vault.allocate(scope, [ANNA])):
            with pytest.raises(VaultUnavailable):
                await attempt()
        for _ in range(2):
            with server:
                await vault.ready()
                assert await vault.allocate(scope, [ANNA]) == ["[PERSON_1]"]
            with pytest.raises(VaultUnavailable):
                await vault.restore(scope, ["[PERSON_1]"])


async def test_a_store_that_hangs_is_given_up_on_and_taken_up_again(
    tmp_path: Path, ring: RingInHand, scope: Scope
) -> None:
    with Server(tmp_path, QUIET) as server:
        async with opened(server.url, ring, HASTY) as vault:
            await vault.allocate(scope, [ANNA])
            server.freeze(frozen=True)
            async with asyncio.timeout(60):  # patience is 1.5 s; this only keeps a failure from hanging
                for attempt in (vault.ready(), vault.known(scope), vault.allocate(scope, [ANNA]), vault.forget(scope)):
                    with pytest.raises(VaultUnavailable):
                        await attempt
            server.freeze(frozen=False)
            await vault.ready()
            assert await vault.allocate(scope, [ANNA, Claim("PERSON", "Bert Muster")]) == ["[PERSON_1]", "[PERSON_2]"]


async def test_a_full_store_refuses_and_says_nothing_else(tmp_path: Path, ring: RingInHand, scope: Scope) -> None:
    with Server(tmp_path, (*QUIET, "--maxmemory", "1", "--maxmemory-policy", "noeviction")) as server:
        async with opened(server.url, ring) as vault:
            with pytest.raises(VaultUnavailable) as refused:
                await vault.allocate(scope, [ANNA])
            assert ANNA.value not in str(refused.value)
            assert refused.value.__cause__ is None


async def test_many_more_requests_than_connections_are_served(valkey: Place, ring: RingInHand) -> None:
    async with opened(valkey.url, ring, replace(PATIENT, connections=2)) as vault:
        scopes = [Scope(secrets.token_hex(8), "u", "c") for _ in range(100)]
        answers = await asyncio.gather(*(vault.allocate(scope, [ANNA]) for scope in scopes))
        assert answers == [["[PERSON_1]"]] * 100


async def test_a_cancelled_request_harms_nobody(valkey: Place, ring: RingInHand, scope: Scope) -> None:
    async with opened(valkey.url, ring, replace(PATIENT, connections=1)) as vault:
        for delay in range(12):
            task = asyncio.create_task(vault.allocate(scope, [Claim("PERSON", f"Person {delay}")]))
            for _ in range(delay):
                await asyncio.sleep(0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        tokens = await vault.allocate(scope, [Claim("PERSON", f"Person {n}") for n in range(12)])
        assert len(set(tokens)) == 12
        assert {entry.token for entry in await vault.known(scope)} == set(tokens)


@pytest.mark.parametrize("secret", ["wrong", "", QUOTED[:-1]])
async def test_a_wrong_password_and_a_strange_certificate_are_trouble(
    valkey_tls: Place, ring: RingInHand, tmp_path: Path, secret: str
) -> None:
    port = valkey_tls.url.rpartition(":")[2]
    async with opened(f"rediss://:{secret}@127.0.0.1:{port}", ring, valkey_tls.settings) as vault:
        with pytest.raises(VaultUnavailable) as refused:
            await vault.ready()
        assert not secret or secret not in str(refused.value)
    strange = replace(valkey_tls.settings, ca_file=make_certificates(tmp_path).authority)
    async with opened(valkey_tls.url, ring, strange) as vault:
        with pytest.raises(VaultUnavailable):
            await vault.ready()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1", "redis+sentinel://127.0.0.1/0", "redis://127.0.0.1:secret", "redis://h/not-a-number", "", "x"],
)
def test_a_url_that_means_nothing_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(ValueError, match="URL") as refused:
        connect(url, Limits())
    assert "secret" not in str(refused.value)


def test_urls_say_where_and_as_whom(certificates: Certificates) -> None:
    limits = Limits(ca_file=certificates.authority)
    single = connect("rediss://me:p%40ss@[::1]:7000/3", limits)
    options = single.connection_pool.connection_kwargs  # type: ignore[union-attr]
    assert {name: options[name] for name in ("host", "port", "db", "username", "password")} == {
        "host": "::1", "port": 7000, "db": 3, "username": "me", "password": "p@ss",
    }
    assert options["ssl_ca_certs"] == str(certificates.authority)
    socket = connect("unix:///run/a%20b.sock?db=2", limits).connection_pool.connection_kwargs  # type: ignore[union-attr]
    assert (socket["path"], socket["db"]) == ("/run/a b.sock", 2)


async def test_a_store_on_a_socket(tmp_path: Path, ring: RingInHand, scope: Scope) -> None:
    with Server(tmp_path, (*QUIET, "--unixsocket", "s.sock")):
        async with opened(f"unix://{tmp_path}/s.sock", ring) as vault:
            assert await vault.allocate(scope, [ANNA]) == ["[PERSON_1]"]


@pytest.mark.parametrize("rounds", [3])
async def test_kill_9_under_load_loses_nothing_acknowledged(tmp_path: Path, ring: RingInHand, rounds: int) -> None:
    with Server(tmp_path, DURABLE) as server:
        async with opened(server.url, ring) as vault:
            load = Load(vault)

            def crash() -> None:
                server.kill()
                server.start()

            for _ in range(rounds):
                await load.during(crash)
            assert load.refusals
        async with opened(server.url, ring) as fresh:
            await load.assert_nothing_lost(fresh)


async def test_kill_9_of_the_embedded_store_loses_nothing_acknowledged(tmp_path: Path, ring: RingInHand) -> None:
    store = EmbeddedStore(tmp_path)
    await store.start()
    try:
        async with opened(store.url, ring) as vault:
            load = Load(vault)

            def crash() -> None:
                killed = store.pid
                assert killed
                os.kill(killed, signal.SIGKILL)
                wait_until(lambda: store.pid not in {None, killed})

            for _ in range(5):
                await load.during(crash)
            assert load.refusals
        async with opened(store.url, ring) as fresh:
            await load.assert_nothing_lost(fresh)
        admin = redis.asyncio.Redis.from_url(store.url)
        assert await admin.config_get("appendfsync") == {"appendfsync": "always"}
        await admin.aclose()
    finally:
        await store.stop()


@pytest.mark.parametrize("encrypted", [False, True])
async def test_a_failover_loses_nothing_acknowledged(
    tmp_path: Path, ring: RingInHand, encrypted: bool, request: pytest.FixtureRequest
) -> None:
    tls: Tls | None = request.getfixturevalue("tls") if encrypted else None
    watched = Watched.start(tmp_path, tls)
    try:
        settings = replace(PATIENT, replicas=1, ca_file=tls.certificates.authority if tls else None)
        async with opened(watched.url, ring, replace(settings, connect=0.5, command=0.5)) as vault:
            load = Load(vault)

            await load.during(watched.fail_over)
            assert load.refusals
        async with opened(watched.url, ring, settings) as fresh:
            await load.assert_nothing_lost(fresh)
    finally:
        watched.kill()


@pytest.mark.timeout(240)
async def test_a_replica_promoted_in_a_cluster_has_everything_acknowledged(tmp_path: Path, ring: RingInHand) -> None:
    cluster = Cluster.start_with_replica(tmp_path, primaries=3)
    try:
        # Only the first primary has a replica, so only what lies there can be confirmed.
        async with opened(cluster.url, ring, replace(PATIENT, command=1, replicas=1)) as vault:
            load = Load(vault)
            load.keep_to(lambda scope: cluster.owner(f"deckname:{{{scope.key}}}") is cluster.nodes[0])
            await load.during(cluster.fail_over)
            assert load.refusals
        async with opened(cluster.url, ring, replace(PATIENT, replicas=1)) as fresh:
            await load.assert_nothing_lost(fresh)
    finally:
        cluster.kill()


async def test_without_enough_replicas_nothing_is_acknowledged(
    valkey: Place, slots: Cluster, ring: RingInHand, scope: Scope
) -> None:
    for url in (valkey.url, slots.url):
        async with opened(url, ring, replace(PATIENT, command=2, replicas=1)) as vault:
            with pytest.raises(VaultUnavailable, match="replicas"):
                await vault.allocate(scope, [ANNA])


async def test_a_moving_slot_loses_nothing_and_refuses_nobody(slots: Cluster, ring: RingInHand) -> None:
    async with opened(slots.url, ring) as vault:
        load = Load(vault)
        first = client(slots.nodes[0])
        moved = [first.cluster("keyslot", f"deckname:{{{scope.key}}}") for scope in load.scopes]

        def reshard() -> None:
            for slot in moved:
                slots.move_slot(slot)

        await load.during(reshard)
        assert load.refusals == []
    async with opened(slots.url, ring) as fresh:
        await load.assert_nothing_lost(fresh)


async def test_nobody_listens(ring: RingInHand) -> None:
    urls = (
        f"redis://127.0.0.1:{free_port()}",
        f"redis+cluster://127.0.0.1:{free_port()}",
        f"redis+sentinel://127.0.0.1:{free_port()}/0?service=main",
    )
    for url in urls:
        async with opened(url, ring) as vault:
            attempts: tuple[Callable[[], Awaitable[object]], ...] = (vault.ready, lambda: vault.known(Scope("t")))
            for attempt in attempts:
                with pytest.raises(VaultUnavailable):
                    await attempt()
