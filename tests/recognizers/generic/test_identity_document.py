"""Numbers of identity documents."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.identity_document import IdentityDocumentRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = IdentityDocumentRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Personalausweis L01X00T47, Reisepass C01X00T478", ["L01X00T47", "C01X00T478"]),
        ("passport no. 123456789", ["123456789"]),
        ("Führerscheinnummer B072RRE2I55", ["B072RRE2I55"]),
        ("driving licence MORGA657054SM9IJ", ["MORGA657054SM9IJ"]),
        ("carta d'identità CA12345AB", ["CA12345AB"]),
        ("dowód osobisty ABC 123456", ["ABC 123456"]),
        ("numéro de passeport 12AB34567", ["12AB34567"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "Ausweis bitte mitbringen, 12 Personen",
        "Reisepass gültig bis 12.03.2031",
        "passport photo 2 pieces",
        "ID 12",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
