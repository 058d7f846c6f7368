"""Where a request's processor time goes, by phase: the proxy's own thread, the detector's process and the store's.

The proxy runs in this process, unchanged but for clocks around its steps; only this benchmark puts them there. One
client asks one thing after the other from a thread of its own, so that all that a thread's clock counts between a
step's beginning and its end was spent on that step.
"""

import asyncio
import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator, Sequence
from functools import wraps
from typing import Any, Final
from unittest.mock import patch

import proxy.outward
from benchmarks.load import texts
from benchmarks.load.client import Client
from benchmarks.load.processes import cpu_seconds, serving
from proxy.filling import Filling
from proxy.findings_cache import FindingsCache
from proxy.ledger import Ledger
from proxy.readback import Readback
from proxy.spreads import Spreading
from proxy.table import Table
from proxy.upstream import Upstream
from proxy.vault.measured import MeasuredVault

Spent = dict[str, float]  # milliseconds of processor time for each request, by phase

# What does each phase's work. Where one calls another, the time is the inner one's.
STEPS: Final[tuple[tuple[object, str, str], ...]] = (
    (proxy.outward, "read_json", "read and parse"),
    (Table, "leaves", "walk"),
    (Filling, "begin", "walk"),
    (FindingsCache, "prints", "fingerprints"),
    (FindingsCache, "ahead", "findings cache, asking the detector"),
    (FindingsCache, "read", "findings cache, asking the detector"),
    (Spreading, "extend", "spread values"),
    (MeasuredVault, "known", "vault: known values"),
    (MeasuredVault, "allocate", "vault: allocate and seal"),
    (Ledger, "enter", "ledger"),
    (Ledger, "write", "ledger"),
    (proxy.outward, "encode", "encode"),
    (Upstream, "request", "forward"),
    (Readback, "body", "restore"),
)
_REST: Final = "HTTP, event loop, rest"


class Clocks:
    """Counts the processor time of one thread by phase, that of a phase inside another only once."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._open: list[str] = []
        self._since = 0.0

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what this thread spends inside the block for ``name``."""
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.remove(name)

    def _turn(self) -> None:
        now = time.thread_time()
        if self._open:
            self.spent[self._open[-1]] += now - self._since
        self._since = now

    def around(self, step: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return ``step`` with the clock around it: a function, or an asynchronous function, context or generator."""

        @wraps(step)
        def timed(*args: Any, **options: Any) -> Any:
            with self.phase(name):
                result = step(*args, **options)
            if isinstance(result, Coroutine):
                return self._awaited(result, name)
            if isinstance(result, contextlib.AbstractAsyncContextManager):
                return self._entered(result, name)
            if isinstance(result, AsyncGenerator):
                return self._taken(result, name)
            return result

        return timed

    async def _awaited(self, work: Coroutine[Any, Any, Any], name: str) -> Any:
        with self.phase(name):
            return await work

    async def _taken(self, parts: AsyncGenerator[Any, None], name: str) -> AsyncGenerator[Any, None]:
        async with contextlib.aclosing(parts):
            while True:
                with self.phase(name):
                    part = await anext(parts, None)
                if part is None:
                    return
                yield part

    @contextlib.asynccontextmanager
    async def _entered(self, context: contextlib.AbstractAsyncContextManager[Any], name: str) -> AsyncIterator[Any]:
        async with contextlib.AsyncExitStack() as stack:
            with self.phase(name):
                inner = await stack.enter_async_context(context)
            yield inner


@contextlib.contextmanager
def clocked() -> Iterator[Clocks]:
    """Put clocks around all `STEPS` for as long as the block runs."""
    clocks = Clocks()
    with contextlib.ExitStack() as stack:
        for owner, attribute, phase in STEPS:
            step = getattr(owner, attribute)
            stack.enter_context(patch.object(owner, attribute, clocks.around(step, phase)))
        yield clocks


def workloads() -> dict[str, list[Any]]:
    """Return the requests of each kind; of those that begin alike, the first one makes the caches warm."""
    history = [texts.message(900_000 + n, personal=n % 2 == 0) for n in range(19)]
    turns = [texts.body(*history, texts.message(910_000 + i)) for i in range(31)]
    return {
        "1 kB, cold": [texts.body(texts.sized(920_000 + i, 1_000)) for i in range(31)],
        "1 kB, warm": [texts.body(texts.sized(930_000, 1_000))] * 101,
        "20 messages, one new": turns,
        "20 messages, all seen": [turns[-1]] * 101,
    }


async def by_phase() -> dict[str, Spent]:
    """Return for each workload the milliseconds of processor time that one request costs, by phase."""
    found: dict[str, Spent] = {}
    with clocked() as clocks:
        async with serving() as where:
            for name, bodies in workloads().items():
                await asyncio.to_thread(_ask, where.proxied, bodies[:1])
                clocks.spent.clear()
                own, others = time.thread_time(), cpu_seconds(where.processes())
                await asyncio.to_thread(_ask, where.proxied, bodies[1:])
                spent = dict(clocks.spent)
                spent[_REST] = time.thread_time() - own - sum(spent.values())
                after = cpu_seconds(where.processes())
                for kind in ("detector", "store"):
                    spent[f"process: {kind}"] = after[kind] - others[kind]
                found[name] = {phase: seconds / len(bodies[1:]) * 1_000 for phase, seconds in spent.items()}
    return found


def _ask(base: str, bodies: Sequence[Any]) -> None:
    async def ask() -> None:
        async with Client(base) as client:
            for body in bodies:
                if (await client.send(client.packed(body))).status != 200:
                    raise RuntimeError("the proxy refused a request")

    if threading.current_thread() is threading.main_thread():
        raise RuntimeError("the client would be counted with the proxy")
    asyncio.run(ask())
