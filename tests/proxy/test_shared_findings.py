"""What replicas share of their findings: on a real store, which may lie, hang or be gone."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

import pytest

from keys.secret import Secret
from proxy import shared_findings
from proxy.findings_cache import FindingsCache
from proxy.shared_findings import PREFIX, SharedFindings
from proxy.workers import Findings
from recognizers.finding import Finding
from tests.servers import Server, free_port
from tests.vault.clusters import QUIET, Cluster, client

ONE, TWO = Secret(b"1" * 32), Secret(b"2" * 32)
TEXTS = ["Raum 7", "kein Raum", "Haus 12, Raum 3"]


class Digits:
    """Finds every digit, and keeps what it was asked."""

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked: list[str] = []

    async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> Findings:
        self.asked += texts
        return [[Finding(i, i + 1, "DIGIT", 0.7, "test") for i, c in enumerate(t) if c.isdigit()] for t in texts]


class Replica:
    """A findings cache of its own on the store that all share."""

    def __init__(self, url: str, *, ttl: float = 60.0, version: str = "1") -> None:
        self.detector = Digits(version)
        self.counts: list[tuple[int, ...]] = []
        self.shared = SharedFindings(url, ttl)
        self.cache = FindingsCache(self.detector, 1 << 20, lambda *of: self.counts.append(of), self.shared)

    async def detect(self, texts: Sequence[str] = TEXTS, key: Secret = ONE) -> list[str]:
        """Check that the findings are right, and return which texts the detector had to read for that."""
        before = len(self.detector.asked)
        assert await self.cache.detect(texts, key) == await Digits().detect(texts)
        await self.settled()
        return self.detector.asked[before:]

    async def settled(self) -> None:
        while self.shared._writes:
            await next(iter(self.shared._writes))


Start = Callable[..., Replica]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("store"), QUIET) as running:
        yield running


@pytest.fixture
async def replica(server: Server, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    monkeypatch.setattr(shared_findings, "_PATIENCE", 3.0)  # a busy machine is no trouble of the store's
    client(server).flushall()
    started: list[Replica] = []

    def start(url: str = server.url, **options: object) -> Replica:
        started.append(Replica(url, **options))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for one in started:
        await one.shared.close()


def entries(server: Server) -> dict[bytes, bytes]:
    store = client(server)
    return {name: store.get(name) for name in store.scan_iter()}


async def test_what_one_replica_read_no_other_reads(replica: Start) -> None:
    first, second = replica(), replica()
    assert await first.detect() == TEXTS
    assert await second.detect([*TEXTS, "neu 1"]) == ["neu 1"]
    assert await second.detect() == []
    assert first.counts == [(0, 0, 3)]
    assert second.counts == [(0, 3, 1), (3, 0, 0)]


async def test_another_tenant_or_another_detector_reads_for_itself(replica: Start) -> None:
    await replica().detect()
    assert await replica().detect(key=TWO) == TEXTS
    assert await replica(version="2").detect() == TEXTS


async def test_a_request_is_one_question_and_one_answer_written(replica: Start, server: Server) -> None:
    def trips() -> tuple[int, int]:
        said = client(server).info("commandstats")
        return said.get("cmdstat_mget", {}).get("calls", 0), client(server).info()["total_reads_processed"]

    one = replica()
    await one.detect(["verbindet 1"])
    asked, reads = trips()
    _, later = trips()
    await one.detect()
    end, last = trips()
    assert end - asked == 1
    assert last - later == (later - reads) + 2  # beside our own looking: one for what is asked, one for what is written


async def test_nothing_but_sealed_bytes_is_stored_and_not_for_ever(replica: Start, server: Server) -> None:
    await replica(ttl=60).detect()
    stored = entries(server)
    assert len(stored) == len(TEXTS)
    assert not any(word in b"".join([*stored, *stored.values()]) for word in (b"Raum", b"DIGIT", b"test", b"[["))
    assert all(0 < client(server).pttl(name) <= 60_000 for name in stored)


async def test_an_entry_that_was_altered_or_moved_counts_as_none(replica: Start, server: Server) -> None:
    """Whoever writes into the store must not be able to hide a finding."""
    await replica().detect()
    (first, sealed), (second, other), (third, _) = entries(server).items()
    client(server).mset({first: other, second: other[:-1] + bytes([other[-1] ^ 1]), third: b"[]"})
    assert sorted(await replica().detect()) == sorted(TEXTS)
    client(server).set(first, sealed)
    assert await replica().detect() == []


async def test_a_store_that_is_gone_is_a_miss(replica: Start) -> None:
    one = replica(f"redis://127.0.0.1:{free_port()}/0")
    assert await one.detect() == TEXTS
    assert await one.detect(["9 mal"]) == ["9 mal"]


async def test_a_store_that_hangs_is_asked_once_and_then_left_alone(replica: Start, tmp_path: Path) -> None:
    with Server(tmp_path / "hanging", QUIET) as hanging:
        one = replica(hanging.url)
        await one.detect(["vorher 1"])
        hanging.freeze(frozen=True)
        assert await one.detect() == TEXTS
        assert not one.shared._may_ask()
        assert await one.detect(["danach 2"]) == ["danach 2"]
        hanging.freeze(frozen=False)
        one.shared._silent_until = 0.0  # the pause is over
        assert await one.detect(["wieder 3"]) == ["wieder 3"]
        assert await replica(hanging.url).detect(["wieder 3", "danach 2"]) == ["danach 2"]


async def test_in_a_cluster_too(replica: Start, tmp_path: Path) -> None:
    texts = [f"Raum {n}" for n in range(40)]  # which lie on all of its nodes
    cluster = Cluster.start(tmp_path)
    try:
        assert await replica(cluster.url).detect(texts) == texts
        assert await replica(cluster.url).detect(texts) == []
        assert all(any(name.startswith(PREFIX) for name in entries(node)) for node in cluster.nodes)
    finally:
        for node in cluster.nodes:
            node.kill()
