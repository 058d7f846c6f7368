"""E-mail addresses as people say them."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.dictated_email import DictatedEmailRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = DictatedEmailRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("meine Mail ist max punkt mueller at gmx punkt de danke", ["max punkt mueller at gmx punkt de"]),
        ("my e-mail is max dot miller at example dot com, thanks", ["max dot miller at example dot com"]),
        ("max punkt müller ät t minus online punkt de", ["max punkt müller ät t minus online punkt de"]),
        ("it's m a x at web dot de", ["m a x at web dot de"]),
        ("an anna unterstrich koch 84 at firma punkt com", ["anna unterstrich koch 84 at firma punkt com"]),
        ("julie point martin arobase orange point fr", ["julie point martin arobase orange point fr"]),
        ("maria punto garcia arroba correo punto es", ["maria punto garcia arroba correo punto es"]),
        ("mario punto rossi chiocciola posta punto it", ["mario punto rossi chiocciola posta punto it"]),
        ("jan punt jansen apenstaartje bedrijf punt nl", ["jan punt jansen apenstaartje bedrijf punt nl"]),
        ("jan kropka kowalski małpa poczta kropka pl", ["jan kropka kowalski małpa poczta kropka pl"]),
        ("s t double e l e at example dot org", ["s t double e l e at example dot org"]),
        ("Max.Miller at example.com", ["Max.Miller at example.com"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "wir treffen uns at home punkt eins",
        "we arrive at ten",
        "look at example.com",
        "Julie et Martin",
        "der Punkt de facto",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
