"""Memo: the same result as without it, bounded, and nothing kept of what it was asked for."""

import pickle
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from proxy.memo import Memo

PARTS = st.lists(st.sampled_from(["", "1", " ", "1 ", "11", "1 1", "\ud800", "ü"]), max_size=4)


@given(st.lists(PARTS, max_size=20))
def test_it_gives_what_would_be_made(asked: list[list[str]]) -> None:
    memo = Memo[tuple[str, ...]](limit=3)
    for parts in asked:
        assert memo(parts, partial(tuple, parts)) == tuple(parts)


def test_what_was_asked_for_last_is_not_made_again() -> None:
    memo, made = Memo[int](limit=2), list[str]()

    def ask(part: str) -> None:
        memo([part], lambda: made.append(part) or len(made))  # type: ignore[func-returns-value]

    for part in ("a", "b", "a", "c", "a", "b"):
        ask(part)
    assert made == ["a", "b", "c", "b"]
    assert len(memo._results) == 2


def test_no_part_is_kept() -> None:
    memo = Memo[int]()
    memo(["Anna Brinkmann"], lambda: 1)
    assert b"Brinkmann" not in pickle.dumps([*memo._results])
