"""Addresses that begin with a word for a way: `Calle Mayor 5`, `Via Roma 12`, `ul. Długa 5/7`, `Rue du Lac 12`.

Several languages share that order. The words for a way are looked for first, as plain strings; what follows is read up
to the house number in at most six words, of which one at least has a capital unless a postcode follows.
"""

import re
from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Final

from recognizers.generic.postal import Part, PostalRecognizer
from recognizers.generic.reading import DIGIT, occurrences_before_digits

# Names of at least so many words, up to what may be a number or the word for it.
_NAMES: Final = tuple(
    re.compile(
        rf"[ ]?((?:[^\W_][\w'’.-]{{0,30}}(?:[ ]|,[ ]?(?=n|[0-9]))){{{least},{least + 4}}}?)(?=[n0-9])", re.IGNORECASE
    )
    for least in range(7)
)
_NUMBER: Final = re.compile(
    r"(?:n\.?[ ]?[º°]?[ ]?|núm\.?[ ]?|numero[ ]|nr\.?[ ]?|no\.?[ ])?[0-9]{1,4}(?:[A-Za-z](?!\w)|[ ][A-H](?![\w.]))?"
    r"(?:[-–/][0-9]{1,4}[A-Za-z]?|/[A-Za-z](?!\w))?(?!['’0-9]|[.:][0-9]|,[0-9]{1,2}(?![0-9])|\w)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^\W\d_]{5}\.[ ]")  # its end; an abbreviation is shorter
_FINITE = re.compile(
    r"(?:^|[ ])(?:is|was|ist|est|era|è|es|jest|ha|hay|con|para|por|che|per|qui|que|avec|pour|and|und|et|oder|der|"
    r"die|alle|dalle|ore|las)[ ]",
    re.IGNORECASE,
)


class StreetFirstRecognizer(PostalRecognizer):
    """Reads streets behind one of the ``ways``, with the language's ``units``, and its places."""

    needs = DIGIT
    ways: ClassVar[tuple[str, ...]]  # folded, each with what ends it: a blank, a full stop, a slash
    units: ClassVar[re.Pattern[str]]  # matches the empty string too
    ordinary: ClassVar[frozenset[str]] = frozenset()  # ways that in lower case are other words
    places_alone: ClassVar[bool] = False  # whether a place may count without a street

    @abstractmethod
    def places(self, text: str) -> Iterator[Part]:
        """Yield the language's places."""

    def parts(self, text: str) -> Iterator[Part]:
        """Yield the streets, then the places."""
        found = False
        for start, end in occurrences_before_digits(text, self.ways, reach=120):
            if not start or not (text[start - 1].isalnum() or text[start - 1] in "-.'’/"):
                street = self._street(text, start, end)
                if street:
                    found = True
                    yield street
        if found or self.places_alone:
            yield from self.places(text)

    def _is_sure(self, text: str, start: int, end: int) -> bool:
        """Tell whether the word for a way is no other word here."""
        return text[start].isupper() or text[start:end].strip() not in self.ordinary

    def _street(self, text: str, start: int, end: int) -> Part | None:
        name = _NAMES[1].match(text, end)
        while name:
            number = _NUMBER.match(text, name.end())
            if number:
                break
            name = _longer(text, end, name)
        if name is None or number is None or _FINITE.search(name[1]) or _SENTENCE.search(name[1]):
            return None
        units = self.units.match(text, number.end())
        sure = self._is_sure(text, start, end) and any(word[:1].isupper() for word in re.split(r"[ '’-]", name[1]))
        return Part(start, units.end() if units else number.end(), "street", sure)


def _longer(text: str, start: int, name: re.Match[str]) -> re.Match[str] | None:
    """Read on past a number inside the name (`Rue du 8 mai 1945 12`)."""
    for least in range(name[1].count(" ") + 1, 6):
        longer = _NAMES[least].match(text, start)
        if longer and longer.end() > name.end():
            return longer
    return None
