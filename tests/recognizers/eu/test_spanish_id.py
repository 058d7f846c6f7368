"""Spanish identity numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.spanish_id import SpanishIdRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = SpanishIdRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12345678Z, X-1234567-L", ["12345678Z", "X-1234567-L"]),
        ("DNI 12.345.678-Z", ["12.345.678-Z"]),
        ("DNI: 12345678a", ["12345678a"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "12345678A",
        "1234567Z",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
