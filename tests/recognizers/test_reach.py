from hypothesis import example, given
from hypothesis import strategies as st

from recognizers.finding import ADDRESS, CUSTOMER_NO, EMAIL, LITERAL, PERSON, SECRET
from recognizers.propagate import Known, propagate
from recognizers.reach import Words, condition, hashes, met

PIECES = st.sampled_from(
    ["Max Müller", "Mueller", "MÜLLER", "müllers", "Peter", "Peters", "Anna Peters", "Koch, Anna", "der Koch", "Weiß",
     "WEISS", "M&uuml;ller", "max.mueller@x.de", "K-48213", "48213", "Hauptstr. 5, 10115 Berlin", "10115 Berlin",
     "Hauptstr. 5", "hunter2", "hunter", "[PERSON_1]", "O'Neil", "o\u2019neil", "und", ".", "\n", "İ", "+++"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=8).map(" ".join)
KINDS = st.sampled_from([PERSON, EMAIL, ADDRESS, CUSTOMER_NO, SECRET, LITERAL, "CUSTOM"])
VALUES = st.lists(st.builds(Known, KINDS, PIECES), max_size=8)


@given(TEXTS, VALUES)
@example("Mit Müllers", [Known(PERSON, "Max Mueller")])
@example("Peters Haus", [Known(PERSON, "Anna Peters"), Known(PERSON, "Peter")])
@example("in 10115\nBerlin", [Known(ADDRESS, "Hauptstr. 5, 10115 Berlin")])
def test_what_a_text_does_not_allow_changes_nothing_in_it(text: str, values: list[Known]) -> None:
    there = hashes(text)
    met_there = [value for value in values if met(condition(value.kind, value.value), there)]
    allowed = [value for value in values if Words(there).allow(condition(value.kind, value.value))]
    assert set(met_there) <= set(allowed)
    assert propagate([text], [[]], met_there) == propagate([text], [[]], values)
    assert propagate([text], [[]], allowed) == propagate([text], [[]], values)


@given(st.lists(TEXTS, max_size=4), st.tuples(st.sampled_from([PERSON, ADDRESS, "CUSTOM"]), PIECES))
def test_several_texts_allow_what_one_of_them_does(texts: list[str], value: tuple[str, str]) -> None:
    there = [hashes(text) for text in texts]
    joined = Words()
    for words in there:
        joined.add(words)
    assert set(joined) == set[int]().union(*there)
    if any(met(condition(*value), words) for words in there):
        assert met(condition(*value), set(joined))
        assert joined.allow(condition(*value))


def test_most_of_what_is_not_there_is_known_not_to_be() -> None:
    words = Words(hashes(" ".join(f"Wort{n}" for n in range(1_000))))
    assert all(words.allow(condition("CUSTOM", f"Wort{n}")) for n in range(1_000))
    assert sum(words.allow(condition("CUSTOM", f"Fremd{n}")) for n in range(1_000)) < 3
    assert len(words) < 8_000


def test_no_word_is_kept() -> None:
    words = Words(hashes("geheim Brinkmann"))
    assert b"geheim" not in words._sorted.tobytes()
    assert "geheim" not in repr(words)
