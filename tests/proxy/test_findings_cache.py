import asyncio
from collections.abc import Sequence
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.secret import Secret
from proxy.findings_cache import FindingsCache
from proxy.workers import DetectionFailed, Findings
from recognizers.finding import Finding

ONE, TWO = Secret(b"1" * 32), Secret(b"2" * 32)


class Digits:
    """Finds every digit, and keeps what it was asked."""

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked: list[str] = []
        self.admitted: list[bool] = []

    async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> Findings:
        self.asked += texts
        self.admitted.append(admitted)
        if "fail" in texts:
            raise DetectionFailed("no")
        return [[Finding(i, i + 1, "DIGIT", 1.0, "test") for i, c in enumerate(t) if c.isdigit()] for t in texts]


@given(st.lists(st.lists(st.text(alphabet="a1b2", max_size=4), max_size=6), max_size=10), st.integers(0, 2_000))
async def test_it_answers_like_the_detector_within_its_limit(calls: list[list[str]], limit: int) -> None:
    cache = FindingsCache(Digits(), limit)
    for texts in calls:
        assert await cache.detect(texts, ONE) == await Digits().detect(texts)
        assert cache._size <= limit
        kept = [found for found in cache._found.values() if isinstance(found, tuple)]
        assert cache._size == sum(250 + 150 * len(found) for found in kept)


async def test_a_text_is_asked_once_for_each_tenant_and_version() -> None:
    detector, counts = Digits(), [0, 0, 0]

    def counted(*of: int) -> None:
        counts[:] = [before + more for before, more in zip(counts, of, strict=True)]

    cache = FindingsCache(detector, 1 << 20, counted)
    await cache.detect(["a", "b", "a"], ONE)
    await cache.detect(["a", "c"], ONE)
    assert detector.asked == ["a", "b", "c"]
    await cache.detect(["a"], TWO)
    detector.version = "2"
    await cache.detect(["a"], ONE)
    assert detector.asked == ["a", "b", "c", "a", "a"]
    assert counts == [1, 0, 5]


async def test_the_texts_seen_last_are_kept() -> None:
    detector = Digits()
    cache = FindingsCache(detector, 2 * 250)
    for text in ("a", "b", "a", "c", "a", "b"):
        await cache.detect([text], ONE)
    assert detector.asked == ["a", "b", "c", "b"]


async def test_a_failure_is_not_remembered() -> None:
    cache = FindingsCache(Digits(), 1 << 20)
    with pytest.raises(DetectionFailed):
        await cache.detect(["a", "fail"], ONE)
    with pytest.raises(DetectionFailed):
        await cache.detect(["fail", "a"], ONE)
    assert len(cache._found) <= 1


class Gated(Digits):
    """Answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()

    async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> Findings:
        found = await super().detect(texts, admitted=admitted)
        await self.open.wait()
        return found


async def test_while_texts_are_read_those_before_them_are_made_use_of() -> None:
    detector, texts = Gated(), ["a1", "b", "c2", "d"]
    cache = FindingsCache(detector, 1 << 20)
    detector.open.set()
    await cache.detect(texts[:2], ONE)
    detector.open.clear()
    parts = []
    async with cache.ahead([texts[3], texts[0], "e5"], ONE) as ahead:
        assert detector.asked == ["a1", "b", "d", "e5"]
        async for found, prints in cache.read(texts, ONE, ahead):
            parts.append((len(found), prints, list(detector.asked)))
            detector.open.set()
    prints, asked = cache.prints(texts, ONE), ["a1", "b", "d", "e5", "c2"]
    assert parts == [(2, prints[:2], asked), (2, prints[2:], asked)]
    assert await cache.detect([*texts, "e5"], ONE) == await Digits().detect([*texts, "e5"])
    assert detector.asked == asked
    assert detector.admitted == [False, False, True]  # a request takes one place in the queue
    assert [prints async for _, prints in cache.read(texts[:2], ONE)] == [prints[:2]]  # nothing to wait for
    assert not [part async for part in cache.read([], ONE)]


async def test_what_is_read_ahead_in_vain_is_not_waited_for() -> None:
    detector = Gated()
    cache = FindingsCache(detector, 1 << 20)
    cache._remember({cache.prints(["a"], ONE)[0]: ()})
    async with cache.ahead(["fail"], ONE) as ahead:
        assert [found async for found, _ in cache.read(["a"], ONE, ahead)] == [[()]]
    async with cache.ahead(["b"], ONE):
        pass
    assert len(asyncio.all_tasks()) == 1


async def test_nothing_is_read_any_more_for_nobody() -> None:
    cache = FindingsCache(Gated(), 1 << 20)
    cache._remember({cache.prints(["a"], ONE)[0]: ()})
    async with aclosing(cache.read(["a", "b"], ONE)) as parts:
        assert len((await anext(parts))[0]) == 1
        assert len(asyncio.all_tasks()) == 2
    assert len(asyncio.all_tasks()) == 1


async def test_no_text_is_kept() -> None:
    cache = FindingsCache(Digits(), 1 << 20)
    await cache.detect(["geheimes Wort 7"], ONE)
    assert "geheim" not in repr(vars(cache))
