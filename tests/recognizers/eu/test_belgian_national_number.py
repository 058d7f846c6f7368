"""Belgian national register numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.belgian_national_number import BelgianNationalNumberRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = BelgianNationalNumberRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("85.07.30-033.28", ["85.07.30-033.28"]),
        ("rijksregisternummer 85073003328", ["85073003328"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "85073003328",
        "85.07.30-033.29",
        "12.03.1980",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
