"""Austrian social insurance numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.austrian_social_security import AustrianSocialSecurityRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = AustrianSocialSecurityRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1237 010180", ["1237 010180"]),
        ("SVNR: 1237010180", ["1237010180"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "1237010180",
        "1238 010180",
        "1237 990180",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
