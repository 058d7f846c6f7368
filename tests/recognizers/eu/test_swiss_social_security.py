"""Swiss social security numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.swiss_social_security import SwissSocialSecurityRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = SwissSocialSecurityRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("756.9217.0769.85", ["756.9217.0769.85"]),
        ("AHV-Nr. 756.9217.0769.86", ["756.9217.0769.86"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "756.9217.0769.86",
        "7569217076986",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
