"""Value added tax ids."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.vat import VatIdRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = VatIdRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("USt-IdNr. DE136695976, ATU13585627", ["DE136695976", "ATU13585627"]),
        ("CHE-100.155.212 MWST", ["CHE-100.155.212 MWST"]),
        ("VAT no. GB123456789", ["GB123456789"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "DE123456789",
        "DE98ZZZ09999999999",
        "IT 2026",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
