"""Presidio recognizers an organisation already has: Python classes, YAML files, deny lists.

They run inside a Presidio analyzer of their own, over the same spaCy pipeline as everything else. What Presidio would
skip with a warning (a pattern that takes too long, a recognizer for another language) fails here, and nothing it
logs or raises is passed on, because it may quote text.
"""

import importlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider
from presidio_analyzer.recognizer_registry.recognizers_loader_utils import RecognizerConfigurationLoader
from spacy.language import Language
from spacy.tokens import Doc
from tldextract import TLDExtract, tldextract

from recognizers.base import TextRecognizer
from recognizers.denylist import KIND, DenyList
from recognizers.errors import ConfigurationError, DetectionError
from recognizers.finding import CARD, EMAIL, IBAN, IP, MAC, PHONE, Finding

# Presidio's names of what has a kind of ours; every other entity name becomes a kind as it is.
KINDS: Final = {
    "CREDIT_CARD": CARD,
    "EMAIL_ADDRESS": EMAIL,
    "IBAN_CODE": IBAN,
    "IP_ADDRESS": IP,
    "MAC_ADDRESS": MAC,
    "PHONE_NUMBER": PHONE,
}


def keep_suffix_list_offline() -> None:
    """Give tldextract, which Presidio's e-mail recognizer asks, its bundled list: by itself it fetches a newer one."""
    tldextract.TLD_EXTRACTOR = TLDExtract(suffix_list_urls=(), cache_dir=None)


def load_class(path: str) -> list[EntityRecognizer]:
    """Load ``package.module:Name`` or ``package.module.Name``.

    The name is a recognizer class that needs no arguments, a recognizer, or a function that returns recognizers.
    """
    module_name, _, name = path.replace(":", ".").rpartition(".")
    try:
        loaded = getattr(importlib.import_module(module_name), name)
        made = loaded() if callable(loaded) else loaded
    except Exception as error:  # noqa: BLE001 - anything may go wrong in somebody else's module
        raise ConfigurationError(f"{path} cannot be loaded ({type(error).__name__})") from None
    found = list(made) if isinstance(made, Iterable) else [made]
    if not found or not all(isinstance(recognizer, EntityRecognizer) for recognizer in found):
        raise ConfigurationError(f"{path} is no Presidio recognizer")
    return found


def load_yaml(path: str, languages: Sequence[str]) -> list[EntityRecognizer]:
    """Load a registry file of Presidio (``recognizers:`` with patterns, deny lists, or predefined names).

    Deny lists are taken out of Presidio's hands: it would make one regular expression of each.
    """
    try:
        Path(path).read_bytes()  # Presidio itself takes its defaults where a file is missing
        document = RecognizerConfigurationLoader.get(conf_file=path)
        entries = document["recognizers"]
        lists = [_deny_list(entry) for entry in entries if isinstance(entry, dict) and entry.get("deny_list")]
        rest = [entry for entry in map(_without_deny_list, entries) if entry is not None]
        return [*lists, *_by_presidio(document, rest, languages)]
    except ConfigurationError:
        raise
    except Exception as error:  # noqa: BLE001 - Presidio, pydantic and YAML each have their own, and they quote
        raise ConfigurationError(f"{path} cannot be loaded ({type(error).__name__})") from None


def read_deny_list(kind: str, path: str) -> DenyList:
    """Load a text file with one value a line (UTF-8, empty lines ignored)."""
    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read ({type(error).__name__})") from None
    return DenyList(kind, lines, name=f"DenyList({Path(path).name})")


def _deny_list(entry: dict[str, Any]) -> DenyList:
    entity = entry.get("supported_entity") or next(iter(entry.get("supported_entities") or ()), "")
    kind = KINDS.get(entity, entity)
    return DenyList(kind, map(str, entry["deny_list"]), entry.get("name"), float(entry.get("deny_list_score", 1.0)))


def _without_deny_list(entry: Any) -> Any:
    """Return what is left for Presidio of a registry's entry; None if nothing is."""
    if not isinstance(entry, dict) or not entry.get("deny_list"):
        return entry
    return {key: value for key, value in entry.items() if key != "deny_list"} if entry.get("patterns") else None


def _by_presidio(document: dict[str, Any], entries: list[Any], languages: Sequence[str]) -> list[EntityRecognizer]:
    if not entries:
        return []
    spoken = sorted({*languages, *(e["supported_language"] for e in entries if _speaks(e))})
    configuration = {"global_regex_flags": 26, **document, "recognizers": entries, "supported_languages": spoken}
    provider = RecognizerRegistryProvider(registry_configuration=configuration)
    return list(provider.create_recognizer_registry().recognizers)


def _speaks(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("supported_language"))


class _Engine(SpacyNlpEngine):
    """Presidio's spaCy engine around a pipeline that is already loaded, the same for every language."""

    def __init__(self, pipeline: Language, languages: Sequence[str]) -> None:
        super().__init__(
            models=[{"lang_code": language, "model_name": "loaded"} for language in languages],
            ner_model_configuration=NerModelConfiguration(labels_to_ignore=[]),
        )
        self.nlp: Any = dict.fromkeys(languages, pipeline)

    def artifacts(self, doc: Doc, language: str) -> NlpArtifacts:
        """Give a document to Presidio, its words standing in for lemmas where the pipeline makes none."""
        for token in doc:
            if not token.lemma:
                token.lemma_ = token.lower_
        return self._doc_to_nlp_artifact(doc, language)


class _Listener(logging.Filter):
    """Keeps Presidio's messages to itself, and notices when it skips a pattern that took too long."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop the record: it may quote the text."""
        self.skipped += record.levelno >= logging.WARNING and "timed out" in str(record.msg)
        return False


_LISTENER: Final = _Listener()
logging.getLogger("presidio-analyzer").addFilter(_LISTENER)
logging.getLogger("decision_process").addFilter(_LISTENER)


class PresidioRecognizers:
    """Foreign recognizers behind one ``find``. Their results pass Presidio's own context words and thresholds."""

    def __init__(self, recognizers: Sequence[EntityRecognizer], pipeline: Language, threshold: float = 0.3) -> None:
        keep_suffix_list_offline()
        self._pipeline = pipeline
        self._languages = sorted({recognizer.supported_language for recognizer in recognizers})
        self._engine = _Engine(pipeline, self._languages)
        try:
            self._analyzer = AnalyzerEngine(
                registry=RecognizerRegistry(recognizers=list(recognizers), supported_languages=self._languages),
                nlp_engine=self._engine,
                supported_languages=self._languages,
                default_score_threshold=threshold,
            )
        except Exception as error:  # noqa: BLE001
            raise ConfigurationError(f"Presidio refuses the recognizers ({type(error).__name__})") from None
        self.kinds = {KINDS.get(e, e) for recognizer in recognizers for e in recognizer.get_supported_entities()}
        if bad := [kind for kind in sorted(self.kinds) if not KIND.fullmatch(kind)]:
            raise ConfigurationError(f"no tokens can be made of the entity name {bad[0]}")

    def find(self, text: str) -> list[Finding]:
        """Return the findings of every foreign recognizer in ``text``, in offsets of ``text``.

        Raises DetectionError if one of them fails or Presidio gave up on a pattern.
        """
        skipped = _LISTENER.skipped
        try:
            with self._pipeline.memory_zone():
                findings = [
                    Finding(r.start, r.end, KINDS.get(r.entity_type, r.entity_type), r.score, _name(r))
                    for r in self._results(text)
                ]
        except Exception as error:  # noqa: BLE001 - Presidio's own messages quote the text
            raise DetectionError(f"a Presidio recognizer failed with {type(error).__name__}") from None
        if _LISTENER.skipped != skipped:
            raise DetectionError("a Presidio pattern took too long")
        return findings

    def _results(self, text: str) -> Iterator[RecognizerResult]:
        for language in self._languages:
            artifacts = self._engine.artifacts(self._pipeline(text), language)
            yield from self._analyzer.analyze(text, language, nlp_artifacts=artifacts)


def _name(result: RecognizerResult) -> str:
    metadata = result.recognition_metadata or {}
    return str(metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, "Presidio"))


def split_ours(found: Iterable[EntityRecognizer]) -> tuple[list[TextRecognizer], list[EntityRecognizer]]:
    """Separate recognizers that need only the text from those that need Presidio around them."""
    ours: list[TextRecognizer] = []
    foreign: list[EntityRecognizer] = []
    for recognizer in found:
        if isinstance(recognizer, TextRecognizer):
            ours.append(recognizer)
        else:
            foreign.append(recognizer)
    return ours, foreign
