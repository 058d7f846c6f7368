"""``python -m benchmarks.capacity``: what a million conversations need, measured on some, written to CAPACITY.md.

A conversation has 20 turns. The user's messages have 150 words, every fourth with a name, an address, an e-mail address
and a telephone number nobody had before; every request sends the whole history. The processor seconds are those of all
of the proxy's processes, the bytes are what a Valkey of its own holds more afterwards.
"""

import argparse
import asyncio
import os
import platform
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from redis.asyncio import Redis

from benchmarks.load import texts
from benchmarks.load.client import Client
from benchmarks.load.processes import Setting, setting
from tests.servers import Server

PAGE: Final = Path(__file__).parent / "CAPACITY.md"
TURNS: Final = 20
_MILLION: Final = 1_000_000
_DAY: Final = 86_400.0
_PEAK: Final = 4  # how much busier than the day's mean its busiest hour is taken to be


@dataclass(frozen=True, slots=True)
class Needs:
    """What one conversation needs: processor seconds by kind of process; bytes in the store, without shared findings
    and with them.
    """

    seconds: dict[str, float]
    stored: float
    stored_sharing: float


def conversation(number: int) -> Iterator[dict[str, Any]]:
    """Yield the requests of one conversation, another one for every number."""
    history: list[str] = []
    for turn in range(TURNS):
        at = 1_000 * (number + 1) + 2 * turn
        history.append(texts.message(at, personal=turn % 4 == 0))
        yield texts.body(*history)
        history.append(texts.message(at + 1, words=60, personal=False))


async def hold(where: Setting, numbers: Iterable[int]) -> None:
    """Hold the conversations of these numbers, one after the other."""
    async with Client(where.proxied) as client:
        for number in numbers:
            for request in conversation(number):
                packed = client.packed(request, **{"X-Conversation-Id": f"capacity-{number}"})
                if (status := (await client.send(packed)).status) != 200:
                    raise RuntimeError(f"the proxy answered with {status}")


async def measured(count: int, url: str, **settings: str) -> tuple[dict[str, float], float]:
    """Return processor seconds and bytes in the store at ``url`` for each of ``count`` conversations."""
    async with Redis.from_url(url) as store, setting(DECKNAME_REDIS_URL=url, **settings) as where:
        await hold(where, [0])  # whatever is set up once
        spent, held = where.cpu_seconds(), await used(store)
        await hold(where, range(1, count + 1))
        more = {kind: (after - spent.get(kind, 0.0)) / count for kind, after in where.cpu_seconds().items()}
        return {kind: seconds for kind, seconds in more.items() if seconds}, (await used(store) - held) / count


async def used(store: Redis) -> int:
    return int((await store.info("memory"))["used_memory"])


async def needs(count: int) -> Needs:
    """Measure, without findings in the store and with them."""
    with tempfile.TemporaryDirectory(prefix="deckname-capacity-") as folder:
        with Server(Path(folder) / "own", ("--appendonly", "yes")) as server:
            seconds, stored = await measured(count, server.url)
        with Server(Path(folder) / "shared", ("--appendonly", "yes")) as server:
            _, sharing = await measured(count, server.url, DECKNAME_FINDINGS_TTL="1h")
    return Needs(seconds, stored, sharing)


def page(found: Needs, count: int) -> str:
    """Write what was measured and what follows from it, in Markdown."""
    machine = f"{os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()})"
    whole = sum(found.seconds.values())
    cores = whole * _MILLION / _DAY
    apart = ", ".join(f"{kind} {seconds:.2f} s" for kind, seconds in sorted(found.seconds.items()))
    return "\n".join([
        "# Capacity",
        "",
        f"Written by `python -m benchmarks.capacity` from {count} conversations on {machine}.",
        "",
        " ".join((__doc__ or "").split("\n\n", 1)[1].split()),
        "",
        "| Measured | a conversation | a turn |",
        "| --- | ---: | ---: |",
        f"| processor time | {whole:.2f} s ({apart}) | {whole / TURNS * 1_000:.0f} ms |",
        f"| store | {_kilobytes(found.stored)} |",
        f"| store, with `findings_ttl` | {_kilobytes(found.stored_sharing)} |",
        "",
        "| For a million conversations | |",
        "| --- | ---: |",
        f"| a day, spread evenly: cores | {cores:,.1f} |",
        f"| a day, with a busiest hour of {_PEAK} times the mean: cores | {cores * _PEAK:,.1f} |",
        f"| kept: memory of the store | {found.stored * _MILLION / 1e9:,.1f} GB |",
        "",
        "A conversation is kept for `ttl` after its last turn, so what is kept at once is the conversations begun in",
        "that time. Replicas share the work evenly; leave a third of the store's memory free for its own rewriting.",
        "",
    ])  # fmt: skip


def _kilobytes(each: float) -> str:
    return f"{each / 1e3:.1f} kB | {each / TURNS / 1e3:.2f} kB"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__)
    parser.add_argument("--conversations", type=int, default=20)
    parser.add_argument("--page", type=Path, default=PAGE, help="where to write the page")
    given = parser.parse_args()
    text = page(asyncio.run(needs(given.conversations)), given.conversations)
    given.page.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
