"""German pension insurance numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.de.social_security import GermanSocialSecurityRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = GermanSocialSecurityRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("15 070649 C 103", ["15 070649 C 103"]),
        ("15070649C103", ["15070649C103"]),
        ("Rentenversicherungsnummer 15 070649 C 104", ["15 070649 C 104"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "15070649C104",
        "Teil 15070649X1",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
