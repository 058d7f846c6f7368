"""American social security numbers, the 9xx range included."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.en.social_security import AmericanSocialSecurityRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = AmericanSocialSecurityRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("SSN 914-27-6083, card", ["914-27-6083"]),
        ("my social is 914276083", ["914276083"]),
        ("078-05-1120", ["078-05-1120"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "123456789",
        "000-12-3456",
        "2024-11-22",
        "123 45 6789 Stück",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
