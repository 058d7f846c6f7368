"""The one way in: texts to findings, as a pure function of text, configuration and version.

Every text is read as its shadow, as it is written where that differs, and piece by piece where it holds encoded text.
All readings' findings are united in offsets of the original. Whatever fails, fails the call.
"""

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from presidio_analyzer import EntityRecognizer
from spacy.language import Language

from recognizers import presidio
from recognizers.base import TextRecognizer
from recognizers.casual import CasualNameRecognizer
from recognizers.config import DetectorConfig, detector_version
from recognizers.embedded import pieces
from recognizers.errors import ConfigurationError, DetectionError
from recognizers.finding import ADDRESS, PERSON, Finding
from recognizers.goods import goods, inside
from recognizers.literal import LiteralRecognizer
from recognizers.name_model import NOTHING
from recognizers.names import NameSource, PipelineNames, find_names
from recognizers.ner import NameModel, load_pipeline
from recognizers.normalize import Shadow, normalize
from recognizers.resolve import LOC, ORG, Cover, resolve, united
from recognizers.salutation import SalutationRecognizer
from recognizers.scan import scan
from recognizers.scores import CONTEXT_SCORE, PATTERN_SCORE
from recognizers.structured import StructuredRecognizer

# Half of a character, as JSON may hold; no tokenizer takes it. What replaces it is as long, so offsets stay.
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_WORD: Final = re.compile(r"\w+")
PACKAGES: Final = ("recognizers.generic", "recognizers.de", "recognizers.eu", "recognizers.en")
DEFAULT: Final = DetectorConfig()


class Detector:
    """Finds personal data. ``version`` names everything its findings depend on besides the texts."""

    version: str

    def __init__(self, config: DetectorConfig = DEFAULT) -> None:
        """Load everything; raises ConfigurationError for what cannot be loaded."""
        if config.window < 2_000:
            raise ConfigurationError("the window is at least 2,000 characters")
        self._config = config
        self._thresholds = dict(config.thresholds)
        ours, foreign = presidio.split_ours(_configured(config))
        foreign = [r for r in foreign if _name(r) not in config.disabled]
        self._names, pipeline = _load_names(config)
        self._presidio = _presidio(foreign, pipeline, config.presidio_threshold)
        kinds = {kind for r in ours for kind in r.kinds} | (self._presidio.kinds if self._presidio else set())
        shipped = [*_shipped(), *_by_context()]
        self._doubted = {_name(r) for r in shipped} - {_name(r) for r in ours}
        recognizers = [*shipped, *ours, LiteralRecognizer(kinds)]
        self._recognizers = [r for r in recognizers if _name(r) not in config.disabled]
        self.version = detector_version(config)

    def detect(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Return the findings of each text: in order, disjoint, trimmed, as offsets into the text as it was given.

        Raises DetectionError if any recognizer fails.
        """
        texts = [_LONE_SURROGATE.sub("\ufffd", text) for text in texts]
        readings = [reading for index, text in enumerate(texts) for reading in _readings(index, text)]
        names = self._find_names([reading.text for reading in readings])
        found: list[list[Finding]] = [[] for _ in texts]
        for reading, named in zip(readings, names, strict=True):
            found[reading.index].extend(reading.in_original(self._read(reading.text, named)))
            if reading.is_shadow and reading.text != texts[reading.index]:
                found[reading.index].extend(self._as_written(texts[reading.index], reading, found[reading.index]))
        return [united(findings) for findings in found]

    def _find_names(self, texts: Sequence[str]) -> list[list[Finding]]:
        return find_names(self._names, texts, self._config.window)

    def _read(self, text: str, names: Sequence[Finding]) -> list[Finding]:
        """Return the findings of one reading, resolved."""
        nothing = Cover([f for f in names if f.kind == NOTHING])
        findings = [g for f in scan(text, self._recognizers) if (g := self._confirmed(text, f, nothing))]
        if self._presidio is not None:
            findings.extend(self._presidio.find(text))
        findings.extend(f for f in names if f.kind not in {ORG, LOC, NOTHING})
        if any(f.start < 0 or f.end > len(text) for f in findings):
            raise DetectionError("a finding lies outside its text")
        things = goods(text) if any(map(_is_guess, findings)) else []
        if things:
            findings = [f for f in findings if not (_is_guess(f) and inside(things, f.start, f.end))]
        return resolve(text, filter(self._wanted, findings), [f for f in names if f.kind in {ORG, LOC}])

    def _confirmed(self, text: str, finding: Finding, nothing: Cover) -> Finding | None:
        """Drop a pattern's person or address that the model is certain is nothing; cut a person's ends that are."""
        if finding.kind not in {PERSON, ADDRESS} or finding.recognizer not in self._doubted:
            return finding
        words = [match.span() for match in _WORD.finditer(text, finding.start, finding.end)]
        kept = [span for span in words if not nothing.holds(*span)]
        if not kept or nothing.holds(finding.start, finding.end):
            return None
        if finding.kind == ADDRESS:  # its numbers and signs say nothing by themselves
            return finding
        start = finding.start if kept[0] == words[0] else kept[0][0]
        end = finding.end if kept[-1] == words[-1] else kept[-1][1]
        return replace(finding, start=start, end=end)

    def _as_written(self, text: str, reading: "_Reading", found: Sequence[Finding]) -> list[Finding]:
        """Return what the patterns find in a text as written, where decoding hides it (a password with ``=FC`` in it).

        A finding that would split an escape counts only where the shadow has none.
        """
        findings = []
        for f in resolve(text, filter(self._wanted, scan(text, self._recognizers))):
            start, end = reading.shadow.whole_units(f.start, f.end)
            splits = (start, end) != (f.start, f.end)
            if not (splits and any(other.start < end and start < other.end for other in found)):
                findings.append(replace(f, start=start, end=end))
        return findings

    def _wanted(self, finding: Finding) -> bool:
        return finding.kind not in self._config.disabled and finding.score >= self._thresholds.get(finding.kind, 0.0)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read text number ``index``: its shadow, or (``piece``) a text encoded at that span of the shadow."""

    index: int
    text: str
    shadow: Shadow
    piece: tuple[int, int] | None = None

    @property
    def is_shadow(self) -> bool:
        return self.piece is None

    def in_original(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Move findings to offsets of the original; one in an encoded piece hides the whole piece."""
        for f in findings:
            start, end = self.shadow.span(*(self.piece or (f.start, f.end)))
            yield replace(f, start=start, end=end)


def _readings(index: int, text: str) -> Iterator[_Reading]:
    shadow = normalize(text)
    yield _Reading(index, shadow.text, shadow)
    for piece in pieces(shadow.text):
        yield _Reading(index, normalize(piece.text).text, shadow, (piece.start, piece.end))


def _is_guess(finding: Finding) -> bool:
    """Tell whether this is a person by form and place and none that an organisation lists, or the model's address."""
    if finding.kind == ADDRESS:
        return finding.score < PATTERN_SCORE
    return finding.kind == PERSON and finding.score <= CONTEXT_SCORE


def _presidio(
    foreign: Sequence[EntityRecognizer], pipeline: Callable[[], Language], threshold: float
) -> presidio.PresidioRecognizers | None:
    return presidio.PresidioRecognizers(foreign, pipeline(), threshold) if foreign else None


def _by_context() -> list[TextRecognizer]:
    return [StructuredRecognizer(), SalutationRecognizer(), CasualNameRecognizer()]


def _configured(config: DetectorConfig) -> Iterator[EntityRecognizer]:
    for path in config.recognizers:
        yield from presidio.load_class(path)
    for path in config.yaml_files:
        yield from presidio.load_yaml(path, config.languages)
    for kind, path in config.deny_lists:
        yield presidio.read_deny_list(kind, path)


def _name(recognizer: EntityRecognizer) -> str:
    return str(getattr(recognizer, "name", ""))


def _shipped() -> Iterator[TextRecognizer]:
    for name in PACKAGES:
        yield from importlib.import_module(name).recognizers()


def _load_spacy(name: str) -> Language:
    try:
        return load_pipeline(name)
    except Exception as error:  # noqa: BLE001 - spaCy and a pipeline's own code raise anything
        raise ConfigurationError(f"the spaCy pipeline {name} cannot be loaded ({type(error).__name__})") from None


def _load_names(config: DetectorConfig) -> tuple[NameSource, Callable[[], Language]]:
    """Return the source of names, and how to get the spaCy pipeline that foreign recognizers read."""
    if config.pipeline is not None:
        pipeline = _load_spacy(config.pipeline)
        return PipelineNames(pipeline), lambda: pipeline
    return NameModel(), load_pipeline
