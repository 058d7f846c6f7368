import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.finding import ADDRESS, EMAIL, IBAN, LITERAL, PERSON, PHONE, SECRET, Finding
from recognizers.resolve import LOC, ORG, resolve, united
from recognizers.scores import CHECKSUM_SCORE, CONTEXT_SCORE, MODEL_SCORE
from recognizers.trim import trim

TEXT = "Herr Max Müller, Hauptstr. 5, 10115 Berlin, Deutschland – max@x.de +49 30 1234567 (Anna Koch) "
KINDS = st.sampled_from([PERSON, ADDRESS, EMAIL, PHONE, IBAN, LITERAL, SECRET])


@st.composite
def found(draw: st.DrawFn, kinds: st.SearchStrategy[str] = KINDS) -> Finding:
    start = draw(st.integers(0, len(TEXT) - 1))
    end = draw(st.integers(start + 1, len(TEXT)))
    return Finding(start, end, draw(kinds), draw(st.sampled_from([MODEL_SCORE, CONTEXT_SCORE, CHECKSUM_SCORE])), "x")


def of(text: str, value: str, kind: str, score: float = MODEL_SCORE) -> Finding:
    start = text.index(value)
    return Finding(start, start + len(value), kind, score, "x")


def values(text: str, findings: list[Finding]) -> list[tuple[str, str]]:
    return [(f.kind, text[f.start : f.end]) for f in findings]


@given(st.lists(found(), max_size=8))
def test_union_covers_everything_and_nothing_else(findings: list[Finding]) -> None:
    result = united(findings)
    covered = {i for f in findings for i in range(f.start, f.end)}
    assert {i for f in result for i in range(f.start, f.end)} == covered
    assert all(a.end <= b.start for a, b in itertools.pairwise(result))


@given(st.lists(found(), max_size=8), st.randoms())
def test_order_does_not_matter(findings: list[Finding], random: st.DataObject) -> None:
    shuffled = list(findings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    once, again = united(findings), united(shuffled)
    assert [(f.start, f.end) for f in once] == [(f.start, f.end) for f in again]


@given(st.lists(found(), max_size=8))
def test_resolved_findings_are_sorted_disjoint_and_not_empty(findings: list[Finding]) -> None:
    result = resolve(TEXT, findings)
    assert all(f.start < f.end for f in result)
    assert all(a.end <= b.start for a, b in itertools.pairwise(result))


@given(st.lists(found(st.just(EMAIL)), max_size=5))
def test_what_a_checksum_or_context_found_survives_any_place(findings: list[Finding]) -> None:
    everywhere = [Finding(0, len(TEXT), ORG, 1.0, "model")]
    assert resolve(TEXT, findings, everywhere) == resolve(TEXT, findings)


@given(found(st.just(PERSON)))
def test_trimming_never_grows_a_span(finding: Finding) -> None:
    trimmed = trim(TEXT, finding)
    assert trimmed is None or (finding.start <= trimmed.start < trimmed.end <= finding.end)
    if trimmed is not None:
        assert trim(TEXT, trimmed) == trimmed


def test_the_stronger_kind_names_the_union() -> None:
    text = "Konto DE89 3704 0044"
    findings = [of(text, "DE89 3704", IBAN, CHECKSUM_SCORE), of(text, "3704 0044", PHONE)]
    assert values(text, resolve(text, findings)) == [(IBAN, "DE89 3704 0044")]


def test_parts_of_an_address_are_one_and_the_country_stays() -> None:
    findings = [of(TEXT, "Hauptstr. 5", ADDRESS)]
    places = [of(TEXT, "10115 Berlin", LOC), of(TEXT, "Deutschland", LOC)]
    assert values(TEXT, resolve(TEXT, findings, places)) == [(ADDRESS, "Hauptstr. 5, 10115 Berlin")]


def test_a_street_and_the_postcode_it_lies_in_are_one() -> None:
    for text, second in (("Lotsenweg 9 in 26723 Emden", "26723 Emden"), ("4 rue Haute, à 69003 Lyon", "69003 Lyon")):
        street = text[: text.index(second)].rpartition(" ")[0].rpartition(" ")[0].rstrip(",")
        assert values(text, resolve(text, [of(text, street, ADDRESS), of(text, second, ADDRESS)])) == [(ADDRESS, text)]
    text = "Lotsenweg 9 in Emden, Am Kai 3 in 5 Tagen"
    findings = [of(text, "Lotsenweg 9", ADDRESS), of(text, "Am Kai 3", ADDRESS)]
    assert values(text, resolve(text, findings)) == [(ADDRESS, "Lotsenweg 9"), (ADDRESS, "Am Kai 3")]


def test_a_lone_place_is_nothing() -> None:
    assert resolve("Wir sind in Berlin", [], [of("Wir sind in Berlin", "Berlin", LOC)]) == []


def test_an_organisation_outweighs_a_guess_only() -> None:
    text = "Koch Industries"
    place = [of(text, text, ORG)]
    assert resolve(text, [of(text, "Koch", PERSON, MODEL_SCORE)], place) == []
    assert values(text, resolve(text, [of(text, "Koch", PERSON, CONTEXT_SCORE)], place)) == [(PERSON, "Koch")]


def test_given_and_family_name_found_one_by_one_are_one_person() -> None:
    findings = [of(TEXT, "Anna", PERSON), of(TEXT, "Koch", PERSON)]
    assert values(TEXT, resolve(TEXT, findings)) == [(PERSON, "Anna Koch")]


def names(*written: str) -> list[str | None]:
    trimmed = [trim(text, Finding(0, len(text), PERSON, 0.6, "x")) for text in written]
    return [text[f.start : f.end] if f else None for text, f in zip(written, trimmed, strict=True)]


def test_titles_greetings_and_endings_stay_outside() -> None:
    assert names("Herr Dr. Max Müller", "Sehr geehrte Frau Nadia K.", "Viele Grüße\nNadia") == [
        "Max Müller", "Nadia K.", "Nadia",
    ]  # fmt: skip
    assert names("Max Müller's", "Hi Priya,") == ["Max Müller", "Priya"]
    assert names("Mr. John Smith Jr.", "Panią Kowalską", "laut Björn", "Murat drauf", "N. Iyer FRCP") == [
        "John Smith", "Kowalską", "Björn", "Murat", "N. Iyer",
    ]  # fmt: skip


def test_ranks_stay_outside() -> None:
    assert names("Kurfürst Johann Georg I.", "Fürstin Sophie", "Jockey Piras") == [
        "Johann Georg I.", "Sophie", "Piras",
    ]  # fmt: skip


def test_parts_of_names_stay_inside() -> None:
    inside = (
        "Van den Berghe",
        "de Groot",
        "O’Brien",
        "d'Angelo",
        "A. Reinsberg",
        "LE GUENNEC",
        "Karl-Heinz Weber",
        "May",
    )
    assert names(*inside) == list(inside)


def test_names_as_they_are_spelled_and_scanned_stay_whole() -> None:
    spelled = ["A N O Z I E", "s i o b h a n", "Ż jak Żaba, U, R, E jak Ewa, K"]
    whole = [*spelled, "Hannel0re", "María de los Ángeles", "Priyamvada Sen", "Mireille HUGON"]
    assert names(*whole, "Erdem sen.", "Anna Koch CEO", "A Olatunji") == [*whole, "Erdem", "Anna Koch", "A Olatunji"]


@pytest.mark.parametrize("name", ["Ella Tran", "Can Öztürk", "Juli Zehner", "Per Olsson"])
def test_a_given_name_that_is_another_word_stays_inside_within_a_sentence(name: str) -> None:
    text = f"Es siegte {name}. {name} siegte."
    at = text.index(name)
    assert trim(text, Finding(at, at + len(name), PERSON, 0.6, "x")) == Finding(at, at + len(name), PERSON, 0.6, "x")
    assert names("An Max Müller") == ["Max Müller"]


def test_the_word_for_an_address_stays_outside() -> None:
    text = "neue adresse hafenweg 3, 48155 münster"
    label = of(text, "adresse hafenweg 3, 48155 münster", ADDRESS)
    assert values(text, resolve(text, [label])) == [(ADDRESS, "hafenweg 3, 48155 münster")]


def test_what_is_no_name_is_nothing() -> None:
    assert names("Hallo", "Dr.", "Herr", "–", "Kollegen") == [None] * 5
