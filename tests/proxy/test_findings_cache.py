import asyncio
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.secret import Secret
from proxy.findings_cache import FindingsCache
from proxy.workers import DetectionFailed, Findings
from recognizers.finding import Finding
from recognizers.propagate import Known, propagate

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
    cache = FindingsCache(detector, 2 * 2 * 250)
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


async def test_while_the_last_text_is_read_the_others_are_made_use_of() -> None:
    detector = Gated()
    cache, seen = FindingsCache(detector, 1 << 20), list[object]()

    def meanwhile(found: Findings, prints: list[bytes]) -> None:
        seen.extend((len(found), prints, list(detector.asked)))
        detector.open.set()

    detector.open.set()
    await cache.detect(["a1", "b"], ONE)
    detector.open.clear()
    found, prints = await cache.read(["a1", "b", "c2", "d"], ONE, meanwhile)
    assert seen == [2, prints[:2], ["b", "a1", "d", "c2"]]
    assert found == await Digits().detect(["a1", "b", "c2", "d"])
    assert prints == cache.prints(["a1", "b", "c2", "d"], ONE)
    assert detector.admitted[-2:] == [False, True]  # a request takes one place in the queue
    await cache.read(["a1", "b"], ONE, meanwhile)
    assert len(seen) == 3  # nothing was read


async def test_what_goes_wrong_meanwhile_ends_the_reading() -> None:
    detector = Gated()

    def meanwhile(found: Findings, prints: list[bytes]) -> None:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        await FindingsCache(detector, 1 << 20).read(["a"], ONE, meanwhile)
    assert len(asyncio.all_tasks()) == 1


async def test_no_text_is_kept() -> None:
    cache = FindingsCache(Digits(), 1 << 20)
    await cache.detect(["geheimes Wort 7"], ONE)
    assert "geheim" not in repr(vars(cache))


WORDS = st.sampled_from(["Anna Brinkmann", "Frau Brinkmann", "a@x.example", "Wort", "und", "Brinkmanns"])
TEXTS = st.lists(st.lists(WORDS, max_size=4).map(" ".join), min_size=1, max_size=5)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_propagation_is_the_same_from_the_cache(requests: list[list[str]]) -> None:
    cache = FindingsCache(Digits(), 1 << 20)
    for texts in [*requests, *requests]:
        own = [[Finding(*m.span(), "PERSON", 0.9, "t") for m in re.finditer("Anna Brinkmann", t)] for t in texts]
        known = Known("EMAIL", "a@x.example")
        assert cache.propagate(texts, own, [known[:2]], ONE) == propagate(texts, own, [known])
