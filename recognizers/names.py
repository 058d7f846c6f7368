"""Where names come from: the bundled model, or any spaCy pipeline an operator puts in its place.

Both are read through one Protocol, in windows of bounded length that overlap, so that a long text costs time but no
more memory than a short one, and no name is cut by a window's edge.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Protocol

from spacy.language import Language

from recognizers import codes
from recognizers.casual import CUES
from recognizers.company import is_thing, names_company
from recognizers.errors import DetectionError
from recognizers.finding import ADDRESS, PERSON, Finding
from recognizers.generic.places import town_end
from recognizers.name_model import NOTHING
from recognizers.person import alternatives, holds_given_name
from recognizers.plausible import judged, side_by_side
from recognizers.resolve import LOC, ORG
from recognizers.scores import MODEL_SCORE
from recognizers.slug import in_slug

# What the labels of spaCy's published pipelines mean here. Others are ignored.
LABELS: Final = {
    "PERSON": PERSON, "PER": PERSON, "persName": PERSON,
    "ADDRESS": ADDRESS,
    "ORG": ORG, "orgName": ORG, "NORP": ORG, "PRODUCT": ORG, "WORK_OF_ART": ORG, "EVENT": ORG,
    "LOC": LOC, "GPE": LOC, "FAC": LOC, "placeName": LOC, "geogName": LOC,
}  # fmt: skip
_SHOUTED: Final = re.compile(r"(?m)^(?=[^\n]{0,200}[^\W\d_a-zß-öø-ÿ]{2}[,.;]?[ ])[^\na-zß-öø-ÿ]{8,}$")
_TAIL: Final = re.compile(r"(?<=[^\W\d_])[^\W\d_]+")
_NUMBERED: Final = re.compile(r"(?m)^[ \t]*\d{1,2}[.)][ ]\Z")
_SPELT: Final = re.compile(r"(?<!\w)[^\W\d_a-z] (?:wie|as in|comme|come|como|jak)(?: |\Z)")  # P wie Paula
_ADDRESSED: Final = re.compile(rf"(?<![\w-]){alternatives('forms_of_address.txt')}[ \u00a0]\Z")
_SPELT_REACH: Final = 8
_ARTICLES: Final = (
    r"(?:der|die|das|den|dem|des|ein|eine[mnrs]?|im|am|zum|zur|beim|the|an?|le|la|les|un|une|el|los|las|una|"
    r"il|lo|gli|het|een)[ ]"
)
_ARTICLE: Final = re.compile(rf"(?i)(?<![^\W\d_]){_ARTICLES}\Z")
_NOUN: Final = re.compile(rf"{_ARTICLES}[^\W\d_]+\Z")  # as one guess
_CELL_ENDS: Final = frozenset("\"';|\t,")
_LAST_WORD: Final = re.compile(r"([^\W\d_]+(?:'[^\W\d_]+)?),?[ ]\Z")
_UNCUED: Final = 0.1  # how much less probable a name in lower case is behind any other word
_ALONE: Final = 0.92  # the least probability of a word in lower case that is the whole text, as keys of JSON are
_WITH_ARTICLE: Final = 0.65  # the least probability of a word behind an article
_SPELLED: Final = 0.7  # the least probability of a name that is spelled, which a code is, too
_THING: Final = 0.9  # the least probability of a word for a thing
_LEAD: Final = re.compile(rf"(?i)(?<![^\W\d_]){alternatives('leads.txt')}[ ]\Z")
_LEAD_FIRST: Final = re.compile(rf"(?i){alternatives('leads.txt')}[ ]")
_LED: Final = 0.9  # the least probability of a guess behind such a word, or behind a form of address
_LIKELY: Final = 0.4  # the least probability of a guess that a form of address makes as probable
_REACH: Final = 24  # characters before a guess that tell an article, a heading's number or what leads to a name
_SPREAD: Final = 0.09  # how far a probability raises a finding's score: never to that of a pattern
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

    @property
    def score(self) -> float:
        """How probable it is, 0..1."""


class NameSource(Protocol):
    """Anything that labels persons, addresses, organisations and places in a batch of texts."""

    def entities(self, texts: Sequence[str]) -> Sequence[Sequence[Span]]:
        """Return the labelled spans of each text."""


class _Labelled(NamedTuple):
    start: int
    end: int
    label: str
    score: float


class PipelineNames:
    """Reads names from a spaCy pipeline with a component that sets ``doc.ents``."""

    def __init__(self, pipeline: Language) -> None:
        self._pipeline = pipeline

    def entities(self, texts: Sequence[str]) -> list[list[_Labelled]]:
        """Return the entities of each text; spaCy's string store forgets the texts' words again."""
        with self._pipeline.memory_zone():
            return [
                [_Labelled(ent.start_char, ent.end_char, ent.label_, 1.0) for ent in doc.ents]
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
    """Return what the source found in each text as findings; ORG, LOC and NOTHING are kinds of what is not personal.

    Raises DetectionError if the source fails.
    """
    pieces = list(windows(texts, longest))
    try:
        labelled = source.entities([_calm(piece.text) for piece in pieces])
    except Exception as error:  # noqa: BLE001 - whatever it was, the texts were not scanned
        raise DetectionError(f"the name model failed with {type(error).__name__}") from None
    if len(labelled) != len(pieces):
        raise DetectionError("the name model did not answer for every text")
    found: list[list[Finding]] = [[] for _ in texts]
    name = type(source).__name__
    for piece, spans in zip(pieces, labelled, strict=True):
        for start, end, kind, probability in _judged(piece.text, spans):
            score = MODEL_SCORE + _SPREAD * min(max(probability, 0.0), 1.0)
            found[piece.number].append(Finding(piece.start + start, piece.start + end, kind, score, name))
    return found


def _judged(text: str, spans: Sequence[Span]) -> Iterator[_Labelled]:
    """Yield what the guesses of one text count as."""
    yield from (_Labelled(s.start, s.end, NOTHING, s.score) for s in spans if s.label == NOTHING)
    named = [_addressed(text, span) for span in spans if span.label not in codes.LEAST and span.label != NOTHING]
    for span, kind in zip(named, _kinds(text, named), strict=True):
        if kind:
            yield _Labelled(span.start, span.end, kind, span.score)
    for span in spans:
        if span.label in codes.LEAST:
            place = codes.judged(text, span.label, span.start, span.end, span.score)
            if place:
                yield _Labelled(*place, span.label, span.score)


def _addressed(text: str, span: Span) -> Span:
    """Be as sure of a likely person as a form of address before it is: Herr Liebe, Fr. W."""
    before = text[max(0, span.start - _REACH) : span.start]
    if LABELS.get(span.label) != PERSON or not _LIKELY <= span.score < _LED or not _ADDRESSED.search(before):
        return span
    return _Labelled(span.start, span.end, span.label, _LED)


def _calm(text: str) -> str:
    """Write lines that are all in capitals as the model knows names, with a capital first, and as long as before."""
    return _SHOUTED.sub(lambda line: _TAIL.sub(_lower, line[0]), text)


def _lower(tail: re.Match[str]) -> str:
    low = tail[0].lower()
    return low if len(low) == len(tail[0]) else tail[0]


def _judged_person(text: str, spans: Sequence[Span], at: int) -> str | None:
    """Judge a guess at a person together with those beside it, and with what leads to it."""
    first = last = at
    while first and _beside(text, spans[first - 1], spans[first]):
        first -= 1
    while last + 1 < len(spans) and _beside(text, spans[last], spans[last + 1]):
        last += 1
    start, score = spans[first].start, max(span.score for span in spans[first : last + 1])
    value = text[start : spans[last].end]
    if value.islower():
        if value == text.strip() and score < _ALONE and not holds_given_name(value):
            return None
        return judged(PERSON, value, score if _is_cued(text, start, value) else score - _UNCUED)
    if text[start].isupper() and (_LEAD.search(text[max(0, start - _REACH) : start]) or _LEAD_FIRST.match(value)):
        score = max(score, _LED)
    return judged(PERSON, value, score)


def _is_cued(text: str, start: int, value: str) -> bool:
    """Tell whether a word that leads to names in casual messages stands before a guess or begins it."""
    before = _LAST_WORD.search(text[max(0, start - _REACH) : start])
    return before is None or before[1] in CUES or value.partition(" ")[0] in CUES or " " in value


def _beside(text: str, one: Span, other: Span) -> bool:
    """Tell whether two guesses at persons are parts of one name: "Blessing" "Okonkwo", "Jaschke", "Uwe"."""
    both = LABELS.get(one.label) == LABELS.get(other.label) == PERSON
    return both and text[one.end : other.start] in {" ", ", ", "-"}


def _is_other(text: str, span: Span) -> bool:
    """Tell whether a guess at a person is a company, a thing, a slug, a numbered heading, or an article's noun."""
    value, before = text[span.start : span.end], text[max(0, span.start - _REACH) : span.start]
    is_word = is_thing(value) and span.score < _THING and not _ADDRESSED.search(before)
    if is_word or names_company(text, span.start, span.end):
        return True
    if span.score < _SPELLED and _SPELT.search(text, max(0, span.start - _SPELT_REACH), span.end):
        return True
    if holds_given_name(value) or (" " in value and not _NOUN.match(value)):
        return False
    if in_slug(text, span.start, span.end) or (text.startswith(":", span.end) and _NUMBERED.search(before)):
        return True
    if _is_cell(text, span) and town_end(text, span.start) == span.end:
        return True
    return span.score < _WITH_ARTICLE and (" " in value or _ARTICLE.search(before) is not None)


def _is_cell(text: str, span: Span) -> bool:
    """Tell whether a guess fills a cell or a string, where a town without its postcode stands as often as a name."""
    before, after = text[max(0, span.start - 1) : span.start], text[span.end : span.end + 1]
    return before in _CELL_ENDS and after in _CELL_ENDS and (before, after) != ("", "")


def _kinds(text: str, spans: Sequence[Span]) -> list[str | None]:
    """Return what each guess counts as, by its form and its neighbours."""
    labels = [LABELS.get(span.label, "") for span in spans]
    values = [text[span.start : span.end] for span in spans]
    kinds = [
        _judged_person(text, spans, i) if label == PERSON else judged(label, values[i], spans[i].score)
        for i, label in enumerate(labels)
    ]
    kinds = [ORG if kind == PERSON and _is_other(text, span) else kind for kind, span in zip(kinds, spans, strict=True)]
    for i in range(1, len(spans)):
        if labels[i - 1] == labels[i] == ADDRESS:
            gap = text[spans[i - 1].end : spans[i].start]
            if side_by_side(values[i - 1], gap, values[i]):
                kinds[i - 1] = kinds[i] = ADDRESS
    return kinds
