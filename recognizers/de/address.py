"""Addresses in German: street and number, units, P.O. boxes, parcel lockers, the squares of Mannheim.

House numbers and postcodes are the anchors: a text without digits has no address, and what stands before or behind a
number says whether it is one. Streets that are ordinary words ("Platz 3", "Im Raum 5") need a place beside them.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.de.place import places
from recognizers.de.street import street_start
from recognizers.generic.context import label, labelled
from recognizers.generic.postal import Part, PostalRecognizer
from recognizers.generic.reading import DIGIT, at_numbers, folded

_LETTER: Final = r"(?:[ \u00a0]?[a-h](?![\w.])|[ ]?[A-H](?![\w.])|[a-zA-Z](?!\w))?"
_HOUSE = re.compile(
    rf"[1-9][0-9]{{0,3}}{_LETTER}(?:[ ]?[/–+-][ ]?[0-9]{{1,4}}{_LETTER}){{0,4}}(?:[ ]1/2|[ ]?[½¼¾])?(?![0-9]|[.:][0-9]|"
    rf",[0-9](?![0-9]{{3}})|\w)"
)
_COUNTED = re.compile(
    r"[ \u00a0]?(?:€|%|°|Uhr|Euro|EUR|CHF|Prozent|Minute|Min\b|Stunde|Std|Sekunde|Tage?n?\b|Woche|Monat|Jahr|Meter|"
    r"km\b|m\b|cm\b|mm\b|kg\b|Grad|[Mm]al\b|Stück|Stk|Person|Leute|Kilometer|Plätze|Million|Mio|x\b)|"
    r"\.[ ]?(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Klasse|Platz|Tag|"
    r"Woche|Spieltag)"
)
_UNIT: Final = (
    r"(?:[0-9]{1,2}\.[ ]?(?:OG|Stock(?:werk)?|Etage|Obergeschoss|Obergeschoß|Geschoss|Et\.)|"
    r"(?:Top|Stiege|Stg\.?|Tür|Whg\.?|Wohnung(?:snr\.|snummer)?|Apt\.?|App\.?|Appartement|Apartment|Zimmer|Zi\.|Haus|"
    r"Gebäude|Geb\.|Aufgang|Eingang|Block|Büro|Halle|Raum)[ ]?[0-9]{0,4}[A-Z]?(?![\w])|"
    r"(?:[0-9]\.[ ]?)?(?:Hinterhaus|Hinterhof)|Vorderhaus|Seitenflügel|Gartenhaus|Quergebäude|HH\b|VH\b|EG\b|DG\b|"
    r"Erdgeschoss|Dachgeschoss|Souterrain|Parterre|Hochparterre|(?:links|rechts|Mitte|li\.|re\.))"
)
_UNITS = re.compile(rf"(?:(?:[ ]?[,/][ ]?|[ ]|[ ]?[-–][ ]|,?[ ]?\n|[ ]\(){_UNIT}\)?){{0,5}}")
_BOX = re.compile(
    r"(?:Packstation|Paketstation|Postfiliale|Paketshop|Paketbox|Postfach|P\.?[ ]?O\.?[ ]?Box|Postf\.|Case postale|"
    r"Schlie(?:ß|ss)fach)(?:[ ]?(?:Nr\.?|Nummer|:))?[ \u00a0]{1,2}[0-9](?:[ \u00a0]?[0-9]){1,7}(?!\w)",
    re.IGNORECASE,
)
_BOXES: Final = ("station", "postf", "paket", "box", "case postale", "ssfach", "ßfach")
_SQUARE = re.compile(
    r"(?<![\w.])[A-U][ ]?[1-7](?:,[ ]?|[ ])[0-9]{1,2}(?:[ ]?[a-h](?!\w)|[ ]?[-–][ ]?[0-9]{1,2})?(?![\w]|[.,][0-9])"
)
_MANNHEIM = re.compile(r"[\s\S]{0,60}Mannheim")
_ADDRESS_LABEL = label(r"(?:adresse|anschrift|wohnt|wohne|wohnhaft|wohnen|stra(?:ß|ss)e|quadrate?)")


class GermanAddressRecognizer(PostalRecognizer):
    """Finds addresses as they are written in German."""

    needs = DIGIT

    def parts(self, text: str) -> Iterator[Part]:
        """Yield streets, boxes and squares, then places."""
        for house in at_numbers(text, _HOUSE):
            yield from _street(text, house)
        lower = folded(text)
        if any(word in lower for word in _BOXES):
            for box in _BOX.finditer(text):
                yield Part(box.start(), box.end(), "street", sure=True)
        if "Mannheim" in text:
            yield from _squares(text)
        yield from places(text)


_UNIT_BEFORE = re.compile(r"(?:Haus|Gebäude|Block|Wohnung|Whg\.?|Aufgang|Top)[ ][0-9]{1,3}[a-zA-Z]?,[ ]\Z")


def _street(text: str, house: re.Match[str]) -> Iterator[Part]:
    found = street_start(text, house.start(), house.end())
    if found is None or _COUNTED.match(text, house.end()):
        return
    start, sure = found
    unit = _UNIT_BEFORE.search(text[max(0, start - 20) : start])
    start -= len(unit.group()) if unit else 0
    units = _UNITS.match(text, house.end())
    yield Part(start, units.end() if units else house.end(), "street", sure)


def _squares(text: str) -> Iterator[Part]:
    for square in _SQUARE.finditer(text):
        near = text[max(0, square.start() - 60) : square.start()]
        if "Mannheim" in near or _MANNHEIM.match(text, square.end()) or labelled(text, square.start(), _ADDRESS_LABEL):
            yield Part(square.start(), square.end(), "street", sure=True)
