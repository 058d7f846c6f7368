"""Memo: the same results as without it, only what is new is worked out, its memory is bounded, and no value kept."""

import operator
import pickle
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.memo import _OVERHEAD, Growing, Memo
from proxy.vault.plan import FirstTokens
from proxy.vault.protocol import Claim
from recognizers.finding import ADDRESS, EMAIL, PERSON, PHONE
from recognizers.identity import Relations, relate

LISTS = st.lists(st.sampled_from([b"", b"1", b" ", b"1 ", b"11", b"1 1", b"0 "]), max_size=6)


class Before:
    """Gives for each item the items before it and itself; ``done`` notes for which there was anything to do."""

    def __init__(self, done: list[bytes] | None = None) -> None:
        self.size = 0
        self._results = list[list[bytes]]()
        self._done = done if done is not None else []

    def extend(self, items: list[bytes]) -> list[list[bytes]]:
        for length in range(len(self._results), len(items)):
            self._results.append(items[: length + 1])
            self._done.append(items[length])
        self.size = 100 * len(items)
        return list(self._results)


    def __copy__(self) -> "Before":
        other = Before(self._done)
        other._results = [*self._results]
        return other


def ask(memo: Memo[Before], items: list[bytes], *, stem: bool = False) -> list[list[bytes]]:
    with memo.growing() as growing:
        return growing(items, lambda growth: growth.extend(items), stem=stem)


@given(st.lists(st.tuples(LISTS, st.booleans()), max_size=20), st.sampled_from([0, 1_000, 100_000]))
def test_it_gives_what_would_be_worked_out(asked: list[tuple[list[bytes], bool]], limit: int) -> None:
    memo = Memo(Before, limit)
    for items, stem in asked:
        assert ask(memo, items, stem=stem) == Before().extend(items)
        assert 0 <= memo._room == limit - sum(kept.growth.size + _OVERHEAD for kept in memo._kept.values())
        assert sorted(memo._lengths.elements()) == sorted(kept.length for kept in memo._kept.values())


def test_only_what_is_new_is_worked_out() -> None:
    done = list[bytes]()
    memo = Memo(lambda: Before(done), 100_000)
    for asked in (b"a", b"ab", b"x", b"ab", b"abcd", b"xa"):
        ask(memo, [bytes([byte]) for byte in asked])
    assert b"".join(done) == b"abxcda"


def test_a_stem_is_gone_on_from_again_and_again() -> None:
    done = list[bytes]()
    memo = Memo(lambda: Before(done), 100_000)
    ask(memo, [b"a", b"b"], stem=True)
    ask(memo, [b"a", b"b"])  # by itself
    for last in (b"x", b"y", b"x", b"z"):
        assert memo.begun([b"a", b"b", last]) == 2 + (last == b"x" and b"x" in done)
        ask(memo, [b"a", b"b", last])
    assert b"".join(done) == b"abxyz"
    assert memo.begun([b"b", b"a"]) == 0


def test_the_growth_asked_for_longest_ago_makes_room() -> None:
    done = list[bytes]()
    memo = Memo(lambda: Before(done), 2 * (_OVERHEAD + 100))
    for asked in (b"a", b"b", b"a", b"c", b"a", b"b"):
        ask(memo, [asked])
    assert b"".join(done) == b"abcb"


def test_what_failed_is_not_gone_on_from() -> None:
    memo = Memo(Before, 100_000)
    ask(memo, [b"a"])
    with memo.growing() as growing, pytest.raises(ZeroDivisionError):
        growing([b"a", b"b"], lambda growth: growth.size // 0)
    assert not memo._kept


@given(st.lists(st.tuples(st.integers(0, 2), LISTS), max_size=20), st.sampled_from([0, 1_000, 100_000]))
def test_requests_at_a_time_may_grow_alike(asked: list[tuple[int, list[bytes]]], limit: int) -> None:
    memo = Memo(Before, limit)
    requests, lists = [Growing(memo) for _ in range(3)], [list[bytes]() for _ in range(3)]
    for which, items in asked:
        lists[which] = lists[which] + items if len(items) % 2 else items  # some go on, some begin anew
        grow = operator.methodcaller("extend", lists[which])
        assert requests[which](lists[which], grow) == Before().extend(lists[which])
    for request in requests:
        request.put_back()
    assert memo._room == limit - sum(kept.growth.size + _OVERHEAD for kept in memo._kept.values())
    assert sorted(memo._lengths.elements()) == sorted(kept.length for kept in memo._kept.values())


def test_what_one_request_holds_is_gone_on_from_and_no_other_has_it() -> None:
    done = list[bytes]()
    memo = Memo(lambda: Before(done), 100_000)
    ask(memo, [b"a"])
    with memo.growing() as growing:
        growing([b"a", b"b"], lambda growth: growth.extend([b"a", b"b"]))
        ask(memo, [b"a"])
        growing([b"a", b"b", b"c"], lambda growth: growth.extend([b"a", b"b", b"c"]))
    ask(memo, [b"a", b"b", b"c", b"d"])
    assert b"".join(done) == b"abacd"


def test_no_value_is_kept() -> None:
    values = [(PERSON, "Anna Brinkmann"), (PERSON, "Brinkmann"), (PERSON, "Annegret"), (ADDRESS, "Lindenweg 4")]
    values += [(EMAIL, "a@brinkmann.example"), (PHONE, "0171 5550218"), (PHONE, "+49 171 5550218")]
    relations, tokens = Relations(), FirstTokens(lambda kind, value: sha256(f"{kind} {value}".encode()).digest())
    assert relations.extend(values) == relate(values)
    assert tokens.extend([Claim(*value) for value in values])[0] == "[PERSON_1]"
    kept = pickle.dumps([relations, tokens._planned, tokens._sketch.index])
    assert not [word for word in (b"nna", b"rinkmann", b"nnegret", b"indenweg", b"5550218") if word in kept]
