"""German tax numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.de.tax_number import GermanTaxNumberRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = GermanTaxNumberRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("21/815/08150 und 181/815/08155", ["21/815/08150", "181/815/08155"]),
        ("St.-Nr. 2181508150", ["2181508150"]),
        ("Steuernummer: 9181081508155", ["9181081508155"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "2181508150",
        "12/2026",
        "Seite 12/345",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
