"""Italian addresses."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.italian_address import ItalianAddressRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = ItalianAddressRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Via Roma 12, 20121 Milano MI", ["Via Roma 12, 20121 Milano MI"]),
        (
            "Piazza Garibaldi 3/B, interno 4, 40121 Bologna (BO)",
            ["Piazza Garibaldi 3/B, interno 4, 40121 Bologna (BO)"],
        ),
        ("Via Nassa 5, 6900 Lugano", ["Via Nassa 5, 6900 Lugano"]),
        ("Viale Europa 22 scala B int. 7, 00144 Roma", ["Viale Europa 22 scala B int. 7, 00144 Roma"]),
        ("abito in via Garibaldi 12", ["via Garibaldi 12"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "in via definitiva 3 volte",
        "via Teams alle 9",
        "via Zoom 3 persone",
        "corso Python 3",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
