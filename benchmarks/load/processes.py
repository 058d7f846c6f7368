"""The processes that are measured: a provider, and ``deckname serve`` in front of it, each on its own."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from proxy.app import running
from proxy.settings import load
from tests.servers import free_port

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_STORES: Final = ("REDIS_URL", "DATABASE_URL")  # somebody's, which no process here must touch
MODULE: Final = (sys.executable, "-m")
_START_SECONDS: Final = 180.0  # LiteLLM needs 45 of them on a busy machine


class NotStarted(Exception):
    """A process ended, or did not listen in time; the message holds its last words."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is measured: the provider's base URL, the proxy's, the proxy's process, and how long it took to be ready."""

    direct: str
    proxied: str
    pid: int
    start_seconds: float

    def processes(self) -> list[tuple[int, str]]:
        """Return the proxy's processes and what each is."""
        found = [(self.pid, "proxy")]
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _parent(int(entry.name)) == self.pid:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                kind = "store" if "valkey" in command else "tracker" if "resource_tracker" in command else "detector"
                found.append((int(entry.name), kind))
        return found

    def cpu_seconds(self) -> dict[str, float]:
        """Return the processor seconds spent so far, by kind of process."""
        return cpu_seconds(self.processes())

    def memory(self) -> dict[str, int]:
        """Return the resident bytes, by kind of process."""
        held: dict[str, int] = {}
        for pid, kind in self.processes():
            resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
            held[kind] = held.get(kind, 0) + resident
        return held


def cpu_seconds(processes: Iterable[tuple[int, str]]) -> dict[str, float]:
    """Return the processor seconds these processes spent so far, by kind."""
    spent: dict[str, float] = {}
    for pid, kind in processes:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent[kind] = spent.get(kind, 0.0) + (int(fields[11]) + int(fields[12])) / _TICK
    return spent


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@asynccontextmanager
async def process(*command: str, port: int, **environment: str) -> AsyncIterator[int]:
    """Run a command, give its pid once it listens on ``port``, and end it afterwards; raises ``NotStarted``."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("DECKNAME_", "LITELLM_")) and k not in _STORES}
    with tempfile.TemporaryFile() as output:
        running = await asyncio.create_subprocess_exec(
            *command, env=clean | environment, stdout=output, stderr=asyncio.subprocess.STDOUT
        )
        try:
            if not await _listening(running, port):
                output.seek(0)
                words = output.read().decode(errors="replace").strip()[-500:]
                raise NotStarted(f"{Path(command[0]).name} does not listen: {words}")
            yield running.pid
        finally:
            if running.returncode is None:
                running.terminate()
            await running.wait()


async def _listening(running: asyncio.subprocess.Process, port: int) -> bool:
    """Return True once the process listens; False when it ended or took too long."""
    until = perf_counter() + _START_SECONDS
    while not await _listens(port):
        if running.returncode is not None or perf_counter() > until:
            return False
        await asyncio.sleep(0.02)
    return True


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def setting(**environment: str) -> AsyncIterator[Setting]:
    """Run a provider and a proxy with one detector process, and settings from ``environment``."""
    port, listen, admin = free_port(), free_port(), free_port()
    direct = f"http://127.0.0.1:{port}/v1"
    with tempfile.TemporaryDirectory(prefix="deckname-bench-") as folder:
        options = ("--listen", f"127.0.0.1:{listen}", "--admin-listen", f"127.0.0.1:{admin}")
        async with process(*MODULE, "benchmarks.load.upstream", str(port), port=port):
            began = perf_counter()
            serve = (*MODULE, "proxy", "serve", *options, "--upstream", direct, "--data-dir", folder)
            environment = {"DECKNAME_DETECTOR_WORKERS": "1", **environment}
            async with process(*serve, port=listen, **environment) as pid:
                yield Setting(direct, f"http://127.0.0.1:{listen}/v1", pid, perf_counter() - began)


@asynccontextmanager
async def serving(**settings: object) -> AsyncIterator[Setting]:
    """Run a provider, and a proxy with one detector process in this very process."""
    port = free_port()
    direct = f"http://127.0.0.1:{port}/v1"
    with tempfile.TemporaryDirectory(prefix="deckname-bench-") as folder:
        options = {"listen": "127.0.0.1:0", "admin_listen": "127.0.0.1:0", "upstream": direct, "data_dir": folder}
        async with process(*MODULE, "benchmarks.load.upstream", str(port), port=port):
            began = perf_counter()
            loaded = load({**options, "detector_workers": 1, **settings}, environ={}, serving=True)
            async with running(loaded) as proxy:
                yield Setting(direct, f"http://{proxy.address}/v1", os.getpid(), perf_counter() - began)
