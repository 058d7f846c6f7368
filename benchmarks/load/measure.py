"""The measurements. Each sends the same requests directly and through the proxy in turn, within one run."""

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from benchmarks.load import texts
from benchmarks.load.client import Client, Timing
from benchmarks.load.processes import Setting


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: the median, the 95th and the 99th percentile."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Spread":
        ordered = sorted(seconds)
        at = [ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1_000 for share in (0.5, 0.95, 0.99)]
        return cls(*at)

    def __sub__(self, other: "Spread") -> "Spread":
        return Spread(self.p50 - other.p50, self.p95 - other.p95, self.p99 - other.p99)


@dataclass(frozen=True, slots=True)
class Beside:
    """Milliseconds that a peer added, and that Deckname added to the very same requests."""

    peer: float
    ours: float


@dataclass(slots=True)
class Results:
    """Everything one run measured, by name; milliseconds unless the name says otherwise."""

    added: dict[str, Spread] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    turns: list[float] = field(default_factory=list)
    throughput: dict[int, float] = field(default_factory=dict)
    cpu: dict[str, dict[str, float]] = field(default_factory=dict)
    phases: dict[str, dict[str, float]] = field(default_factory=dict)
    peers: dict[str, dict[str, Beside]] = field(default_factory=dict)


async def pairs(where: Setting, bodies: Sequence[Any], repeat: int = 1) -> tuple[list[Timing], list[Timing]]:
    """Send each body ``repeat`` times, directly and through the proxy alternately."""
    direct, proxied = [], []
    async with Client(where.direct) as one, Client(where.proxied) as other:
        for _ in range(repeat):
            for body in bodies:
                request = one.packed(body)
                direct.append(await one.send(request))
                proxied.append(await other.send(other.packed(body)))
    bad = {timing.status for timing in proxied} - {200}
    if bad:
        raise RuntimeError(f"the proxy answered with {sorted(bad)}")
    return direct, proxied


async def added_latency(where: Setting, results: Results) -> None:
    """Latency added to plain replies, for three sizes, for texts never seen and for texts just seen."""
    for size, name, count in ((1_000, "1 kB", 60), (8_000, "8 kB", 30), (100_000, "100 kB", 6)):
        bodies = [texts.body(texts.sized(i + size, size)) for i in range(count)]
        direct, proxied = await pairs(where, bodies)
        results.added[f"{name}, cold"] = _totals(proxied) - _totals(direct)
        direct, proxied = await pairs(where, bodies, repeat=5)
        results.added[f"{name}, warm"] = _totals(proxied) - _totals(direct)
    short = [texts.body("Wie spät ist es in Lissabon, wenn es hier Mittag ist?")]
    await pairs(where, short)
    direct, proxied = await pairs(where, short, repeat=300)
    results.added["short, no personal data, warm"] = _totals(proxied) - _totals(direct)
    fresh = [texts.body(f"Wie spät ist es in Ort {i}?") for i in range(200)]
    direct, proxied = await pairs(where, fresh)
    results.added["short, no personal data, cold"] = _totals(proxied) - _totals(direct)


async def warm_turn(where: Setting, results: Results) -> None:
    """A turn of 20 messages of 150 words of which one is new, beside that new message alone."""
    alone, turn, cached = [], [], []
    async with Client(where.proxied) as client, Client(where.direct) as direct:
        for i in range(30):
            history = [texts.message(100_000 + i * 100 + n, personal=n % 2 == 0) for n in range(19)]
            new, other = texts.message(200_000 + i), texts.message(300_000 + i)
            await client.send(client.packed(texts.body(*history)))
            body = texts.body(*history, new)
            base = (await direct.send(direct.packed(body))).total
            turn.append((await client.send(client.packed(body))).total - base)
            for _ in range(5):  # the first while its reply's values are still looked for
                base = (await direct.send(direct.packed(body))).total
                cached.append((await client.send(client.packed(body))).total - base)
            body = texts.body(other)
            base = (await direct.send(direct.packed(body))).total
            alone.append((await client.send(client.packed(body))).total - base)
    results.added["20 messages, one new"] = Spread.of(turn)
    results.added["20 messages, all seen"] = Spread.of(cached)
    results.added["the new message alone"] = Spread.of(alone)
    results.figures["warm turn / new message alone"] = statistics.median(turn) / statistics.median(alone)


async def chat(where: Setting, results: Results, turns: int = 100, chats: int = 3) -> None:
    """The cost of each turn of a long chat, of its first 20 turns as a whole, and of late turns beside early ones.

    The early ones are another chat's, asked in between: a machine's pace changes within the minute that a chat takes.
    Texts of one length cost more or less by what they say, so late and early turns of several ``chats`` are compared.
    """
    ends = [await _chat(where, seed=500_000 + 1_000 * n, turns=turns) for n in range(chats)]
    results.turns = ends[0][0]
    results.figures["20-turn chat, added in all"] = sum(results.turns[:20])
    results.figures["turns 81-100 / turns 6-25"] = _late_to_early(ends)
    named = [await _chat(where, seed=800_000 + 1_000 * n, turns=turns, named=True) for n in range(chats)]
    results.figures["turns 81-100 / turns 6-25, named conversation"] = _late_to_early(named)


def _late_to_early(ends: Sequence[tuple[list[float], list[float]]]) -> float:
    late = statistics.median([cost for own, _ in ends for cost in own[-20:]])
    early = statistics.median([cost for _, other in ends for cost in other[-20:]])
    return late / early


async def _chat(
    where: Setting, *, seed: int, turns: int, named: bool = False
) -> tuple[list[float], list[float]]:
    """Return what each turn of a chat adds, in ms, and each of the first 25 of another, asked beside its last 20.

    If they are ``named``, their values are stored, as with clients that send a conversation's id.
    """
    first, other = list(texts.chat(turns, seed=seed)), list(texts.chat(25, seed=seed + 50_000))
    async with Client(where.direct) as direct, Client(where.proxied) as proxied:

        async def cost(body: Any, name: str) -> float:
            base = (await direct.send(direct.packed(body))).total
            request = proxied.packed(body, **({"X-Conversation-Id": f"{name} {seed}"} if named else {}))
            return ((await proxied.send(request)).total - base) * 1_000

        costs = [await cost(body, "first") for body in first[:-20]]
        early = [await cost(body, "other") for body in other[:5]]
        for body, beside in zip(first[-20:], other[5:], strict=True):
            costs.append(await cost(body, "first"))
            early.append(await cost(beside, "other"))
    return costs, early


async def streaming(where: Setting, results: Results) -> None:
    """Time to the first token and time added to each chunk, for a text just seen."""
    body = texts.body(texts.message(600_000), stream=True, bench={"chunks": 100, "pause": 0.002})
    await pairs(where, [body])
    direct, proxied = await pairs(where, [body], repeat=30)
    first = Spread.of([t.first for t in proxied]) - Spread.of([t.first for t in direct])
    results.added["time to first token"] = first
    burst = texts.body(texts.message(600_000), stream=True, bench={"chunks": 2_000})
    direct, proxied = await pairs(where, [burst], repeat=5)
    each = (statistics.median(t.total for t in proxied) - statistics.median(t.total for t in direct)) / 2_000
    results.figures["added per chunk, microseconds"] = each * 1_000_000


async def throughput(where: Setting, results: Results, seconds: float = 4.0) -> None:
    """Requests a second of 1 kB just seen, with 1 to 256 clients, through the proxy."""
    body = texts.body(texts.sized(700_000, 1_000))
    await pairs(where, [body])
    for clients in (1, 16, 64, 256):
        before = where.cpu_seconds()
        proxied, count = await _rate(where.proxied, body, clients, seconds)
        spent = {kind: (value - before.get(kind, 0.0)) / count * 1_000 for kind, value in where.cpu_seconds().items()}
        results.cpu[f"{clients} clients"] = spent
        results.throughput[clients] = proxied


async def _rate(base: str, body: Any, clients: int, seconds: float) -> tuple[float, int]:
    done = 0
    until = perf_counter() + seconds

    async def one() -> None:
        nonlocal done
        async with Client(base) as client:
            request = client.packed(body)
            while perf_counter() < until:
                timing = await client.send(request)
                if timing.status != 200:
                    raise RuntimeError(f"status {timing.status}")
                done += 1

    began = perf_counter()
    await asyncio.gather(*(one() for _ in range(clients)))
    return done / (perf_counter() - began), done


async def open_streams(where: Setting, results: Results, count: int = 1_000) -> None:
    """Hold so many streams open at once, each with ten chunks over some seconds, and count those that end well."""
    body = texts.body(texts.message(600_000), stream=True, bench={"chunks": 10, "pause": 1.0})

    async def one() -> bool:
        async with Client(where.proxied) as client:
            return (await client.send(client.packed(body))).status == 200

    ended = await asyncio.gather(*(one() for _ in range(count)), return_exceptions=True)
    results.figures["streams open at once, all ended well"] = sum(1 for well in ended if well is True)


def _totals(timings: Sequence[Timing]) -> Spread:
    return Spread.of([timing.total for timing in timings])
