"""Propagation from the cache: the same as without it, for one tenant only, and for a turn only what is new in it."""

import pickle
import re
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import proxy.spread
from keys.secret import Secret
from proxy.spread import Spread
from proxy.spreads import Spreads
from recognizers.finding import EMAIL, PERSON, Finding
from recognizers.identity import Value
from recognizers.propagate import Known, is_sure, propagate

ONE, TWO = Secret(b"1" * 32), Secret(b"2" * 32)
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


def spread(
    spreads: Spreads, texts: list[str], known: Sequence[Value] = (), *, key: Secret = ONE, cuts: Iterable[int] = ()
) -> list[list[Finding]]:
    """Spread a request's texts, in parts that end at ``cuts``."""
    read, found = list[tuple[str, Sequence[Finding]]](), dict[int, Sequence[Finding]]()
    with spreads.of_request(len(texts), key) as spreading:
        for end in sorted({*cuts, len(texts)}):
            new = [(text, marked(text)) for text in texts[len(read) : end]]
            read += new
            found |= spreading.extend(read, [None] * len(new), known)
    return [list(found[at]) for at in range(len(texts))]


def plain(texts: list[str], known: list[tuple[str, str]]) -> list[list[Finding]]:
    """Propagate without a cache: what is known and in none of the texts comes first, then what is in them."""
    own = [marked(text) for text in texts]
    every = [(f, text) for text, findings in zip(texts, own, strict=True) for f in findings]
    found = dict.fromkeys((f.kind, text[f.start : f.end]) for f, text in every)
    sure = {(f.kind, text[f.start : f.end]) for f, text in every if is_sure(f)}
    beside = [Known(*value) for value in known if value not in found]
    return propagate(texts, own, [*beside, *(Known(*value, value in sure) for value in found)])


@settings(deadline=None)  # up to ten requests, some of them read anew
@given(REQUESTS, KNOWN, st.data())
def test_whatever_was_asked_before_the_answer_is_the_same(
    requests: list[list[str]], known: list[Value], data: st.DataObject
) -> None:
    spreads = Spreads(1 << 20)
    for texts in [*requests, *reversed(requests)]:
        for values in (known, []):
            cuts = data.draw(st.lists(st.integers(1, len(texts)), max_size=2))
            assert spread(spreads, texts, values, cuts=cuts) == plain(texts, values)


@given(st.lists(st.lists(PIECES, max_size=4).map(" ".join), max_size=12), st.integers(0, 2))
def test_a_chat_that_grows_gets_what_it_would_get_anew(texts: list[str], ahead: int) -> None:
    spreads = Spreads(1 << 20)
    for turn in range(1, len(texts) + 1):
        history = texts[:turn]
        assert spread(spreads, history, cuts=[max(1, turn - ahead)]) == plain(history, [])


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are really read."""
    texts: list[str] = []

    def spied(of: Sequence[str], findings: Sequence[Sequence[Finding]], known: Sequence[Known]) -> object:
        texts.extend(of)
        return propagate(of, findings, known)

    monkeypatch.setattr(proxy.spread, "propagate", spied)
    return texts


def turns(spreads: Spreads, count: int, key: Secret = ONE, ahead: int = 0) -> list[str]:
    history: list[str] = []
    for turn in range(count):
        history += [f"Bitte an kunde{turn}@x.example schreiben", f"Das ist erledigt, Nummer {turn}"]
        spread(spreads, history, key=key, cuts=[max(1, len(history) - ahead)])
    return history


@pytest.mark.parametrize("ahead", [0, 1, 2])
def test_a_turn_reads_only_what_is_new_in_it(read: list[str], ahead: int) -> None:
    history = turns(Spreads(1 << 20), 100, ahead=ahead)
    assert len(read) <= len(history) * 1.25  # now and then a text is taken to hold a word it doesn't


@pytest.mark.parametrize("ahead", [0, 1])
@pytest.mark.parametrize("length", [1, 2, 20])
def test_requests_that_begin_alike_read_their_beginning_once(read: list[str], length: int, ahead: int) -> None:
    spreads = Spreads(1 << 20)
    history = [f"an kunde{n}@x.example" for n in range(length)]
    for n in range(10):
        request = [*history, f"Frage {n} von frage{n}@x.example"]
        spread(spreads, request, cuts=[len(request) - ahead])
    assert len(read) <= length + 10 + 3


def test_a_new_value_is_found_in_old_texts_that_hold_it(read: list[str]) -> None:
    spreads = Spreads(1 << 20)
    history = [*turns(spreads, 5), "Brinkmann rief an", "Anna Brinkmann rief an"]
    read.clear()
    before = history[:-1]
    spread(spreads, before)
    assert read == ["Brinkmann rief an"]
    found = spread(spreads, history)
    assert [f.end for f in found[-2]] == [len("Brinkmann")]
    assert len(read) <= 4


def test_nothing_of_one_tenant_serves_another(read: list[str]) -> None:
    spreads = Spreads(1 << 20)
    history = turns(spreads, 5)
    read.clear()
    assert turns(spreads, 5, TWO) == history
    assert set(read) == set(history)


def test_very_many_new_values_are_looked_for_at_once(read: list[str]) -> None:
    spreads = Spreads(1 << 20)
    history = turns(spreads, 3)
    many = " ".join(f"neu{n}@x.example" for n in range(100))
    read.clear()
    spread(spreads, [*history, many])
    assert set(read) == {*history, many}


def test_neither_text_nor_value_is_kept() -> None:
    kept = Spread()
    texts = ["Anna Brinkmann rief an", "Brinkmann rief an", "an kunde@x.example"]
    kept.extend([(text, marked(text)) for text in texts], [(PERSON, "Otto Peters")])
    plain = pickle.dumps(vars(kept))
    assert not [word for word in (b"rief", b"kunde", b"rinkmann", b"Peters") if word in plain]
    assert kept.size > 2_000
