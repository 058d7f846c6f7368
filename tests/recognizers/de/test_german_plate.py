"""German number plates."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.de.plate import GermanPlateRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = GermanPlateRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("B-MW 1234 und M-AB 12E, HH-XY 123", ["B-MW 1234", "M-AB 12E", "HH-XY 123"]),
        ("Kennzeichen B MW 1234", ["B MW 1234"]),
        ("Kennzeichen: ka-lm 482", ["ka-lm 482"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "DIN-EN 12",
        "USB-C 3",
        "A-B 12",
        "QQ-AB 123",
        "bis 2014",
        "EU-DSGVO 2016",
        "IBAN AT: AT61 1904",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
