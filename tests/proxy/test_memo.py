"""Memo: the same results as without it, only what is new is worked out, its memory is bounded, and no value kept."""

import pickle
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from proxy.memo import Memo
from proxy.vault.plan import FirstTokens
from proxy.vault.protocol import Claim
from recognizers.finding import ADDRESS, EMAIL, PERSON, PHONE
from recognizers.identity import Relation, Relations, relate

PARTS = st.lists(st.sampled_from(["", "1", " ", "1 ", "11", "1 1", "\ud800", "ü"]), max_size=6)


class Before:
    """Gives each item the items before it and itself; ``done`` notes for whom there was anything to do."""

    def __init__(self, done: list[str]) -> None:
        self._results = list[tuple[str, ...]]()
        self._done = done

    def extend(self, items: Sequence[str]) -> Sequence[tuple[str, ...]]:
        for length in range(len(self._results), len(items)):
            self._results.append(tuple(items[: length + 1]))
            self._done.append(items[length])
        return list(self._results)


@given(st.lists(PARTS, max_size=20), st.sampled_from([0, 40, 10_000]))
def test_it_gives_what_would_be_worked_out(asked: list[list[str]], limit: int) -> None:
    memo = Memo(lambda: Before([]), limit)
    for parts in asked:
        assert memo(parts, parts) == Before([]).extend(parts)
        assert memo._room + sum(length + 16 for length, _ in memo._grown.values()) == limit
        assert sorted(memo._lengths.elements()) == sorted(length for length, _ in memo._grown.values())


def test_only_what_is_new_is_worked_out() -> None:
    done = list[str]()
    memo = Memo(lambda: Before(done))
    for asked in (["a"], ["a", "b"], ["x"], ["a", "b"], ["a", "b", "c", "d"], ["x", "a"]):
        memo(asked, asked)
    assert done == ["a", "b", "x", "c", "d", "a"]


def test_the_growth_asked_for_longest_ago_makes_room() -> None:
    done = list[str]()
    memo = Memo(lambda: Before(done), limit=34)
    for asked in ("a", "b", "a", "c", "a", "b"):
        memo([asked], [asked])
    assert done == ["a", "b", "c", "b"]


def test_no_value_is_kept() -> None:
    values = [(PERSON, "Anna Brinkmann"), (PERSON, "Brinkmann"), (PERSON, "Annegret"), (ADDRESS, "Lindenweg 4")]
    values += [(EMAIL, "a@brinkmann.example"), (PHONE, "0171 5550218"), (PHONE, "+49 171 5550218")]
    relations = Memo[tuple[str, str], Relation](Relations)
    tokens = Memo[Claim, str](FirstTokens)
    parts = [" ".join(value) for value in values]
    assert relations(parts, values) == relate(values)
    assert tokens(parts, [Claim(*value) for value in values])[0] == "[PERSON_1]"
    kept = pickle.dumps([*relations._grown.values()]) + pickle.dumps([*tokens._grown.values()])
    for word in ("nna", "rinkmann", "nnegret", "indenweg", "5550218"):
        assert word.encode() not in kept
