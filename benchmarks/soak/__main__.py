"""``python -m benchmarks.soak --exchanges N``: run so many exchanges through a real proxy, and watch its memory.

Each is of another conversation and holds another name, so whatever is kept by text, name or scope shows. The findings
cache is made small, so that it is full at once. The store grows as it should: values stay until their time is over.
"""

import argparse
import asyncio
import itertools
import json
import signal
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from benchmarks.load.client import Client
from benchmarks.load.processes import Setting, setting
from benchmarks.soak.memory import Sample, slope
from benchmarks.soak.people import body

_CACHE = "4MiB"
_BUSY = 503  # the machine has other work
_TRIES = 60


async def soak(where: Setting, count: int, *, clients: int, every: int) -> list[Sample]:
    """Run ``count`` exchanges with so many clients at once, and take a sample after ``every`` so many."""
    numbers, began = itertools.count(), perf_counter()
    samples: list[Sample] = []

    async def one() -> None:
        async with Client(where.proxied) as client:
            for number in taken(numbers, count):
                request = client.packed(body(number), **{"X-Conversation-Id": f"soak-{number}"})
                status = await answered(client, request)
                if status != 200:
                    raise RuntimeError(f"exchange {number} was answered with {status}")
                if number % every == 0:
                    samples.append(Sample.of(where, number, perf_counter() - began))
                    show(samples[-1])

    await asyncio.gather(*(one() for _ in range(clients)))
    samples.append(Sample.of(where, count, perf_counter() - began))
    return samples


async def answered(client: Client, request: bytes) -> int:
    """Send a request until the proxy is not too busy for it, and return the answer's status."""
    status = _BUSY
    for _ in range(_TRIES):
        status = (await client.send(request)).status
        if status != _BUSY:
            break
        await asyncio.sleep(1.0)
    return status


def taken(numbers: Iterator[int], count: int) -> Iterator[int]:
    """Yield the next number below ``count`` that no other client took."""
    return itertools.takewhile(lambda number: number < count, numbers)


def show(sample: Sample) -> None:
    """Print one line of a sample."""
    held = "  ".join(f"{kind} {size / 1e6:.1f} MB" for kind, size in sorted(sample.resident.items()))
    print(f"{sample.exchanges:>9,} exchanges {sample.seconds:7.0f} s  {held}", flush=True)


async def run(count: int, clients: int, every: int) -> list[Sample]:
    async with setting(DECKNAME_FINDINGS_CACHE=_CACHE) as where:
        return await soak(where, count, clients=clients, every=every)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--exchanges", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--samples", type=int, default=50, help="how often to look at the memory")
    parser.add_argument("--out", type=Path, default=Path(".out"), help="folder for the samples")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is ended, too
    samples = asyncio.run(run(given.exchanges, given.clients, max(1, given.exchanges // given.samples)))
    show(samples[-1])
    growth = {kind: slope(samples, kind) for kind in sorted(samples[-1].resident)}
    for kind, each in growth.items():
        print(f"{kind}: {each:+.1f} bytes an exchange in the later half, {each:+,.1f} MB in a million")
    given.out.mkdir(exist_ok=True)
    document = {"samples": [asdict(sample) for sample in samples], "bytes per exchange": growth}
    (given.out / "soak.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
