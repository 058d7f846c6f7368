"""What the vault costs: 60 values allocated, known and restored, sealed, on an embedded Valkey over loopback TCP.

    python -m benchmarks.vault [--check]

With `--check` it fails where allocating 60 values takes two milliseconds or more in the median.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

from keys.ring import KeyRing
from keys.sources import FileSource
from proxy.scope import Scope
from proxy.vault import Claim, open_vault
from proxy.vault.sealed import SealedVault
from tests.servers import Server

ROUNDS = 200
VALUES = 60
LIMIT = 2.0  # milliseconds
DURABILITY = {"AOF, fsync each second": "everysec", "AOF, fsync always, as the embedded store": "always"}

Act = Callable[[SealedVault, int], Awaitable[object]]


def claims() -> list[Claim]:
    names = [f"Vorname{n} Nachname{n} {secrets.token_hex(4)}" for n in range(VALUES)]
    return [Claim("PERSON" if n % 2 else "EMAIL", name) for n, name in enumerate(names)]


async def measured(vault: SealedVault, act: Act) -> tuple[float, float, float]:
    """Give the best, the median and the 95th percentile of `act`, in milliseconds."""
    times = []
    for number in range(-20, ROUNDS):
        begin = time.perf_counter()
        await act(vault, number)
        if number >= 0:
            times.append((time.perf_counter() - begin) * 1000)
    return min(times), median(times), quantiles(times, n=20)[-1]


def acts(people: Sequence[Claim], tokens: list[str]) -> dict[str, Act]:
    """Give what is measured, by name; the first two are what the limit is about."""
    scope, tenant = Scope("t", "u", "c"), Scope("t")
    return {
        "allocate 60, new scope": lambda vault, n: vault.allocate(Scope("t", "u", f"n{n + 20}"), people),
        "allocate 60, scope with 60 others": lambda vault, n: _beside_others(vault, n, people),
        "allocate 60, all known": lambda vault, _: vault.allocate(scope, people),
        "allocate 60, tenant scope": lambda vault, _: vault.allocate(tenant, people),
        "known, 60 values": lambda vault, _: vault.known(scope),
        "restore 60": lambda vault, _: vault.restore(scope, tokens),
    }


async def _beside_others(vault: SealedVault, number: int, people: Sequence[Claim]) -> None:
    await vault.allocate(Scope("t", "u", f"b{number + 20}"), people)


async def run(url: str, keys: FileSource) -> dict[str, tuple[float, float, float]]:
    vault, people = open_vault(url, keys), claims()
    others = claims()
    for number in range(ROUNDS + 20):
        await vault.allocate(Scope("t", "u", f"b{number}"), others)
    tokens = await vault.allocate(Scope("t", "u", "c"), people)
    results = {name: await measured(vault, act) for name, act in acts(people, tokens).items()}
    await vault.close()
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where an allocation is not under the limit")
    check = parser.parse_args().check
    slow = []
    with tempfile.TemporaryDirectory() as folder:
        keys = FileSource(Path(folder) / "keys.json")
        keys.create(lambda: KeyRing.generate(secrets.token_bytes, 0))
        for title, fsync in DURABILITY.items():
            options = ("--save", "", "--appendonly", "yes", "--appendfsync", fsync)
            with Server(Path(folder) / fsync, options) as server:
                results = asyncio.run(run(server.url, keys))
            print(f"{title:40}   best ms median ms    p95 ms")
            for name, (best, middle, high) in results.items():
                print(f"  {name:34} {best:9.2f} {middle:9.2f} {high:9.2f}")
                if name.startswith("allocate") and fsync == "everysec" and middle >= LIMIT:
                    slow.append(name)
    if check and slow:
        sys.exit(f"over {LIMIT} ms: {', '.join(slow)}")


if __name__ == "__main__":
    main()
