"""Where names come from: the bundled model, or any spaCy pipeline an operator puts in its place.

Both are read through one Protocol, in windows of bounded length that overlap, so that a long text costs time but no
more memory than a short one, and no name is cut by a window's edge.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Protocol

from spacy.language import Language

from recognizers.base import MODEL_SCORE
from recognizers.errors import DetectionError
from recognizers.finding import ADDRESS, PERSON, Finding
from recognizers.resolve import LOC, ORG

# What the labels of spaCy's published pipelines mean here. Others are ignored.
LABELS: Final = {
    "PERSON": PERSON, "PER": PERSON, "persName": PERSON,
    "ADDRESS": ADDRESS,
    "ORG": ORG, "orgName": ORG, "NORP": ORG, "PRODUCT": ORG, "WORK_OF_ART": ORG, "EVENT": ORG,
    "LOC": LOC, "GPE": LOC, "FAC": LOC, "placeName": LOC, "geogName": LOC,
}  # fmt: skip
OVERLAP: Final = 400  # characters that two windows share; no name or address is that long


class Span(Protocol):
    """A labelled span."""

    @property
    def start(self) -> int:
        """Where it begins, in code points."""

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""

    @property
    def label(self) -> str:
        """What it is, in the source's words."""


class NameSource(Protocol):
    """Anything that labels persons, addresses, organisations and places in a batch of texts."""

    def entities(self, texts: Sequence[str]) -> Sequence[Sequence[Span]]:
        """Return the labelled spans of each text."""


class _Labelled(NamedTuple):
    start: int
    end: int
    label: str


class PipelineNames:
    """Reads names from a spaCy pipeline with a component that sets ``doc.ents``."""

    def __init__(self, pipeline: Language) -> None:
        self._pipeline = pipeline

    def entities(self, texts: Sequence[str]) -> list[list[_Labelled]]:
        """Return the entities of each text; spaCy's string store forgets the texts' words again."""
        with self._pipeline.memory_zone():
            return [
                [_Labelled(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
                for doc in self._pipeline.pipe(texts)
            ]


class Window(NamedTuple):
    """``text`` stands at ``start`` of the text with the number ``number``."""

    number: int
    start: int
    text: str


def windows(texts: Sequence[str], longest: int) -> Iterator[Window]:
    """Cut ``texts`` into windows of at most ``longest`` characters, at blanks where there are any."""
    for number, text in enumerate(texts):
        start = 0
        while len(text) - start > longest:
            end = _cut(text, start + longest // 2, start + longest)
            yield Window(number, start, text[start:end])
            start = max(_cut(text, end - OVERLAP, end - OVERLAP // 2), start + 1)
        yield Window(number, start, text[start:])


def _cut(text: str, low: int, high: int) -> int:
    """Return the place after the last line end or else blank in ``low:high``, or ``high``."""
    for sign in "\n ":
        found = text.rfind(sign, low, high)
        if found >= 0:
            return found + 1
    return high


def find_names(source: NameSource, texts: Sequence[str], longest: int) -> list[list[Finding]]:
    """Return, per text, persons and addresses as findings, and organisations and places under ORG and LOC.

    Raises DetectionError if the source fails.
    """
    pieces = list(windows(texts, longest))
    try:
        labelled = source.entities([piece.text for piece in pieces])
    except Exception as error:  # noqa: BLE001 - whatever it was, the texts were not scanned
        raise DetectionError(f"the name model failed with {type(error).__name__}") from None
    if len(labelled) != len(pieces):
        raise DetectionError("the name model did not answer for every text")
    found: list[list[Finding]] = [[] for _ in texts]
    name = type(source).__name__
    for piece, spans in zip(pieces, labelled, strict=True):
        for span in spans:
            if kind := LABELS.get(span.label):
                finding = Finding(piece.start + span.start, piece.start + span.end, kind, MODEL_SCORE, name)
                found[piece.number].append(finding)
    return found
