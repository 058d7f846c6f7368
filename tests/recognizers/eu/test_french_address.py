"""French addresses, and those of Belgium and Switzerland in French."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.eu.french_address import FrenchAddressRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = FrenchAddressRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12 rue de la Paix, 75002 Paris", ["12 rue de la Paix, 75002 Paris"]),
        ("12 bis, avenue des Champs-Élysées 75008 Paris", ["12 bis, avenue des Champs-Élysées 75008 Paris"]),
        ("8 rue du 8 mai 1945, 59000 Lille", ["8 rue du 8 mai 1945, 59000 Lille"]),
        ("Rue du Rhône 12, 1204 Genève", ["Rue du Rhône 12, 1204 Genève"]),
        ("rue Neuve 5 bte 3, 1000 Bruxelles", ["rue Neuve 5 bte 3, 1000 Bruxelles"]),
        ("3, place de la République\n59000 Lille", ["3, place de la République\n59000 Lille"]),
        ("BP 40123, 67000 Strasbourg Cedex", ["BP 40123, 67000 Strasbourg Cedex"]),
        ("j'habite 5 rue victor hugo 69002 lyon", ["5 rue victor hugo 69002 lyon"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "C'est la rue 12 fois",
        "3 place restante",
        "Nous avons 5 places pour 12 cours",
        "10 Square feet",
        "75001 raisons",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
