"""Run recognizers over one text, each behind its necessary condition; a failure of one fails the text."""

from collections.abc import Iterable

from recognizers.base import Condition, TextRecognizer
from recognizers.errors import DetectionError
from recognizers.finding import Finding
from recognizers.generic.reading import reading


def scan(text: str, recognizers: Iterable[TextRecognizer]) -> list[Finding]:
    """Return everything ``recognizers`` find in ``text``, overlapping and in no order.

    Raises DetectionError, which names the recognizer and the kind of its failure but none of the text.
    """
    findings: list[Finding] = []
    met: dict[Condition | None, bool] = {None: True}  # recognizers share conditions
    with reading(text):
        for recognizer in recognizers:
            try:
                if recognizer.needs not in met:
                    met[recognizer.needs] = recognizer.needs is None or recognizer.needs.search(text) is not None
                if met[recognizer.needs]:
                    findings.extend(recognizer.find(text))
            except Exception as error:  # noqa: BLE001 - whatever it was, the text was not scanned
                raise DetectionError(f"{recognizer.name} failed with {type(error).__name__}") from None
    return findings
