"""Hardware addresses."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.mac import MacRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = MacRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "00:1A:2B:3C:4D:5E 00-00-5E-00-53-01 001a.2b3c.4d5e",
            ["00:1A:2B:3C:4D:5E", "00-00-5E-00-53-01", "001a.2b3c.4d5e"],
        ),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "ff:ff:ff:ff:ff:ff",
        "aa:bb:cc:dd:ee:ff:00:11:22:33",
        "12:30:45",
        "00:00:00:00:00:00",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
