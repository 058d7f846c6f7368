"""A batch file of 200,000 lines goes through line by line: what is held does not grow with it."""

import json
import tracemalloc
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from proxy.batch import AT_ONCE, in_order, lines
from proxy.errors import BadRequest

LINES = 200_000
LINE = json.dumps({"custom_id": "request-1", "method": "POST", "url": "/v1/chat/completions", "body": {"x": "a" * 200}})


async def file(chunk: int) -> AsyncIterator[bytes]:
    data = (LINE + "\n").encode() * 1000
    for _ in range(LINES // 1000):
        for start in range(0, len(data), chunk):
            yield data[start : start + chunk]


@pytest.mark.parametrize("chunk", [10_007])
async def test_two_hundred_thousand_lines_in_constant_memory(chunk: int) -> None:
    count, at_once, most = 0, 0, 0

    async def work(line: bytes) -> bytes:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        at_once -= 1
        return line

    tracemalloc.start()
    try:
        async for line in in_order(lines(file(chunk)), work):
            count += 1
            assert len(line) == len(LINE) + 1
            if count == 10_000:
                tracemalloc.reset_peak()
                before = tracemalloc.get_traced_memory()[0]
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert count == LINES
    assert most <= AT_ONCE
    assert peak < 2 << 20  # bytes, of a file of 60 MB


async def of(items: Sequence[int]) -> AsyncIterator[int]:
    for item in items:
        yield item


async def test_the_order_stays_whatever_takes_longer() -> None:
    import asyncio  # noqa: PLC0415

    async def work(item: int) -> bytes:
        await asyncio.sleep(0.001 * (item % 3))
        return bytes([item])

    assert b"".join([each async for each in in_order(of(range(50)), work, 4)]) == bytes(range(50))


async def test_the_first_failure_ends_it() -> None:
    def failing(at: int) -> Callable[[int], object]:
        async def work(item: int) -> bytes:
            if item == at:
                raise BadRequest("x", "y")
            return b""

        return work

    with pytest.raises(BadRequest):
        _ = [each async for each in in_order(of(range(50)), failing(7))]  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [b"\xff\n", b"a\n\xff"])
async def test_what_is_no_text_is_refused(data: bytes) -> None:
    async def once() -> AsyncIterator[bytes]:
        yield data

    with pytest.raises(BadRequest):
        _ = [line async for line in lines(once())]
