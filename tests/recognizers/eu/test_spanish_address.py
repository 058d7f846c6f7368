"""Spanish addresses."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.spanish_address import SpanishAddressRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = SpanishAddressRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Calle Mayor 5, 3º B, 28013 Madrid", ["Calle Mayor 5, 3º B, 28013 Madrid"]),
        ("C/ Alcalá, 45, 28014 Madrid", ["C/ Alcalá, 45, 28014 Madrid"]),
        ("Avenida de la Constitución nº 12, 41001 Sevilla", ["Avenida de la Constitución nº 12, 41001 Sevilla"]),
        ("Plaza de España, 7, bajo izq., 41013 Sevilla", ["Plaza de España, 7, bajo izq., 41013 Sevilla"]),
        ("Carrer de Mallorca 401, 08013 Barcelona", ["Carrer de Mallorca 401, 08013 Barcelona"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "la calle es larga y hay 5 casas",
        "un camino de 12 km",
        "C. III. 1",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
