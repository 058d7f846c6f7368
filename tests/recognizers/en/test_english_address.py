"""British, Irish and American addresses."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.en.address import EnglishAddressRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = EnglishAddressRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12 Baker Street, London NW1 6XE", ["12 Baker Street, London NW1 6XE"]),
        ("Flat 3, 12a High St, Didsbury, Manchester M20 2RR", ["Flat 3, 12a High St, Didsbury, Manchester M20 2RR"]),
        ("123 Main St, Springfield, IL 62704", ["123 Main St, Springfield, IL 62704"]),
        ("1600 Elm Avenue Apt 4B, Denver, CO 80202-1234", ["1600 Elm Avenue Apt 4B, Denver, CO 80202-1234"]),
        ("PO Box 123, Leeds LS1 4AP", ["PO Box 123, Leeds LS1 4AP"]),
        ("London SW1A 1AA", ["London SW1A 1AA"]),
        ("7 Ormond Quay, Dublin 1, D01 K0X8", ["7 Ormond Quay, Dublin 1, D01 K0X8"]),
        ("42 maple street, springfield, il 62704", ["42 maple street, springfield, il 62704"]),
        ("we met at 12 baker street yesterday", ["12 baker street"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "5 Park Way",
        "10 Google Drive files",
        "3 Wall Street analysts",
        "24 hours Street Fight",
        "the 5 St Louis players",
        "14 Drive, 7 Close",
        "I have 3 Road Bikes and 10 Square feet",
        "We need 15 Park rangers",
        "a 7 hour drive",
        "PNR X7K9PQ",
        "chapter 12 Main points",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
