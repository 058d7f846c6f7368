"""British taxpayer references."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.en.tax_reference import TaxReferenceRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = TaxReferenceRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("UTR 1955839661", ["1955839661"]),
        ("unique taxpayer reference: 19558 39661", ["19558 39661"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "1955839661",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
