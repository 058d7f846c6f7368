"""German health insurance numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.de.health_insurance import GermanHealthInsuranceRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = GermanHealthInsuranceRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Versichertennummer A123456780", ["A123456780"]),
        ("KVNR: M123456789", ["M123456789"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "A123456780",
        "Artikel B123456789",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
