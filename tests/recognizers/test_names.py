"""What counts of a model's guesses: by their form, by what stands beside them, and by how sure the model is."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest
import spacy
from spacy.pipeline import EntityRuler

from recognizers.finding import PERSON
from recognizers.names import PipelineNames, find_names
from recognizers.propagate import is_sure
from recognizers.resolve import resolve


class Guess(NamedTuple):
    start: int
    end: int
    label: str
    score: float


class Guesses:
    """Takes one word for a person, as sure as it is told to be."""

    def __init__(self, word: str, score: float) -> None:
        self._word = word
        self._score = score

    def entities(self, texts: Sequence[str]) -> list[list[Guess]]:
        return [[Guess(at, at + len(self._word), PERSON, self._score)] for at in [t.index(self._word) for t in texts]]


def person(text: str, word: str, score: float) -> str | None:
    (found,) = find_names(Guesses(word, score), [text], 2_000)
    kept = resolve(text, [f for f in found if f.kind == PERSON])
    return text[kept[0].start : kept[0].end] if kept else None


@pytest.mark.parametrize(
    ("text", "word", "sure", "unsure"),
    [
        ("Meyer, Winter (Ltg.), Freitag, N'Diaye", "Freitag", 0.95, 0.8),  # names nobody elsewhere
        ("Der Zeuge K. schwieg.", "K", 0.95, 0.8),  # a letter
        ("im Tor Sala, davor Diop", "Sala", 0.95, 0.6),  # a thing
        ("das Regiment des Markgrafen Schwedt", "Schwedt", 0.9, 0.7),  # a town
        ("Ja: W jak Wanda, I, L, K. Gut?", "W jak Wanda, I, L, K", 0.9, 0.5),  # spelled, as codes are
        ("Die Baumgärtel kommt auch.", "Baumgärtel", 0.7, 0.5),  # behind an article
    ],
)
def test_what_is_seldom_a_name_has_to_be_sure(text: str, word: str, sure: float, unsure: float) -> None:
    assert person(text, word, sure) == word
    assert person(text, word, unsure) is None


@pytest.mark.parametrize(("text", "word"), [("Sehr geehrter Herr Liebe,", "Liebe"), ("Es fehlt Fr. W. noch.", "W")])
def test_a_form_of_address_makes_a_likely_name_sure(text: str, word: str) -> None:
    assert person(text, word, 0.5) == word
    assert person(text, word, 0.3) is None


def test_a_thing_with_a_form_of_address_needs_no_more_than_any_name() -> None:
    assert person("Frau Sala kommt.", "Sala", 0.36) == "Sala"
    assert person("Die Sala ist voll.", "Sala", 0.36) is None


@pytest.mark.parametrize("text", ["Sehr geehrter Herr Doktor,", "Liebe Oma, danke!"])
def test_a_title_is_no_name_however_sure(text: str) -> None:
    word = "Doktor" if "Doktor" in text else "Oma"
    assert person(text, word, 1.0) is None


def test_what_another_pipeline_finds_is_sure() -> None:
    """It gives no probability: what it takes for a name is one, a town or a letter too, and is looked for elsewhere."""
    pipeline = spacy.blank("de")
    words = ["Schwedt", "K", "Feldhusen"]
    ruler = pipeline.add_pipe("entity_ruler")
    assert isinstance(ruler, EntityRuler)
    ruler.add_patterns([{"label": "PER", "pattern": word} for word in words])
    text = "Gestern waren Schwedt, K und Feldhusen da."
    (found,) = find_names(PipelineNames(pipeline), [text], 2_000)
    assert [text[f.start : f.end] for f in found if f.kind == PERSON and is_sure(f)] == words
