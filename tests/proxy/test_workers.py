"""The pool, with real processes. What a worker does is steered by the recognizers it is configured with."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from proxy.workers import DetectionFailed, DetectorWorkers
from recognizers.base import TextRecognizer
from recognizers.config import DetectorConfig
from recognizers.finding import Finding


class Obeying(TextRecognizer):
    """Does what a text tells it to."""

    kinds = ("ORDER",)

    def find(self, text: str) -> Iterable[Finding]:
        if "ORDER die" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "ORDER hang" in text:
            time.sleep(3600)
        if "ORDER fail" in text:
            raise ValueError(f"cannot read {text}")
        start = text.find("ORDER")
        if start >= 0:
            yield Finding(start, start + 5, "ORDER", 1.0, self.name)


CONFIG = DetectorConfig(recognizers=(f"{__name__}.Obeying",))


@asynccontextmanager
async def pool(**options: Any) -> AsyncIterator[DetectorWorkers]:
    workers = DetectorWorkers(CONFIG, **{"workers": 1, "deadline": 60.0, **options})
    await workers.start()
    try:
        yield workers
    finally:
        await workers.close()


def kinds(found: list[list[Finding]]) -> list[list[str]]:
    return [[finding.kind for finding in one] for one in found]


async def test_findings_come_back_in_the_order_of_the_texts() -> None:
    async with pool(workers=2) as workers:
        await workers.ready()
        assert len(workers.version) == 32
        texts = [f"an a{i}@beispiel.example" if i % 3 else "ohne" for i in range(60)]
        found = await workers.detect(texts)
        assert kinds(found) == [["EMAIL"] if i % 3 else [] for i in range(60)]
        assert await asyncio.gather(*(workers.detect([text]) for text in texts)) == [[one] for one in found]


async def test_a_failing_text_fails_its_own_request_only_and_is_not_quoted() -> None:
    async with pool() as workers:
        good = asyncio.create_task(workers.detect(["an a@beispiel.example"] * 20))
        with pytest.raises(DetectionFailed) as caught:
            await workers.detect(["ORDER fail geheim"])
        assert "geheim" not in str(caught.value)
        assert kinds(await good) == [["EMAIL"]] * 20


async def test_a_worker_that_dies_takes_no_other_request_with_it() -> None:
    async with pool() as workers:
        deadly = asyncio.create_task(workers.detect(["ORDER die"]))
        good = [asyncio.create_task(workers.detect(["an a@beispiel.example"])) for _ in range(5)]
        with pytest.raises(DetectionFailed):
            await deadly
        assert [kinds(found) for found in await asyncio.gather(*good)] == [[["EMAIL"]]] * 5


async def test_a_worker_that_hangs_is_replaced() -> None:
    async with pool(deadline=1.0) as workers:
        with pytest.raises(DetectionFailed, match="deadline"):
            await workers.detect(["ORDER hang"])
        async with asyncio.timeout(60):
            while True:
                try:
                    assert kinds(await workers.detect(["ORDER"])) == [["ORDER"]]
                except DetectionFailed:
                    continue
                break


async def test_a_worker_that_has_grown_is_replaced_without_losing_a_request() -> None:
    async with pool(memory=1) as workers:
        for _ in range(3):
            assert kinds(await workers.detect(["ORDER"])) == [["ORDER"]]


async def test_the_queue_is_bounded() -> None:
    async with pool(queue=1) as workers:
        first = asyncio.create_task(workers.detect(["ORDER"]))
        await asyncio.sleep(0)
        with pytest.raises(DetectionFailed, match="queue"):
            await workers.detect(["ORDER"])
        assert kinds(await workers.detect(["ORDER"], admitted=True)) == [["ORDER"]]
        await first
        assert workers.pending == 0


async def test_a_long_request_does_not_hold_up_a_short_one() -> None:
    ended: list[str] = []

    async def ask(workers: DetectorWorkers, name: str, texts: list[str]) -> None:
        await workers.detect(texts)
        ended.append(name)

    async with pool() as workers:
        long = asyncio.create_task(ask(workers, "long", [f"{'Wort ' * 500}{i}" for i in range(20)]))
        await asyncio.sleep(0)
        await asyncio.gather(ask(workers, "short", ["kurz"]), long)
    assert ended == ["short", "long"]


async def test_a_detector_that_cannot_be_built() -> None:
    workers = DetectorWorkers(DetectorConfig(recognizers=("no.such.Recognizer",)), workers=1, deadline=1.0)
    with pytest.raises(DetectionFailed, match=r"can't start: .*no\.such"):
        await workers.start()
    with pytest.raises(DetectionFailed, match="not running"):
        await workers.detect(["a"])
