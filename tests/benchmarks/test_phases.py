"""The clocks around the proxy's steps: each step is one of the proxy's, and no time counts twice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from benchmarks.load.phases import STEPS, Clocks, clocked


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("time.thread_time", lambda: now[0])
    return now


def test_the_time_of_a_phase_inside_another_counts_once(clock: list[float]) -> None:
    clocks = Clocks()

    def inner() -> str:
        clock[0] += 2
        return "done"

    async def outer() -> str:
        clock[0] += 1
        await asyncio.sleep(0)
        result: str = clocks.around(inner, "inner")()
        clock[0] += 4
        return result

    @contextlib.asynccontextmanager
    async def sent() -> AsyncIterator[int]:
        clock[0] += 8
        yield 1

    async def work() -> None:
        assert await clocks.around(outer, "outer")() == "done"
        async with clocks.around(sent, "sent")() as value:
            assert value == 1
            clock[0] += 16

    asyncio.run(work())
    assert dict(clocks.spent) == {"outer": 5, "inner": 2, "sent": 8}


def test_the_clocks_are_taken_away_again() -> None:
    before = [getattr(owner, attribute) for owner, attribute, _ in STEPS]
    with clocked():
        during = [getattr(owner, attribute) for owner, attribute, _ in STEPS]
    assert all(new is not old for new, old in zip(during, before, strict=True))
    assert [getattr(owner, attribute) for owner, attribute, _ in STEPS] == before
