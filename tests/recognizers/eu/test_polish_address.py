"""Polish addresses."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.polish_address import PolishAddressRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = PolishAddressRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ul. Długa 5/7, 00-950 Warszawa", ["ul. Długa 5/7, 00-950 Warszawa"]),
        ("al. Jerozolimskie 12 m. 4, 02-001 Warszawa", ["al. Jerozolimskie 12 m. 4, 02-001 Warszawa"]),
        ("os. Słoneczne 3/12", ["os. Słoneczne 3/12"]),
        ("ulicy Polnej 3, 31-001 Kraków", ["ulicy Polnej 3, 31-001 Kraków"]),
        ("00-950 Warszawa", ["00-950 Warszawa"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "10-100 euro",
        "od 12-345 do",
        "plac budowy",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
