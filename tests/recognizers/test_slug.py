"""What is a chain of plain words, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.slug import in_slug

WORDS = st.lists(st.text("abzäß", min_size=2, max_size=9), min_size=3, max_size=6)


@given(WORDS, st.sampled_from(["", "feature/", "record ", "("]), st.data())
def test_every_part_of_a_chain_lies_in_it(words: list[str], before: str, data: st.DataObject) -> None:
    chain = "-".join(words)
    start = data.draw(st.integers(0, len(chain) - 1))
    end = data.draw(st.integers(start + 1, len(chain)))
    assert in_slug(f"{before}{chain}: and so on", len(before) + start, len(before) + end)


@pytest.mark.parametrize("text", ["anna-lena", "Anna-Lena-Marie", "a-b-c", "kd-4711-akte", "anna lena marie"])
def test_names_and_numbers_with_hyphens_are_none(text: str) -> None:
    assert not in_slug(text, 0, len(text))


def test_what_reaches_beyond_a_chain_does_not_lie_in_it() -> None:
    assert not in_slug("anker-rost-kessel meier", 0, 23)
