"""British health service numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.en.nhs_number import NhsNumberRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = NhsNumberRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("943 476 5919", ["943 476 5919"]),
        ("NHS 9990000018", ["9990000018"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "9990000018",
        "943 476 5910",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
