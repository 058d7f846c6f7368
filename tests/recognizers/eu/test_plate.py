"""Number plates outside Germany."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.plate import PlateRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = PlateRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("AB-123-CD", ["AB-123-CD"]),
        ("matrícula 1234 BCD", ["1234 BCD"]),
        ("targa AB 123 CD", ["AB 123 CD"]),
        ("kenteken 12-ABC-3", ["12-ABC-3"]),
        ("number plate LS21 XKR", ["LS21 XKR"]),
        ("Kontrollschild ZH 123456", ["ZH 123456"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "registration is open until 12 March",
        "AB-123-CDE",
        "plate tectonics",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
