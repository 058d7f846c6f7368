"""The gold set keeps its laws, and its markup loses nothing."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn

from benchmarks.detection import goldset
from benchmarks.detection.goldset import KINDS, LANGUAGES, GoldError, Message, Span, parse, read_markup, write_markup
from recognizers.finding import CARD, IBAN

DEV = goldset.load("dev")
HELD_OUT = goldset.load("held_out")
EVERYTHING = [*DEV, *HELD_OUT]

texts = st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("⟦⟧⟨⟩|~ab1\n\u200b")))


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    pieces = draw(st.lists(st.tuples(texts, st.sampled_from([None, *KINDS]), st.booleans()), max_size=8))
    text, spans = "", []
    for piece, kind, dictated in pieces:
        if kind is not None and piece:
            spans.append(Span(len(text), len(text) + len(piece), kind, dictated))
        text += piece
    return text, tuple(spans)


@given(marked())
def test_markup_round_trip(case: tuple[str, tuple[Span, ...]]) -> None:
    text, spans = case
    source = write_markup(text, spans)
    assert read_markup(source) == (text, spans)
    assert all(c.isprintable() or c == "\n" for c in source)


@pytest.mark.parametrize(
    "broken", ["⟦PERSON|Mira", "Mira⟧", "⟦PERSON|Mi⟦PERSON|ra⟧⟧", "⟦Mira⟧", "⟨xyz⟩", "⟦person|Mira⟧"]
)
def test_broken_markup_is_refused(broken: str) -> None:
    with pytest.raises(GoldError):
        read_markup(broken)


@pytest.mark.parametrize(
    "source",
    [
        "⟦PERSON| Mira⟧", "⟦PERSON|Mira,⟧", "⟦PERSON|Frau Mira Lenz⟧", "⟦PERSON|DR. LENZ⟧", "⟦NAME|Mira⟧", "⟦PHONE|+⟧",
        "⟦PERSON|⟧",
    ],
)  # fmt: skip
def test_spans_against_the_rules_are_refused_without_their_text(source: str) -> None:
    with pytest.raises(GoldError) as caught:
        list(parse(f"=== one mail\n{source}\n", "de-mail"))
    assert "de-mail/one" in str(caught.value)
    assert "mira" not in str(caught.value).lower()


@pytest.mark.parametrize(
    "source", ["=== Wrong mail\nx\n", "lost\n=== one mail\nx\n", "=== one poem\nx\n", "=== one\nx\n"]
)
def test_broken_headers_are_refused(source: str) -> None:
    with pytest.raises(GoldError):
        list(parse(source, "de"))


def test_a_file_of_messages() -> None:
    source = "=== one mail\nHallo ⟦PERSON|M&uuml;ller⟧!\n\n-- \n=== two chat\nna⟨AD⟩ja\n"
    one, two = parse(source, "de-mail")
    assert one == Message("de-mail/one", "de", "mail", "Hallo M&uuml;ller!\n\n-- ", (Span(6, 17, "PERSON"),))
    assert two.text == "na\xadja"
    assert two.harmless


def test_there_is_enough_of_everything() -> None:
    assert len(EVERYTHING) >= 300
    assert sum(message.harmless for message in EVERYTHING) >= 60
    for split in (DEV, HELD_OUT):
        assert len(split) >= 150
        assert sum(message.harmless for message in split) >= 30
        assert {m.language for m in split} == set(LANGUAGES)
        assert {m.genre for m in split} == set(goldset.GENRES)
        assert {s.kind for m in split for s in m.spans} == set(KINDS)
    languages = Counter(message.language for message in EVERYTHING)
    assert 0.40 <= languages["de"] / len(EVERYTHING) <= 0.50
    assert min(languages.values()) >= 20


def test_no_text_stands_in_both_splits() -> None:
    def plain(message: Message) -> str:
        return re.sub(r"\W+", " ", message.text.casefold())

    assert len({plain(message) for message in EVERYTHING}) == len(EVERYTHING)


def test_personal_values_of_the_splits_differ() -> None:
    """What is hidden in held_out was not seen in dev, lone names apart."""

    def values(messages: list[Message]) -> set[str]:
        found = {m.text[s.start : s.end].casefold() for m in messages for s in m.spans}
        return {value for value in found if re.search(r"[\s@]", value) or sum(map(str.isdigit, value)) > 5}

    assert values(DEV) & values(HELD_OUT) == set()


@pytest.mark.parametrize("message", EVERYTHING, ids=[m.id for m in EVERYTHING])
def test_annotation(message: Message) -> None:
    goldset.check(message.text, message.spans)
    assert [*message.spans] == sorted(message.spans)
    assert all(a.end <= b.start for a, b in zip(message.spans, message.spans[1:], strict=False))
    for span in message.spans:
        value = message.text[span.start : span.end]
        if span.kind == IBAN and not span.dictated:
            assert iban.is_valid(value)
        if span.kind == CARD and not span.dictated:
            assert luhn.is_valid(re.sub(r"\D", "", value))
