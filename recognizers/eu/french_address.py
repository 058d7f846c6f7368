"""French addresses: `12 bis, rue de la Paix, 75002 Paris`; in Belgium and Switzerland the number follows the street."""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.eu.codes import five_digit_places, four_digit_places
from recognizers.generic.context import words
from recognizers.generic.postal import Part, PostalRecognizer
from recognizers.generic.reading import DIGIT, at_numbers, occurrences_before_digits

_WAYS: Final = words(
    """
    rue avenue boulevard place chemin impasse allée allee quai cours route square passage villa résidence faubourg
    sentier esplanade promenade lotissement hameau montée voie ruelle cité av. bd bld pl. rte
    """
)
_WAY: Final = rf"(?:{'|'.join(way.replace('.', chr(92) + '.') for way in _WAYS)})"
_WORD: Final = r"(?:[^\W_][\w'’.-]{0,30})"
_BEFORE = re.compile(
    rf"[0-9]{{1,4}}(?:[ ]?(?:bis|ter|quater|[A-Da-d])(?!\w))?(?:[-/][0-9]{{1,4}})?,?[ ]{_WAY}(?:[ ]|"
    rf"(?<=\.))(?P<name>{_WORD}(?:[ ](?!et[ ]|à[ ]|pour[ ]|est[ ]|qui[ ]|que[ ]|dans[ ]|avec[ ]|au[ ]|{_WAY}[ ]|"
    rf"[0-9]{{5}}){_WORD}){{0,5}})",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"[ ](?:(?:de|du|des|la|le|les|l['’]|d['’]|aux?|à|en|et)[ ]?|[A-ZÀ-Þ][\w'’.-]{{1,30}}(?:[ ]|(?=,))){{1,6}},?[ ]?"
    rf"[0-9]{{1,4}}[a-zA-Z]?(?![0-9]|[.:,][0-9]|\w|[ ](?:bis|ter),?[ ]{_WAY})"
)
_UNITS = re.compile(
    r"(?:(?:,[ ]?|[ ]|,?[ ]?\n)(?:b[âa]t(?:iment|\.)?|apt\.?|appt?\.?|appartement|esc(?:alier|\.)|étage|porte|bte|"
    r"boîte|résidence)[ ]?[0-9A-Z]{1,4}(?!\w)|(?:,[ ]?|[ ])[0-9]{1,2}(?:e|er|ère|ème)[ ]étage){0,4}",
    re.IGNORECASE,
)
_LOWER_TAIL = re.compile(r"(?:[ ](?![A-ZÀ-Þ]|d['’]|l['’])[a-zà-ÿ][\w'’-]*)+\Z")
_CAPITAL = re.compile(r"(?:^|[ '’-])[A-ZÀ-Þ]|[0-9] \w")
_BOX = re.compile(r"(?:BP|CS|B\.P\.|Boîte postale)[ ][0-9]{2,6}(?!\w)")


class FrenchAddressRecognizer(PostalRecognizer):
    """Finds addresses as they are written in French."""

    needs = DIGIT

    def parts(self, text: str) -> Iterator[Part]:
        """Yield streets in either order, and beside them boxes and places of five or four digits."""
        streets = list(_streets(text))
        yield from streets
        if streets or _BOX.search(text):
            for box in _BOX.finditer(text):
                yield Part(box.start(), box.end(), "street", sure=False)
            yield from five_digit_places(text)
            yield from four_digit_places(text)


def _streets(text: str) -> Iterator[Part]:
    for street in at_numbers(text, _BEFORE):
        if not re.search(r"(?:\w|[.,:/-])\Z", text[max(0, street.start() - 1) : street.start()]):
            yield _named(text, street)
    for start, end in occurrences_before_digits(text, _WAYS, reach=120):
        behind = _BEHIND.match(text, end) if not text[start - 1 : start].isalnum() else None
        if behind and (text[start].isupper() or text[start:end] == "rue"):
            yield _with_units(text, start, behind.end(), sure=True)


def _named(text: str, street: re.Match[str]) -> Part:
    """End the street's name behind its last capital; one without a capital needs a place behind it."""
    if not _CAPITAL.search(street["name"]):
        return _with_units(text, street.start(), street.end(), sure=False)
    tail = _LOWER_TAIL.search(street["name"])
    return _with_units(text, street.start(), street.end() - (len(tail.group()) if tail else 0), sure=True)


def _with_units(text: str, start: int, end: int, *, sure: bool) -> Part:
    units = _UNITS.match(text, end)
    return Part(start, units.end() if units else end, "street", sure)
