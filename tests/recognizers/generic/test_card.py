"""Payment card numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.card import CardRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = CardRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "card 4111-1111-1111-1111, 5555555555554444; 3782 822463 10005",
            ["4111-1111-1111-1111", "5555555555554444", "3782 822463 10005"],
        ),
        ("Kreditkarte 4111 1111 1111 1112", ["4111 1111 1111 1112"]),
        ("Visa: 4012888888881881", ["4012888888881881"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "Karte endet auf 1111",
        "EAN 4006381333931",
        "1700000000123 ms",
        "0000 0000 0000 0000",
        "DE89 3704 0044 0532 0130 00",
        "4111 1111 1111 1112",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
