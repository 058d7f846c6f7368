"""Numbers as people say them."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.dictated_number import DictatedNumberRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = DictatedNumberRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("null eins sieben null, vier zwei drei sechs eins", ["null eins sieben null, vier zwei drei sechs eins"]),
        ("zero one seven one double two three four five", ["zero one seven one double two three four five"]),
        (
            "zéro six douze trente-quatre cinquante-six soixante-dix-huit",
            ["zéro six douze trente-quatre cinquante-six soixante-dix-huit"],
        ),
        ("seis uno dos tres cuatro cinco seis siete ocho", ["seis uno dos tres cuatro cinco seis siete ocho"]),
        ("tre quattro sette uno due tre quattro cinque", ["tre quattro sette uno due tre quattro cinque"]),
        ("nul zes twaalf drie vier vijf zes zeven", ["nul zes twaalf drie vier vijf zes zeven"]),
        ("pięć zero jeden dwa trzy cztery pięć", ["pięć zero jeden dwa trzy cztery pięć"]),
        ("plus vier neun eins sieben eins zwei drei vier", ["plus vier neun eins sieben eins zwei drei vier"]),
        (
            "null eins fünf eins zweiundzwanzig dreiunddreißig vier",
            ["null eins fünf eins zweiundzwanzig dreiunddreißig vier"],
        ),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "eins zwei drei vier fünf sechs",
        "one, two, three, four, five, six, seven",
        "null Bock und drei Leute, vier Tage, acht Stunden",
        "zwei drei vier",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
