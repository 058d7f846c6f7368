"""German tax identification numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.de.tax_id import GermanTaxIdRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = GermanTaxIdRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("86 095 742 719", ["86 095 742 719"]),
        ("86095742719", ["86095742719"]),
        ("Steuer-ID: 12345678911", ["12345678911"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "12 345 678 901",
        "Bestellung 12345678912",
        "12.345.678.901 Euro",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
