"""What holds for every shipped recognizer: its condition is necessary, its spans lie in the text, and it is linear.

The texts are made of pieces of real values, so that they come close to matching and then do not.
"""

from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizers.base import TextRecognizer
from recognizers.de import optional_recognizers

PACKAGES = ("generic", "de", "eu", "en")
EVERY: list[TextRecognizer] = [r for p in PACKAGES for r in import_module(f"recognizers.{p}").recognizers()]
EVERY += optional_recognizers()
PIECES = (
    "max", "Müller", ".", "@", "example.com", " ", "\n", ", ", ": ", "=", '"', "-", "/", "(", ")", "0", "01", "2026",
    "12345", "+49 ", "030 ", "1234567", "DE89", "3704 0044", "4111 1111 1111 1111", "Hauptstraße ", "5a",
    "10115 Berlin", "Am Markt ", "Kundennummer", "Kd.-Nr. ", "order #", "geb. ", "12.03.1980", "Passwort", "pw ",
    "geheim9!", "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "AKIA", "IOSFODNN7EXAMPLE",
    "eyJhbGciOiJI", "user", "login: ", "@handle", "linkedin.com/in/", "https://", "github.com/", "at gmx punkt de",
    "null eins ", "sieben zwei ", "192.168.", "0.17", "2001:db8::", "00:1A:", "2B:3C", "B-MW 12", "Kennzeichen ",
    "SSN ", "914-27-6083", "86 095 742 719", "RSSMRA85T10A562S", "12 rue ", "de la Paix", "Via Roma ", "Calle Mayor ",
    "ul. Długa ", "gracht 12", "1015 CS ", "Baker Street", "NW1 6XE", "IL 62704", "Konto ", "Ausweis ", "PIN ", "ß",
    "İ", "é", "\u00a0", "–", "Q5, 14", "Mannheim", "Packstation 12", "HRB 12345",
)  # fmt: skip
ADVERSARIES = (
    "a", "A", "1", " ", "\n", "@", "a@", "a.", "1.", "1 ", "1-", "A1 ", ":", "a:", "=", "/", "x@y.", "(at) ",
    "str. 5 ", "10115 Berlin ", "Am Markt 5 ", "12 rue a ", "calle x 1 ", "kunde 1 ", "Kunde: 12345, ", "password=",
    "pin 1 ", "-----BEGIN PRIVATE KEY-----\nabcd", "eyJa", "sk-a", "null eins ", "geb. a", "1.1.2000 ", "+49 ", "0 ",
    "DE12 ", "ff:", "user=", "/users/", "http://a.b/", "B-M", "AB12 3", "1 Aa Bb ", "Abc, ", "Q5, 1 ", '"a"@',
    "Konto 1 2 3 4 5 6 ", "1000 AA ",
)  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=14).map("".join)


def by_name(recognizer: TextRecognizer) -> str:
    return recognizer.name


def test_names_are_unique() -> None:
    assert len({r.name for r in EVERY}) == len(EVERY)


@pytest.mark.parametrize("recognizer", EVERY, ids=by_name)
@settings(max_examples=60, deadline=None)
@given(text=texts)
def test_the_condition_is_necessary_and_spans_lie_inside(recognizer: TextRecognizer, text: str) -> None:
    findings = list(recognizer.find(text))
    if findings and recognizer.needs is not None:
        assert recognizer.needs.search(text)
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.kind in recognizer.kinds
        assert finding.recognizer == recognizer.name
        assert 0 < finding.score <= 1


@pytest.mark.parametrize("recognizer", EVERY, ids=by_name)
def test_findings_do_not_depend_on_what_stands_far_away(recognizer: TextRecognizer) -> None:
    """A long harmless text before and behind changes nothing, so nothing grows with it."""
    filler = "Wir danken für die Nachricht und melden uns bald. " * 40
    text = "Tel. 030 1234567, max@example.com, Hauptstraße 5, 10115 Berlin"
    alone = [(f.start, f.end, f.kind) for f in recognizer.find(text)]
    among = [(f.start, f.end, f.kind) for f in recognizer.find(f"{filler}\n\n{text}\n\n{filler}")]
    shift = len(filler) + 2
    assert [(start - shift, end - shift, kind) for start, end, kind in among] == alone


@pytest.mark.parametrize("recognizer", EVERY, ids=by_name)
def test_endless_repetition_ends(recognizer: TextRecognizer) -> None:
    """A quadratic pattern would take minutes here, and the suite's time limit would end it."""
    for unit in ADVERSARIES:
        text = (unit * 12_000)[:12_000]
        assert all(f.end <= len(text) for f in recognizer.find(text))
    assert all(f.end <= 100_000 for unit in ("a", "1", " ") for f in recognizer.find(unit * 100_000))


@pytest.mark.parametrize("recognizer", EVERY, ids=by_name)
def test_presidio_gets_the_same(recognizer: TextRecognizer) -> None:
    text = "Tel. 030 1234567, max@example.com, IBAN DE89370400440532013000, Hauptstraße 5, 10115 Berlin, 914-27-6083"
    results = recognizer.analyze(text, list(recognizer.kinds))
    found = {(f.start, f.end, f.kind) for f in recognizer.find(text)}
    assert {(r.start, r.end, r.entity_type) for r in results} == found
