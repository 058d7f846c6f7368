"""Propagation from the cache: the same as without it, for one tenant only, and for a turn only what is new in it."""

import pickle
import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import proxy.spread
from keys.secret import Secret
from proxy.findings_cache import FindingsCache
from proxy.spread import Spread
from recognizers.finding import EMAIL, PERSON, Finding
from recognizers.propagate import Known, is_sure, propagate
from tests.proxy.test_findings_cache import ONE, TWO, Digits

MARKED = re.compile(r"(?P<PERSON>Anna Brinkmann|Otto Peters|Peter)|(?P<EMAIL>\w+@x\.example)")
PIECES = st.sampled_from(
    ["Anna Brinkmann", "Frau Brinkmann", "Brinkmanns", "Otto Peters", "Peters", "Peter", "otto@x.example",
     "anna@x.example", "Anna", "OTTO", "und", "peter@x.example", "+++++"]
)  # fmt: skip
REQUESTS = st.lists(st.lists(st.lists(PIECES, max_size=4).map(" ".join), min_size=1, max_size=6), max_size=5)
KNOWN = st.lists(
    st.sampled_from([(EMAIL, "anna@x.example"), (PERSON, "Otto Peters"), (PERSON, "Lea"), ("CUSTOM", "+++++")]),
    unique=True,
)


def marked(text: str) -> list[Finding]:
    """Find some names, in a text of some length with little certainty."""
    score = 0.5 if len(text) % 3 == 0 else 0.9
    return [Finding(*match.span(), str(match.lastgroup), score, "test") for match in MARKED.finditer(text)]


def plain(texts: list[str], known: list[tuple[str, str]]) -> list[list[Finding]]:
    """Propagate without a cache: what is known and in none of the texts comes first, then what is in them."""
    own = [marked(text) for text in texts]
    every = [(f, text) for text, findings in zip(texts, own, strict=True) for f in findings]
    found = dict.fromkeys((f.kind, text[f.start : f.end]) for f, text in every)
    sure = {(f.kind, text[f.start : f.end]) for f, text in every if is_sure(f)}
    beside = [Known(*value) for value in known if value not in found]
    return propagate(texts, own, [*beside, *(Known(*value, value in sure) for value in found)])


@settings(deadline=None)  # up to ten requests, some of them read anew
@given(REQUESTS, KNOWN)
def test_whatever_was_asked_before_the_answer_is_the_same(
    requests: list[list[str]], known: list[tuple[str, str]]
) -> None:
    cache = FindingsCache(Digits(), 1 << 20)
    for texts in [*requests, *reversed(requests)]:
        for values in (known, []):
            own = [marked(text) for text in texts]
            assert cache.propagate(texts, own, values, ONE) == plain(texts, values)


@given(st.lists(st.lists(PIECES, max_size=4).map(" ".join), max_size=12))
def test_a_chat_that_grows_gets_what_it_would_get_anew(texts: list[str]) -> None:
    cache = FindingsCache(Digits(), 1 << 20)
    for turn in range(1, len(texts) + 1):
        history = texts[:turn]
        assert cache.propagate(history, [marked(text) for text in history], [], ONE) == plain(history, [])


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are really read."""
    texts: list[str] = []

    def spied(of: Sequence[str], findings: Sequence[Sequence[Finding]], known: Sequence[Known]) -> object:
        texts.extend(of)
        return propagate(of, findings, known)

    monkeypatch.setattr(proxy.spread, "propagate", spied)
    return texts


def turns(cache: FindingsCache, count: int, key: Secret = ONE) -> list[str]:
    history: list[str] = []
    for turn in range(count):
        history += [f"Bitte an kunde{turn}@x.example schreiben", f"Das ist erledigt, Nummer {turn}"]
        cache.propagate(history, [marked(text) for text in history], [], key)
    return history


def test_a_turn_reads_only_what_is_new_in_it(read: list[str]) -> None:
    history = turns(FindingsCache(Digits(), 1 << 20), 100)
    assert len(read) <= len(history) * 1.25  # now and then a text is taken to hold a word it doesn't


@pytest.mark.parametrize("length", [1, 2, 20])
def test_requests_that_begin_alike_read_their_beginning_once(read: list[str], length: int) -> None:
    cache = FindingsCache(Digits(), 1 << 20)
    history = [f"an kunde{n}@x.example" for n in range(length)]
    for n in range(10):
        request = [*history, f"Frage {n} von frage{n}@x.example"]
        cache.propagate(request, [marked(text) for text in request], [], ONE)
    assert len(read) <= length + 10 + 3


def test_a_new_value_is_found_in_old_texts_that_hold_it(read: list[str]) -> None:
    cache = FindingsCache(Digits(), 1 << 20)
    history = [*turns(cache, 5), "Brinkmann rief an", "Anna Brinkmann rief an"]
    read.clear()
    before = history[:-1]
    cache.propagate(before, [marked(text) for text in before], [], ONE)
    assert read == ["Brinkmann rief an"]
    found = cache.propagate(history, [marked(text) for text in history], [], ONE)
    assert [f.end for f in found[-2]] == [len("Brinkmann")]
    assert len(read) <= 4


def test_nothing_of_one_tenant_serves_another(read: list[str]) -> None:
    cache = FindingsCache(Digits(), 1 << 20)
    history = turns(cache, 5)
    read.clear()
    assert turns(cache, 5, TWO) == history
    assert set(read) == set(history)


def test_very_many_new_values_are_looked_for_at_once(read: list[str]) -> None:
    cache = FindingsCache(Digits(), 1 << 20)
    history = turns(cache, 3)
    many = " ".join(f"neu{n}@x.example" for n in range(100))
    read.clear()
    cache.propagate([*history, many], [marked(text) for text in [*history, many]], [], ONE)
    assert set(read) == {*history, many}


def test_neither_text_nor_value_is_kept() -> None:
    spread = Spread()
    texts = ["Anna Brinkmann rief an", "Brinkmann rief an", "an kunde@x.example"]
    spread.extend([(text, marked(text)) for text in texts], [(PERSON, "Otto Peters")])
    kept = pickle.dumps(vars(spread))
    assert not [word for word in (b"rief", b"kunde", b"rinkmann", b"Peters") if word in kept]
    assert spread.size > 2_000
