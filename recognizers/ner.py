"""The name model as a spaCy pipeline, which whatever reads spaCy entities (Presidio's spaCy engine, say) can read.

``load_pipeline()`` gives a blank multilingual pipeline with the one component ``ner``; ``load_pipeline("another")``
an installed spaCy pipeline without the components that entities do not need. A caller that keeps running opens
``nlp.memory_zone()`` around its work, since spaCy remembers every word it has seen outside of one.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import registry

from recognizers.name_model import BUNDLED, KINDS, NOTHING, Entity, NameModel, split_words

__all__ = ["KINDS", "Entity", "NameComponent", "NameModel", "load_pipeline", "word_tokenizer"]

# What the pipelines on PyPI carry beside their entities.
_UNUSED: Final = ("tagger", "morphologizer", "parser", "senter", "sentencizer", "lemmatizer", "trainable_lemmatizer",
                  "attribute_ruler", "textcat", "textcat_multilabel")  # fmt: skip


class NameComponent:
    """Sets ``doc.ents`` to what the name model finds; many documents go through the model together."""

    def __init__(self, model: NameModel) -> None:
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of one document."""
        return next(self.pipe((doc,)))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Set the entities of every document, ``batch_size`` of them at once, in order."""
        documents = iter(stream)
        while batch := list(islice(documents, batch_size)):
            for doc, entities in zip(batch, self._model.entities([doc.text for doc in batch]), strict=True):
                doc.ents = [span for entity in entities if entity.label != NOTHING and (span := _span(doc, entity))]
                yield doc


def _span(doc: Doc, entity: Entity) -> Span | None:
    """Give the tokens of an entity, whole tokens where another tokenizer has set other borders."""
    span = doc.char_span(entity.start, entity.end, label=entity.label, alignment_mode="expand")
    return span if span is not None and len(span) else None


@Language.factory(
    "deckname_ner",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={"model": None},
)
def _component(nlp: Language, name: str, model: str | None) -> NameComponent:  # noqa: ARG001 - spaCy passes both
    return NameComponent(NameModel(Path(model) if model else BUNDLED))


@registry.tokenizers("deckname_words")  # type: ignore[untyped-decorator]  # spaCy publishes no types for it
def word_tokenizer() -> Callable[[Language], Callable[[str], Doc]]:
    """Make a tokenizer whose tokens are the model's words, so that every entity is made of whole tokens."""

    def create(nlp: Language) -> Callable[[str], Doc]:
        def tokenize(text: str) -> Doc:
            words, spaces = _tokens(text)
            return Doc(nlp.vocab, words=words, spaces=spaces)

        return tokenize

    return create


def _tokens(text: str) -> tuple[list[str], list[bool]]:
    """Words and, where it is more than the one space spaCy attaches to a word, the white space between them."""
    words: list[str] = []
    spaces: list[bool] = []
    at = 0
    for start, end in [*((word.start, word.end) for word in split_words(text)), (len(text), len(text))]:
        gap = text[at:start]
        if words and gap.startswith(" "):
            spaces[-1] = True
            gap = gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)
        if start < end:
            words.append(text[start:end])
            spaces.append(False)
        at = end
    return words, spaces


def load_pipeline(name: str | None = None) -> Language:
    """Load the bundled model's pipeline, or the installed spaCy pipeline ``name`` with what its entities need.

    Raises OSError where no such pipeline is installed, and ValueError where it finds no entities at all.
    """
    if name is None:
        nlp = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": "deckname_words"}}})
        nlp.add_pipe("deckname_ner", name="ner")
        return nlp
    nlp = spacy.load(name, exclude=list(_UNUSED))
    if not any("doc.ents" in _assigned(nlp, pipe) for pipe in nlp.pipe_names):
        raise ValueError(f"the spaCy pipeline {name!r} has no component that finds entities")
    return nlp


def _assigned(nlp: Language, pipe: str) -> list[Any]:
    return list(nlp.get_pipe_meta(pipe).assigns)
