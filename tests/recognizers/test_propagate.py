import itertools

from hypothesis import given
from hypothesis import strategies as st

from recognizers.finding import ADDRESS, CUSTOMER_NO, EMAIL, LITERAL, PERSON, SECRET, USERNAME, Finding
from recognizers.propagate import Known, propagate

WORDS = st.sampled_from(
    [
        "Max Müller",
        "Müller",
        "MÜLLER",
        "müller",
        "Müllers",
        "Anna Koch",
        "der Koch",
        "Koch",
        "GmbH",
        "K-48213",
        "48213",
        "max@x.de",
        "M&uuml;ller",
        "42",
        "Hauptstr. 5, 10115 Berlin",
        "Hauptstr. 5",
        "und",
        ".",
        "\n",
        "ß",
        "İ",
        "hunter2",
    ]
)
TEXTS = st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=4)
KINDS = st.sampled_from([PERSON, EMAIL, ADDRESS, CUSTOMER_NO, SECRET, LITERAL, "CUSTOM"])


def mark(text: str, *values: tuple[str, str]) -> list[Finding]:
    return sorted(Finding(text.index(v), text.index(v) + len(v), kind, 0.6, "x") for kind, v in values)


def found(text: str, *known: tuple[str, str], marks: tuple[tuple[str, str], ...] = ()) -> list[str]:
    (findings,) = propagate([text], [mark(text, *marks)], [Known(*value) for value in known])
    return [text[f.start : f.end] for f in findings]


@given(TEXTS, st.lists(st.builds(Known, KINDS, WORDS), max_size=5))
def test_results_are_sorted_disjoint_and_inside(texts: list[str], known: list[Known]) -> None:
    for text, findings in zip(texts, propagate(texts, [[] for _ in texts], known), strict=True):
        assert all(0 <= f.start < f.end <= len(text) for f in findings)
        assert all(a.end <= b.start for a, b in itertools.pairwise(findings))


@given(TEXTS, st.lists(st.builds(Known, KINDS, WORDS), max_size=5))
def test_every_text_is_its_own_matter(texts: list[str], known: list[Known]) -> None:
    together = propagate(texts, [[] for _ in texts], known)
    assert together == [propagate([text], [[]], known)[0] for text in texts]


@given(TEXTS)
def test_nothing_known_changes_nothing(texts: list[str]) -> None:
    assert propagate(texts, [[] for _ in texts]) == [[] for _ in texts]


@given(
    st.text(alphabet="abcÄöß123 -.&", min_size=6, max_size=20)
    .map(str.strip)
    .filter(lambda v: len(v) > 5 and any(map(str.isalpha, v)))
)
def test_a_custom_value_is_found_wherever_it_stands_alone(value: str) -> None:
    assert found(f"x {value}, y", ("CUSTOM", value)) == [value]


def test_a_person_is_found_by_its_parts() -> None:
    text = "Herr Müller und MÜLLER. Max? Müllers Haus, Mueller, M&uuml;ller"
    assert found(text, (PERSON, "Max Müller")) == ["Müller", "MÜLLER", "Max", "Müller", "Mueller", "M&uuml;ller"]


def test_a_found_value_is_found_in_the_other_texts() -> None:
    first, second = "Nadia Kowalski rief an", "Bitte Kowalski, Nadia zurückrufen"
    result = propagate([first, second], [mark(first, (PERSON, "Nadia Kowalski")), []])
    assert [second[f.start : f.end] for f in result[1]] == ["Kowalski, Nadia"]


def test_words_firms_and_streets_are_left_alone() -> None:
    assert found("Der Koch kocht, ein Koch.", (PERSON, "Anna Koch")) == []
    assert found("Will you come in May?", (PERSON, "Will May")) == ["May"]
    assert found("Müller GmbH, Müller Maschinenbau AG, Firma Müller", (PERSON, "Müller")) == []
    assert found("Max-Müller-Straße", (PERSON, "Müller")) == []
    assert found("müller mahlt in der Mühle Korn", (PERSON, "Müller")) == []


def test_lower_case_counts_where_everybody_writes_so() -> None:
    assert found("mit nadia und kowalski reden", (PERSON, "nadia kowalski")) == ["nadia", "kowalski"]
    assert found("ja der kowalski wieder", (PERSON, "Kowalski")) == ["kowalski"]


def test_a_genitive_loses_its_ending_only_where_the_name_is_known_without() -> None:
    assert found("Müllers Haus", (PERSON, "Müller"), marks=((PERSON, "Müllers"),)) == ["Müller"]
    assert found("Peters Haus, Peter", (PERSON, "Anna Peters"), marks=((PERSON, "Peters"),)) == ["Peters"]


def test_a_name_in_an_address_is_covered_by_the_address() -> None:
    text = "max.mueller@x.de von Max"
    assert found(text, (PERSON, "Max Müller"), marks=((EMAIL, "max.mueller@x.de"),)) == ["max.mueller@x.de", "Max"]


def test_numbers_are_whole_and_long_enough() -> None:
    text = "123456, 1234567, 123456.78, 42, K-123456"
    assert found(text, (CUSTOMER_NO, "123456"), (CUSTOMER_NO, "42")) == ["123456", "123456"]


def test_parts_of_an_address() -> None:
    text = "Hauptstr. 5 liegt in 10115\nBerlin, nicht Berlin"
    assert found(text, (ADDRESS, "Hauptstr. 5, 10115 Berlin")) == ["Hauptstr. 5", "10115\nBerlin"]


def test_secrets_in_their_case_only() -> None:
    assert found("Hunter2 HUNTER2 hunter2", (SECRET, "hunter2")) == ["hunter2"]
    assert found("nadia.k NADIA.K", (USERNAME, "nadia.k")) == ["nadia.k"]


def test_literals_are_found_by_their_form_not_by_value() -> None:
    assert found("[PERSON_1]", (LITERAL, "[PERSON_1]")) == []


def test_a_weak_guess_does_not_spread() -> None:
    text = "Der Gedenkstein. Wer hat den Gedenkstein errichtet?"
    weak = [Finding(4, 15, PERSON, 0.62, "x")]
    assert propagate([text], [weak]) == [weak]
    strong = [Finding(4, 15, PERSON, 0.69, "x")]
    assert len(propagate([text], [strong])[0]) == 2
