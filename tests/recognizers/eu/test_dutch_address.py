"""Dutch and Flemish addresses."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.dutch_address import DutchAddressRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = DutchAddressRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Keizersgracht 12-hs, 1015 CS Amsterdam", ["Keizersgracht 12-hs, 1015 CS Amsterdam"]),
        ("Kerkstraat 5 bus 3, 2000 Antwerpen", ["Kerkstraat 5 bus 3, 2000 Antwerpen"]),
        ("Van Goghlaan 7, 3512 AB Utrecht", ["Van Goghlaan 7, 3512 AB Utrecht"]),
        ("Grote Markt 1, 9000 Gent", ["Grote Markt 1, 9000 Gent"]),
        ("1015 CS Amsterdam", ["1015 CS Amsterdam"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "2013 II ZR 91",
        "2011 TV Choice",
        "1015 CS",
        "In 2024 Gent",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
