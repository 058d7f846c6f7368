"""French social security numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.french_social_security import FrenchSocialSecurityRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = FrenchSocialSecurityRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2 95 10 99 126 111 93", ["2 95 10 99 126 111 93"]),
        ("NIR 295109912611193", ["295109912611193"]),
        ("numéro de sécurité sociale 2951099126111", ["2951099126111"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "295109912611194",
        "2951099126111",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
