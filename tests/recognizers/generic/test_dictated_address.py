"""Streets with a house number in words, and what only sounds like one."""

import pytest

from recognizers.generic.dictated_address import DictatedAddressRecognizer

RECOGNIZER = DictatedAddressRecognizer()


def found(text: str) -> list[str]:
    return [text[f.start : f.end] for f in RECOGNIZER.find(text)]


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("der Lerchenweg siebzehn a, sieben sechs eins", "Lerchenweg siebzehn a"),
        ("wohne in der Berliner Straße einhundertzwölf in Köln", "Berliner Straße einhundertzwölf"),
        ("hauptstraße nummer vier.", "hauptstraße nummer vier"),
        ("at forty-four, Ashgrove Terrace.", "forty-four, Ashgrove Terrace"),
        ("a hundred and six, Old Kiln Lane, in Farnham", "a hundred and six, Old Kiln Lane"),
        ("one hundred and four Sutton Street, flat two", "one hundred and four Sutton Street, flat two"),
        ("la Ronda de Segovia ciento cuatro, bajo B", "Ronda de Segovia ciento cuatro"),
        ("au vingt-deux rue de la Paix à Lyon", "vingt-deux rue de la Paix"),
        ("di via mazzini diciotto dice", "via mazzini diciotto"),
        ("in via dei Gelsomini numero trentadue barra bi, interno sette",
         "via dei Gelsomini numero trentadue barra bi, interno sette"),
        ("viale Monza centosettantadue, davanti", "viale Monza centosettantadue"),
        ("molenstraat honderdtwaalf in uden", "molenstraat honderdtwaalf"),
        ("ulica Wesoła osiem przez dwanaście, w Kielcach", "ulica Wesoła osiem przez dwanaście"),
    ],
)  # fmt: skip
def test_streets_with_their_numbers_are_found(text: str, street: str) -> None:
    assert found(text) == [street]


@pytest.mark.parametrize(
    "text",
    [
        "Parkplatz drei, Stellplatz zwölf. Auf dem Heimweg zwei Stunden im Stau.",
        "Ringstraße sechs bis acht Wochen gesperrt; auf dem Weg zwei Leute getroffen.",
        "two people on Oxford Street, ten minutes from the High Street",
        "mandi via le tre casse; è andato via con due amici",
        "un boulevard Haussmann, une rue de Lyon, trois places de parking",
        "por el camino que tres amigos tomaron",
        "de straat twee keer overgestoken",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert found(text) == []
