import logging
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from spacy.language import Language

from recognizers.denylist import DenyList
from recognizers.errors import ConfigurationError, DetectionError
from recognizers.finding import Finding
from recognizers.presidio import PresidioRecognizers, load_class, load_yaml, read_deny_list, split_ours

YAML = """
recognizers:
  - name: Staff numbers
    supported_language: de
    supported_entity: STAFF_NO
    patterns:
      - {name: staff, regex: "P-\\\\d{5}", score: 0.2}
    context: [personalnummer]
  - name: Customers
    supported_entity: PERSON
    deny_list: [Max Müller, Anna Koch]
"""


class Whole(EntityRecognizer):
    """Finds all of the text, and reads the pipeline's words."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["EVERYTHING"], name="Whole")

    def load(self) -> None:
        pass

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[RecognizerResult]:
        assert "EVERYTHING" in entities
        assert [token.text for token in nlp_artifacts.tokens] == text.split()
        return [RecognizerResult("EVERYTHING", 0, len(text), 0.9)]


class Broken(Whole):
    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[RecognizerResult]:
        raise ValueError(text)


def several() -> list[EntityRecognizer]:
    return [Whole(), DenyList("VIP", ["Max"])]


NOT_ONE = object()


@pytest.fixture(scope="module")
def pipeline() -> Language:
    return spacy.blank("xx")


def run(text: str, pipeline: Language, *recognizers: EntityRecognizer) -> list[Finding]:
    return PresidioRecognizers(recognizers, pipeline).find(text)


def test_a_class_a_function_and_what_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    assert [type(r).__name__ for r in load_class("test_presidio:Whole")] == ["Whole"]
    ours, foreign = split_ours(load_class("test_presidio.several"))
    assert ([r.kinds for r in ours], [type(r).__name__ for r in foreign]) == ([("VIP",)], ["Whole"])
    for path in ("test_presidio:NOT_ONE", "test_presidio:absent", "no_such_module:X", "nonsense"):
        with pytest.raises(ConfigurationError):
            load_class(path)


def test_a_recognizer_reads_the_pipeline(pipeline: Language) -> None:
    assert run("Max ist da", pipeline, Whole()) == [Finding(0, 10, "EVERYTHING", 0.9, "Whole")]


def test_a_file_of_presidio(tmp_path: Path, pipeline: Language) -> None:
    path = tmp_path / "registry.yaml"
    path.write_text(YAML, "utf-8")
    ours, foreign = split_ours(load_yaml(str(path), ["de", "en"]))
    assert [type(r).__name__ for r in ours] == ["DenyList"]
    (staff,) = run("Meine Personalnummer P-12345", pipeline, *foreign)
    assert (staff.kind, staff.start, staff.end) == ("STAFF_NO", 21, 28)
    assert run("Artikel P-12345", pipeline, *foreign) == []  # too weak without its context word


@pytest.mark.parametrize(
    "text",
    ["recognizers: [", "{}", "recognizers: [{name: Max Müller, deny_list: []}]", "recognizers: [{deny_list: [x]}]"],
)
def test_a_broken_file_is_refused_and_not_quoted(text: str, tmp_path: Path) -> None:
    path = tmp_path / "registry.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_yaml(str(path), ["de"])
    assert "Müller" not in str(caught.value)
    with pytest.raises(ConfigurationError):
        load_yaml(str(tmp_path / "absent.yaml"), ["de"])


def test_a_failure_quotes_nothing(pipeline: Language) -> None:
    with pytest.raises(DetectionError) as caught:
        run("Max Müller", pipeline, Broken())
    assert "Müller" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_pattern_that_takes_too_long_fails_the_text(pipeline: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presidio_analyzer.pattern_recognizer.REGEX_TIMEOUT_SECONDS", 0.01)
    slow = PatternRecognizer("SLOW", patterns=[Pattern("slow", r"(?:a|aa)+[bc]$", 0.9)])
    with pytest.raises(DetectionError, match="too long"):
        run("a" * 60 + "d", pipeline, slow)


def test_presidio_logs_nothing(pipeline: Language, caplog: pytest.LogCaptureFixture) -> None:
    staff = PatternRecognizer("STAFF_NO", patterns=[Pattern("x", r"P-\d+", 0.2)], context=["müller"])
    with caplog.at_level(logging.DEBUG):
        run("Max Müller P-1", pipeline, staff)
    assert caplog.text == ""


def test_an_entity_no_token_can_be_made_of(pipeline: Language) -> None:
    with pytest.raises(ConfigurationError, match="staff no"):
        run("", pipeline, PatternRecognizer("staff no", patterns=[Pattern("x", "x", 0.9)]))


def test_the_pipeline_forgets_the_words_of_texts(pipeline: Language) -> None:
    recognizers = PresidioRecognizers([Whole()], pipeline)
    before = len(pipeline.vocab.strings)
    for number in range(50):
        recognizers.find(f"Wort{number} steht{number} hier{number}")
    assert len(pipeline.vocab.strings) == before


ENTRY = st.text(alphabet="abcÄöüßł İ-'", min_size=2, max_size=12).filter(
    lambda e: e.strip() == e and any(map(str.isalpha, e))
)


@given(st.lists(ENTRY, min_size=1, max_size=5), st.data())
def test_an_entry_is_found_in_any_case(entries: list[str], data: st.DataObject) -> None:
    entry = " ".join(data.draw(st.sampled_from(entries)).split())
    text = f"x, {entry.swapcase() if len(entry.swapcase()) == len(entry) else entry} y"
    assert any(f.start <= 3 and f.end >= 3 + len(entry) for f in DenyList("VIP", entries).find(text))


def test_entries_are_whole_words() -> None:
    vip = DenyList("VIP", ["Max", "Max  Müller", "§ 5"])
    text = "Maximum max\tmüller § 5 Max-1"
    assert {text[f.start : f.end] for f in vip.find(text)} == {"max\tmüller", "max", "§ 5", "Max"}


def test_fifty_thousand_entries(tmp_path: Path) -> None:  # one regular expression of these takes minutes
    path = tmp_path / "customers.txt"
    path.write_text("\n".join(f"Vorname{n} Nachname{n}" for n in range(50_000)) + "\n\n", "utf-8")
    customers = read_deny_list("PERSON", str(path))
    text = "Sehr geehrte Damen und Herren, Vorname49999 Nachname49999 ruft an. " * 100
    assert len(list(customers.find(text))) == 100


def test_empty_and_unreadable_lists_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        DenyList("VIP", ["", " "])
    with pytest.raises(ConfigurationError):
        DenyList("very important", ["x"])
    with pytest.raises(ConfigurationError):
        read_deny_list("VIP", str(tmp_path / "absent.txt"))


def test_presidio_finds_its_own_recognizers_by_name_although_ours_bear_the_same() -> None:
    from presidio_analyzer.recognizer_registry.recognizers_loader_utils import RecognizerListLoader  # noqa: PLC0415

    from recognizers.generic.email import EmailRecognizer  # noqa: PLC0415

    for name in ("EmailRecognizer", "PhoneRecognizer", "IbanRecognizer", "IpRecognizer"):
        found = RecognizerListLoader.get_existing_recognizer_cls(name)
        assert found.__module__.startswith("presidio_analyzer.")
    assert EmailRecognizer not in RecognizerListLoader.get_all_existing_recognizers()
