"""The name model: exact offsets on any Unicode, batches and windows that change nothing, a spaCy pipeline like any."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from spacy.language import Language

from recognizers.name_model import KINDS, LABELS, NOTHING, NameModel, split_words
from recognizers.ner import NameComponent, load_pipeline

NAMES = st.sampled_from(
    ["Jonas Brandmeier", "Ayşe Yılmazer", "Nguyễn Thị Hòa", "Łukasz Wiśniak", "Lindenstr. 4b, 04109 Leipzig"]
)
TEXTS = st.lists(st.one_of(st.text(max_size=40), NAMES), max_size=6).map(" ".join)
LETTER = """Sehr geehrte Frau Brandmeier,

mein Name ist Ayşe Yılmazer, ich wohne jetzt in der Lindenstr. 4b, 04109 Leipzig. Bitte ändern Sie das in Ihren Akten.

Mit freundlichen Grüßen
Ayşe Yılmazer"""


@pytest.fixture(scope="module")
def model() -> NameModel:
    return NameModel()


@pytest.fixture(scope="module")
def pipeline() -> Language:
    return load_pipeline()


@given(text=st.text())
def test_words_cover_every_letter_and_digit_once(text: str) -> None:
    words = split_words(text)
    assert all(one.end <= other.start for one, other in pairwise(words))
    covered = {i for word in words for i in range(word.start, word.end)}
    assert all(i in covered for i, sign in enumerate(text) if sign.isalnum())


@given(text=TEXTS)
@settings(max_examples=60, deadline=None)
def test_entities_are_ordered_spans_of_the_text(model: NameModel, text: str) -> None:
    (entities,) = model.entities([text])
    at = 0
    for entity in entities:
        assert at <= entity.start < entity.end <= len(text)
        found = text[entity.start : entity.end]
        assert found == found.strip()
        assert any(sign.isalnum() for sign in found)
        assert entity.label in {*KINDS, NOTHING}
        assert 0.0 <= entity.score <= 1.0
        at = entity.end


@given(texts=st.lists(TEXTS, max_size=5))
@settings(max_examples=25, deadline=None)
def test_a_batch_finds_what_each_text_alone_finds(model: NameModel, texts: list[str]) -> None:
    together = model.entities(texts)
    alone = [model.entities([text])[0] for text in texts]
    assert [[(e.start, e.end, e.label) for e in found] for found in together] == [
        [(e.start, e.end, e.label) for e in found] for found in alone
    ]


@given(before=st.text(alphabet="äöß𝒳😀éñ ", max_size=12))
@settings(max_examples=25, deadline=None)
def test_offsets_count_code_points(model: NameModel, before: str) -> None:
    text = f"{before}\n\nSehr geehrte Frau Brandmeier,"
    (entities,) = model.entities([text])
    assert "Brandmeier" in [text[e.start : e.end] for e in entities if e.label == "PERSON"]


def test_no_texts_and_empty_texts(model: NameModel) -> None:
    assert model.entities([]) == []
    assert model.entities(["", " \n\t ", "...", "\u200b"]) == [[], [], [], []]


def test_a_letter_gives_its_names_and_its_address(model: NameModel) -> None:
    (entities,) = model.entities([LETTER])
    found = [(e.label, LETTER[e.start : e.end]) for e in entities]
    assert [text for label, text in found if label == "PERSON"] == ["Brandmeier", "Ayşe Yılmazer", "Ayşe Yılmazer"]
    assert [text for label, text in found if label == "ADDRESS"] == ["Lindenstr. 4b, 04109 Leipzig"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hallo, hier ist jonas brandmeier aus köln", "jonas brandmeier"),
        ("Dear Ms Ferncliff, thank you for your letter.", "Ferncliff"),
        ("Je m'appelle Amélie Rochebrune et j'habite à Lyon.", "Amélie Rochebrune"),
        ("Me llamo Rocío Valdemar y vivo en Sevilla.", "Rocío Valdemar"),
        ("Mi chiamo Fiorella Montanelli.", "Fiorella Montanelli"),
        ("Mijn naam is Joost Hoogendijk.", "Joost Hoogendijk"),
        ("Nazywam się Bożena Grabowiecka.", "Bożena Grabowiecka"),
        ('{"customer": {"first_name": "Oluwaseun", "city": "Lagos"}}', "Oluwaseun"),
        ("id;Name;Ort\n1;Brandmeier, Jonas;Ulm\n", "Brandmeier, Jonas"),
        ("TOP 2: Haberkamp berichtet über das Budget.", "Haberkamp"),
    ],
)
def test_names_in_seven_languages_and_many_forms(model: NameModel, text: str, name: str) -> None:
    (entities,) = model.entities([text])
    assert name in [text[e.start : e.end] for e in entities if e.label == "PERSON"]


@pytest.mark.parametrize(
    "text",
    [
        "Der Koch würzt die Suppe, der Wolf schläft, im Sommer ist der König müde.",
        "We run Docker, Redis and Kafka on Ubuntu; the Lambda times out after 30 seconds.",
        "Die Rechnung ist am Freitag fällig. Bitte beachten Sie die Allgemeinen Geschäftsbedingungen.",
        "SELECT id, price FROM products WHERE category = 'Books';",
    ],
)
def test_harmless_text_is_left_alone(model: NameModel, text: str) -> None:
    (entities,) = model.entities([text])
    assert [e for e in entities if e.label in {"PERSON", "ADDRESS"}] == []


@pytest.mark.parametrize("blanks", range(1, 6))
def test_no_name_goes_on_in_the_next_column(model: NameModel, blanks: int) -> None:
    text = f"Anna Brandmeier{' ' * blanks}Jonas Brandmeier{' ' * blanks}Łukasz Wiśniak"
    (found,) = model.entities([text])
    names = [text[e.start : e.end] for e in found if e.label == "PERSON"]
    assert {word for name in names for word in name.split()} == {"Anna", "Brandmeier", "Jonas", "Łukasz", "Wiśniak"}
    assert not any("   " in name for name in names)


def test_it_says_where_there_is_certainly_nothing(model: NameModel) -> None:
    text = "Bitte den Kabelbinder montieren. Grüße, Ayşe Yılmazer"
    (entities,) = model.entities([text])
    nothing = " ".join(text[e.start : e.end] for e in entities if e.label == NOTHING)
    assert "Kabelbinder montieren" in nothing
    assert "Ayşe" not in nothing
    assert "Yılmazer" not in nothing


def test_long_texts_are_windowed_not_skipped(model: NameModel) -> None:
    filler = "Die Lieferung ist noch nicht angekommen und wir warten weiter. " * 60
    text = f"{filler}Sehr geehrte Frau Brandmeier, {filler}mein Name ist Ayşe Yılmazer. {filler}Gruß Jonas Brandmeier"
    (entities,) = model.entities([text])
    names = [text[e.start : e.end] for e in entities if e.label == "PERSON"]
    assert names == ["Brandmeier", "Ayşe Yılmazer", "Jonas Brandmeier"]


@pytest.mark.parametrize("text", ["a" * 300_000, "-" * 300_000, "1" * 300_000, "\n" * 300_000, "Ж" * 50_000])
def test_a_run_of_one_sign_is_one_word(model: NameModel, text: str) -> None:
    assert len(split_words(text)) == 1
    assert len(model.entities([text])[0]) <= 1


def test_the_model_refuses_other_labels(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"labels": ["O"], "weights": {}}', encoding="utf-8")
    with pytest.raises(ValueError, match="other labels"):
        NameModel(tmp_path)
    assert len(LABELS) == 17


@given(text=TEXTS)
@settings(max_examples=60, deadline=None)
def test_the_pipeline_keeps_the_text_and_the_model_spans(model: NameModel, pipeline: Language, text: str) -> None:
    with pipeline.memory_zone():
        doc = pipeline(text)
        assert doc.text == text
        spans = [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
    assert spans == [(e.start, e.end, e.label) for e in model.entities([text])[0] if e.label != NOTHING]


def test_the_pipeline_streams_in_order_with_context(pipeline: Language) -> None:
    texts = [f"Frau Brandmeier{'' if i % 2 else ' aus Ulm'} hat {i} Fragen." for i in range(150)]
    with pipeline.memory_zone():
        docs = list(pipeline.pipe(((text, i) for i, text in enumerate(texts)), as_tuples=True, batch_size=40))
        assert [(doc.text, i) for doc, i in docs] == [(text, i) for i, text in enumerate(texts)]
        assert all([ent.text for ent in doc.ents if ent.label_ == "PERSON"] == ["Brandmeier"] for doc, _ in docs)


def test_a_memory_zone_keeps_the_string_store_flat(pipeline: Language) -> None:
    size = len(pipeline.vocab.strings)
    with pipeline.memory_zone():
        for number in range(50):
            pipeline(f"Wort{number}x und Zaunkönig{number}y")
    assert len(pipeline.vocab.strings) == size


def test_presidio_reads_the_pipeline(pipeline: Language) -> None:
    mapping = {"PERSON": "PERSON", "ADDRESS": "ADDRESS"}
    configuration = NerModelConfiguration(
        model_to_presidio_entity_mapping=mapping, labels_to_ignore=["ORG", "LOC"]
    )
    engine: Any = SpacyNlpEngine(ner_model_configuration=configuration)
    engine.nlp = {"de": pipeline}
    artifacts = engine.process_text(LETTER, "de")
    assert [(ent.label_, ent.text) for ent in artifacts.entities][:3] == [
        ("PERSON", "Brandmeier"), ("PERSON", "Ayşe Yılmazer"), ("ADDRESS", "Lindenstr. 4b, 04109 Leipzig"),
    ]  # fmt: skip
    batched = [one[1] for one in engine.process_batch([LETTER, LETTER], "de")]
    assert [len(one.entities) for one in batched] == [len(artifacts.entities)] * 2


def test_any_other_pipeline_takes_the_models_place(tmp_path: Path) -> None:
    other = spacy.blank("de")
    other.add_pipe("sentencizer")
    ruler: Any = other.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PER", "pattern": "Brandmeier"}])
    other.to_disk(tmp_path / "other")
    loaded = load_pipeline(str(tmp_path / "other"))
    assert loaded.pipe_names == ["entity_ruler"]
    assert [(ent.label_, ent.text) for ent in loaded("Frau Brandmeier kommt.").ents] == [("PER", "Brandmeier")]


def test_a_pipeline_without_entities_is_refused(tmp_path: Path) -> None:
    spacy.blank("de").to_disk(tmp_path / "empty")
    with pytest.raises(ValueError, match="no component that finds entities"):
        load_pipeline(str(tmp_path / "empty"))
    with pytest.raises(OSError, match="no_such_pipeline"):
        load_pipeline("no_such_pipeline")


def test_the_component_fits_another_tokenizer(model: NameModel) -> None:
    doc = spacy.blank("de").make_doc(LETTER)
    ents = [ent.text for ent in NameComponent(model)(doc).ents if ent.label_ == "PERSON"]
    assert ents == ["Brandmeier", "Ayşe Yılmazer", "Ayşe Yılmazer"]
