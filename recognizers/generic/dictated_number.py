"""Telephone and other numbers as people say them, digit by digit or in pairs: `null eins sieben null …`.

Six digits in words of one language in a row, at least, with nothing between them but blanks, commas, dashes or a word
for doubling; counting (`eins zwei drei vier fünf sechs`) is no number.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import PHONE, Finding
from recognizers.generic.context import any_of
from recognizers.generic.reading import folded
from recognizers.generic.spoken import DIGITS, DOUBLE, PLUS, ROUND, TENS
from recognizers.scores import PATTERN_SCORE

_GAP: Final = r"(?:[ \t]?[,;/–-]?[ \t]?\n?(?:(?:und|and|et|y)[ -])?)"


def _sequence(language: str) -> re.Pattern[str]:
    word = rf"(?:{any_of(TENS[language])}|{any_of(DIGITS[language])}|[0-9]{{1,2}})"
    unit = rf"(?:{DOUBLE}\s)?{word}(?![^\W\d_])"
    return re.compile(rf"(?:{PLUS}\s)?{unit}(?:{_GAP}(?:{PLUS}\s)?{unit}){{2,40}}", re.IGNORECASE)


_SEQUENCES: Final = tuple((frozenset(listed.split()), _sequence(language)) for language, listed in DIGITS.items())
_DIGITS: Final = frozenset(word for listed in DIGITS.values() for word in listed.split())
_TENS: Final = frozenset(
    ["plus", "più", "mas", "más", "double", "triple", "doppel", "doble", "doppio", "dubbel"]
    + [word for listed in TENS.values() for word in listed.split()]
)
_SPOKEN: Final = _DIGITS | _TENS
# How people count; zero and second words for a digit left out.
_COUNTING: Final = tuple(
    tuple(re.sub(r"\b(?:null|zero|oh|nought|ein|zwo|fuenf|zéro|cero|nul|één)\b", "", listed).split())
    for listed in DIGITS.values()
)
_TENS_IN_ORDER: Final = tuple(tuple(listed.split()) for listed in TENS.values())
_ROUND: Final = frozenset(word for listed in ROUND.values() for word in listed.split())
_WORD = re.compile(r"[^\W\d_]+")


_SIGNS: Final = str.maketrans(",.-", "   ")


class _ThreeInARow:
    """The condition that three words for digits or tens follow each other."""

    def search(self, text: str) -> bool | None:
        """Return True where they do."""
        spoken = folded(text).translate(_SIGNS).replace(" y ", " ").replace(" et ", " ").split()
        return b"\1\1\1" in bytes(map(_SPOKEN.__contains__, spoken)) or None


class DictatedNumberRecognizer(TextRecognizer):
    """Finds spoken numbers of six digits and more; the span covers all their words."""

    kinds = (PHONE,)
    needs = _ThreeInARow()

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every dictated number of ``text``."""
        if not self.needs.search(text):
            return
        words = [(word.start(), word.group()) for word in _WORD.finditer(folded(text))]
        for digits, sequence in _SEQUENCES:
            done = 0
            for start, word in words:
                if start >= done and (word in digits or word in _TENS):
                    number = sequence.match(text, start)
                    done = number.end() if number else done
                    if number and _is_number(number.group()):
                        yield Finding(start, done, PHONE, PATTERN_SCORE, self.name)


def _is_number(value: str) -> bool:
    spoken = [word.casefold() for word in _WORD.findall(value)]
    long = sum(word in _TENS for word in spoken)  # they say two digits
    if any(tuple(spoken) == order[: len(spoken)] for order in _COUNTING):
        return False
    if len(spoken) == 3 and (any(map(_ROUND.__contains__, spoken)) or _in_order(spoken)):
        return False  # tens, or one after the other: somebody counts
    return len(spoken) + long >= 6


def _in_order(spoken: list[str]) -> bool:
    return any(tuple(spoken) == order[i : i + 3] for order in _TENS_IN_ORDER for i in range(len(order) - 2))
