"""Presidio's two services, analyzer and anonymizer, with the HTTP interface of its containers, in one process.

Callers cannot bring recognizers, lists of words or context of their own, as they can there.

Run as ``python -m benchmarks.load.presidio_services PORT``. Like those containers as they come it does one thing at a
time, in the only thread: more of them would not make spaCy faster.
"""

import sys
from typing import Final

from aiohttp import web
from presidio_analyzer import AnalyzerEngine
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.services.app_entities_convertor import AppEntitiesConvertor

from benchmarks.load import presidio

ANALYZER: Final = web.AppKey("ANALYZER", AnalyzerEngine)
ANONYMIZER: Final = web.AppKey("ANONYMIZER", AnonymizerEngine)


async def analyze(request: web.Request) -> web.Response:
    """Answer with the findings in a text: ``entity_type``, ``start``, ``end`` and ``score`` of each."""
    asked = await request.json()
    found = request.app[ANALYZER].analyze(
        text=asked["text"],
        language=asked["language"],
        entities=asked.get("entities"),
        score_threshold=asked.get("score_threshold"),
    )
    return web.json_response([result.to_dict() for result in found])


async def anonymize(request: web.Request) -> web.Response:
    """Answer with the text whose findings are replaced, by default with their kinds, and where the replacements are."""
    asked = await request.json()
    replaced = request.app[ANONYMIZER].anonymize(
        text=asked["text"],
        analyzer_results=AppEntitiesConvertor.analyzer_results_from_json(asked["analyzer_results"]),
        operators=AppEntitiesConvertor.operators_config_from_json(asked.get("anonymizers")),
    )
    return web.Response(text=replaced.to_json(), content_type="application/json")


def application() -> web.Application:
    """Return the services; raises ``RuntimeError`` where no English spaCy model is installed."""
    model = presidio.english_model()
    if model is None:
        raise RuntimeError("Presidio needs an English spaCy model")
    served = web.Application(client_max_size=1 << 26)
    served[ANALYZER] = presidio.analyzer(model)
    served[ANONYMIZER] = AnonymizerEngine()  # type: ignore[no-untyped-call]
    served.add_routes([web.post("/analyze", analyze), web.post("/anonymize", anonymize)])
    return served


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]), print=None)
