"""Entries of the commercial register, for who wants them hidden."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.de.commercial_register import CommercialRegisterRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = CommercialRegisterRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Amtsgericht München, HRB 12345", ["12345"]),
        ("HRA 991 B", ["991 B"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "PRO 12",
        "HRB",
        "VR-Bank 12",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
