"""What holds for every shipped recognizer: its condition is necessary, its spans lie in the text, and it is linear.

The texts are made of pieces of real values, so that they come close to matching and then do not.
"""

import sys
from collections.abc import Iterable
from importlib import import_module
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizers.base import TextRecognizer
from recognizers.casual import CasualNameRecognizer
from recognizers.de import optional_recognizers
from recognizers.finding import Finding
from recognizers.generic.reading import Marks, reading
from recognizers.literal import LiteralRecognizer
from recognizers.salutation import SalutationRecognizer
from recognizers.structured import StructuredRecognizer

PACKAGES = ("generic", "de", "eu", "en")
EVERY: list[TextRecognizer] = [r for p in PACKAGES for r in import_module(f"recognizers.{p}").recognizers()]
EVERY += optional_recognizers()
BY_CONTEXT: list[TextRecognizer] = [
    StructuredRecognizer(), SalutationRecognizer(), CasualNameRecognizer(), LiteralRecognizer(),
]  # fmt: skip
PIECES = (
    "max", "Müller", ".", "@", "example.com", " ", "\n", ", ", ": ", "=", '"', "-", "/", "(", ")", "0", "01", "2026",
    "12345", "+49 ", "030 ", "1234567", "DE89", "3704 0044", "4111 1111 1111 1111", "Hauptstraße ", "5a",
    "10115 Berlin", "Am Markt ", "Kundennummer", "Kd.-Nr. ", "order #", "geb. ", "12.03.1980", "Passwort", "pw ",
    "geheim9!", "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "AKIA", "IOSFODNN7EXAMPLE",
    "eyJhbGciOiJI", "user", "login: ", "@handle", "linkedin.com/in/", "https://", "github.com/", "at gmx punkt de",
    "null eins ", "sieben zwei ", "192.168.", "0.17", "2001:db8::", "00:1A:", "2B:3C", "B-MW 12", "Kennzeichen ",
    "SSN ", "914-27-6083", "86 095 742 719", "RSSMRA85T10A562S", "12 rue ", "de la Paix", "Via Roma ", "Calle Mayor ",
    "ul. Długa ", "gracht 12", "1015 CS ", "Baker Street", "NW1 6XE", "IL 62704", "Konto ", "Ausweis ", "PIN ", "ß",
    "İ", "ı", "ſ", "K", "é", "\u00a0", "–", "Q5, 14", "Mannheim", "Packstation 12", "HRB 12345",
)  # fmt: skip
ADVERSARIES = (
    "a", "A", "1", " ", "\n", "@", "a@", "a.", "1.", "1 ", "1-", "A1 ", ":", "a:", "=", "/", "x@y.", "(at) ",
    "str. 5 ", "10115 Berlin ", "Am Markt 5 ", "12 rue a ", "calle x 1 ", "kunde 1 ", "Kunde: 12345, ", "password=",
    "pin 1 ", "-----BEGIN PRIVATE KEY-----\nabcd", "eyJa", "sk-a", "null eins ", "geb. a", "1.1.2000 ", "+49 ", "0 ",
    "DE12 ", "ff:", "user=", "user=anna\n", "user: x\n", "/users/",
    "http://a.b/", "B-M", "AB12 3", "1 Aa Bb ", "Abc, ", "Q5, 1 ", '"a"@',
    "Konto 1 2 3 4 5 6 ", "1000 AA ", "1/", "1.1.1 ", "(1) ", "030 ", "linkedin.com/in/", "http://a.bb/@ab", "name:",
    "name: Max\n", "pw:", "plz: 12345\n", "nr: 12345\n", "name;strasse;plz\n", "Max Müller;Am Markt 5;12345\n",
    "<b>Max</b>", "Herr Max ", "Hallo Max,\n", "[PERSON_1] ",
)  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=14).map("".join)


def by_name(recognizer: TextRecognizer) -> str:
    return recognizer.name


def test_names_are_unique() -> None:
    assert len({r.name for r in EVERY}) == len(EVERY)


def test_every_recognizer_has_a_condition() -> None:
    """But for names in places, each of whose slow patterns has one of its own."""
    assert {r.name for r in (*EVERY, *BY_CONTEXT) if r.needs is None} == {"SalutationRecognizer"}


@pytest.mark.parametrize("recognizer", [*EVERY, *BY_CONTEXT], ids=by_name)
@settings(max_examples=30, deadline=None)
@given(text=texts)
def test_what_stands_before_a_pattern_hides_nothing(recognizer: TextRecognizer, text: str) -> None:
    """The prefilter lets through at least what the patterns would find without it."""
    found = list(recognizer.find(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Marks, "search", lambda *_: True)
        assert list(recognizer.find(text)) == found


@pytest.mark.parametrize("recognizer", [*EVERY, *BY_CONTEXT], ids=by_name)
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


def steps(find: Iterable[Finding]) -> int:
    """Count the calls and resumptions that going through ``find`` takes, those of built-in functions included."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        for _ in find:
            pass
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("recognizer", [*EVERY, *BY_CONTEXT], ids=by_name)
def test_four_times_the_text_takes_four_times_the_steps(recognizer: TextRecognizer) -> None:
    for unit in ADVERSARIES:
        taken = []
        for size in (1_000, 4_000):
            text = (unit * size)[:size]
            with reading(text):
                taken.append(steps(recognizer.find(text)))
        assert taken[1] <= 5 * taken[0] + 200, unit


def test_digits_one_by_one_are_few_steps_for_the_recognizer_of_telephone_numbers() -> None:
    """Each is the beginning of no number, so each is looked at once and not with the dozen behind it."""
    phone = next(r for r in EVERY if r.name == "PhoneRecognizer")
    text = "1 " * 2_000
    with reading(text):
        assert steps(phone.find(text)) < 25 * 2_000


@pytest.mark.parametrize("recognizer", EVERY, ids=by_name)
def test_presidio_gets_the_same(recognizer: TextRecognizer) -> None:
    text = "Tel. 030 1234567, max@example.com, IBAN DE89370400440532013000, Hauptstraße 5, 10115 Berlin, 914-27-6083"
    results = recognizer.analyze(text, list(recognizer.kinds))
    found = {(f.start, f.end, f.kind) for f in recognizer.find(text)}
    assert {(r.start, r.end, r.entity_type) for r in results} == found
