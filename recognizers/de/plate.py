"""German number plates (FZV): the district's letters, one or two letters, up to four digits.

Without a word for it, only the form with a hyphen and a known district counts; codes of products look alike.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import PLATE, Finding
from recognizers.generic.context import label, labelled
from recognizers.generic.reading import DIGIT, at_numbers
from recognizers.person import word_list
from recognizers.scores import CONTEXT_SCORE, PATTERN_SCORE

DISTRICTS: Final = word_list("plate_districts.txt")
_PLATE = re.compile(r"[1-9][0-9]{0,3}[EH]?(?![0-9A-Za-z]|[.,:/-][0-9])")
_LETTERS = re.compile(r"(?<![\w.-])([A-ZÄÖÜ]{1,3})(-|[ ]|[ ]?[·•][ ]?|:)([A-Z]{1,2})([- ]?)\Z")
_LOWER = re.compile(r"(?<![\w.-])([a-zäöüA-ZÄÖÜ]{1,3})(?P<gap>[- ]?|[ ]-[ ])([a-zA-Z]{1,2})[- ]?\Z")
_LABEL = label(
    r"(?:(?:kfz-?|auto|amtliches?[ ]|polizeiliches?[ ])?kennz(?:\.|eichen)?(?:[ ]\w{2,14})?|nummernschild|"
    r"autonummer|plate)"
)
_VEHICLE = label(r"(?:wagen|pkw|auto|fahrzeug|kfz|mit dem)")
_SHORTEST: Final = 5  # characters, blanks included, of a plate in lower case: `de 9` may be anything
_NO_PLATE: Final = frozenset({("DIN", "EN"), ("NEN", "EN"), ("NF", "EN"), ("E", "U"), ("A", "Z")})


class GermanPlateRecognizer(TextRecognizer):
    """Finds number plates such as `B-MW 1234`, and others after a word such as `Kennzeichen`."""

    kinds = (PLATE,)
    needs = DIGIT

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every plate of ``text``."""
        for digits in at_numbers(text, _PLATE):
            window = text[max(0, digits.start() - 9) : digits.start()]
            if not window[-1:].isalpha() and window[-1:] not in {" ", "-"}:
                continue
            letters = _LETTERS.search(window)
            if letters and _is_plate(letters, digits.group()):
                yield Finding(digits.start() - len(letters.group()), digits.end(), PLATE, PATTERN_SCORE, self.name)
                continue
            letters = _LOWER.search(window)
            start = digits.start() - len(letters.group()) if letters else 0
            if letters and _is_told(text, start, digits.end(), letters):
                yield Finding(start, digits.end(), PLATE, CONTEXT_SCORE, self.name)


def _is_plate(letters: re.Match[str], digits: str) -> bool:
    district, gap, series, _ = letters.groups()
    if len(district) + len(series) + len(digits) < 5:
        return False  # `A-B 12` may be anything
    return district in DISTRICTS and gap != " " and (district, series) not in _NO_PLATE


def _is_told(text: str, start: int, end: int, letters: re.Match[str]) -> bool:
    """Tell whether a word says so; behind a word for a plate capitals need no known district (the army, mistyped)."""
    known = letters[1].upper() in DISTRICTS
    if not letters.group().isupper() and end - start < _SHORTEST:
        return False
    if (known or letters.group().isupper()) and labelled(text, start, _LABEL):
        return True
    return known and bool(letters["gap"]) and letters.group().isupper() and labelled(text, start, _VEHICLE)
