"""Polish tax numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.polish_id import NipRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = NipRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("NIP 526-104-08-28", ["526-104-08-28"]),
        ("nip: 5261040828", ["5261040828"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "526-104-08-28",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
