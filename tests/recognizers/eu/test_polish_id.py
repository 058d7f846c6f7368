"""Polish PESEL numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.polish_id import PeselRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = PeselRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("PESEL 44051401359", ["44051401359"]),
        ("nr pesel: 44051401358", ["44051401358"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "44051401359",
        "NIP 5261040828",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
