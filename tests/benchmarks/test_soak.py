"""The soak: growth is told from its later half, everybody is somebody else, and it runs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.soak.__main__ import run
from benchmarks.soak.memory import Sample, slope
from benchmarks.soak.people import body, message


def grown(sizes: list[int]) -> list[Sample]:
    return [Sample(exchanges, 0.0, {"proxy": size}) for exchanges, size in enumerate(sizes)]


@given(st.integers(-500, 500), st.integers(4, 40))
def test_a_straight_line_has_its_slope_whatever_was_before(each: int, count: int) -> None:
    filling = [7 * i * i for i in range(count // 2)]
    sizes = filling + [10**6 + each * i for i in range(count - count // 2)]
    assert slope(grown(sizes), "proxy") == pytest.approx(each, abs=1e-6)


def test_one_sample_makes_no_slope() -> None:
    with pytest.raises(ValueError, match="two samples"):
        slope(grown([1]), "proxy")
    with pytest.raises(ValueError, match="two samples"):
        slope(grown([1, 2, 3, 4]), "detector")


def test_no_two_exchanges_are_of_one_person() -> None:
    letters = {message(number) for number in range(2_000)}
    assert len(letters) == 2_000
    assert message(5) == message(5)
    asked = json.loads(json.dumps(body(5)))
    assert asked["stream"] is True
    assert asked["messages"][0]["content"] == message(5)


async def test_it_runs_through_a_real_proxy() -> None:
    samples = await run(12, clients=2, every=4)
    assert sorted(sample.exchanges for sample in samples) == [0, 4, 8, 12]
    assert all(sample.resident["proxy"] and sample.resident["detector"] for sample in samples)
