"""Italian tax codes."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.italian_tax_code import ItalianTaxCodeRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = ItalianTaxCodeRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("RSSMRA85T10A562S", ["RSSMRA85T10A562S"]),
        ("c.f. rssmra85t10a562s", ["rssmra85t10a562s"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "ABCDEF12345",
        "rssmra85t10a562s",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
