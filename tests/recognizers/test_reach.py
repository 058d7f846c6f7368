from hypothesis import example, given
from hypothesis import strategies as st

from recognizers.finding import ADDRESS, CUSTOMER_NO, EMAIL, LITERAL, PERSON, SECRET, Finding
from recognizers.propagate import Known, propagate
from recognizers.reach import Words, condition, hashes, joined, met

PIECES = st.sampled_from(
    ["Max Müller", "Mueller", "MÜLLER", "müllers", "Peter", "Peters", "Anna Peters", "Koch, Anna", "der Koch", "Weiß",
     "WEISS", "M&uuml;ller", "max.mueller@x.de", "K-48213", "48213", "Hauptstr. 5, 10115 Berlin", "10115 Berlin",
     "Hauptstr. 5", "hunter2", "hunter", "[PERSON_1]", "O'Neil", "o\u2019neil", "und", ".", "\n", "İ", "+++"]
)  # fmt: skip
KINDS = st.sampled_from([PERSON, EMAIL, ADDRESS, CUSTOMER_NO, SECRET, LITERAL, "CUSTOM"])
VALUES = st.lists(st.builds(Known, KINDS, PIECES), max_size=8)


@st.composite
def texts_with_findings(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    """Draw a text, and findings in it, most of them whole pieces of it."""
    pieces, text, found = draw(st.lists(PIECES, max_size=8)), "", list[Finding]()
    for piece in pieces:
        start = len(text) + draw(st.sampled_from([0, 0, 0, 1]))
        text += piece
        if draw(st.booleans()) and start < len(text):
            found.append(Finding(start, len(text), draw(KINDS), draw(st.sampled_from([0.4, 1.0])), "test"))
        text += draw(st.sampled_from([" ", " ", " ", "", "s", ", "]))
    return text, found


def plain(text: str) -> tuple[str, list[Finding]]:
    return text, []


@given(texts_with_findings(), VALUES)
@example(plain("Mit Müllers"), [Known(PERSON, "Max Mueller")])
@example(plain("Peters Haus"), [Known(PERSON, "Anna Peters"), Known(PERSON, "Peter")])
@example(plain("in 10115\nBerlin"), [Known(ADDRESS, "Hauptstr. 5, 10115 Berlin")])
@example(("Anna Koch", [Finding(0, 4, PERSON, 1, "t"), Finding(5, 9, PERSON, 1, "t")]), [Known(PERSON, "Anna Koch")])
@example(("Peters", [Finding(0, 6, PERSON, 1, "t")]), [Known(PERSON, "Peter")])
def test_what_a_text_does_not_allow_changes_nothing_in_it(of: tuple[str, list[Finding]], values: list[Known]) -> None:
    text, found = of
    there = hashes(text, found)
    met_there = [value for value in values if met(condition(value.kind, value.value), there)]
    allowed = [value for value in values if Words(there).allow(condition(value.kind, value.value))]
    assert set(met_there) <= set(allowed)
    assert propagate([text], [found], met_there) == propagate([text], [found], values)
    assert propagate([text], [found], allowed) == propagate([text], [found], values)


@given(st.lists(texts_with_findings(), max_size=4), st.tuples(st.sampled_from([PERSON, ADDRESS, "CUSTOM"]), PIECES))
def test_several_texts_allow_what_one_of_them_does(
    texts: list[tuple[str, list[Finding]]], value: tuple[str, str]
) -> None:
    there = [hashes(*text) for text in texts]
    together = Words()
    for words in there:
        together.add(Words(words))
    union = joined(map(Words, there))
    assert union.every == set[int]().union(*(words.every for words in there)) >= union.free
    if any(met(condition(*value), words) for words in there):
        assert met(condition(*value), union)
        assert together.allow(condition(*value))


def test_what_stands_within_findings_only_is_not_free() -> None:
    text = "Anna Koch rief an, Frau Koch"
    words = hashes(text, [Finding(0, 9, PERSON, 1, "test")])
    assert met(condition(PERSON, "Max Koch"), words)
    assert not met(condition(PERSON, "Anna"), words)
    assert words.every == hashes(text).every == hashes(text).free


def test_most_of_what_is_not_there_is_known_not_to_be() -> None:
    words = Words(hashes(" ".join(f"Wort{n}" for n in range(1_000))))
    assert all(words.allow(condition("CUSTOM", f"Wort{n}")) for n in range(1_000))
    assert sum(words.allow(condition("CUSTOM", f"Fremd{n}")) for n in range(1_000)) < 3
    assert words.size < 16_000


def test_no_word_is_kept() -> None:
    words = Words(hashes("geheim Brinkmann"))
    assert b"geheim" not in words._every.tobytes() + words._free.tobytes()
    assert "geheim" not in repr(words)
