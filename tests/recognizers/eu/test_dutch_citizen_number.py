"""Dutch citizen service numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.dutch_citizen_number import DutchCitizenNumberRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = DutchCitizenNumberRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("BSN 111222333", ["111222333"]),
        ("burgerservicenummer: 1112.22.333", ["1112.22.333"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "111222333",
        "12-03-1980",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
