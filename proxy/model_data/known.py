"""What the caller of an exchange may read in its reply anyway: what it sent, and what is restored for it."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from recognizers.normalize import normalize

_BLANKS: Final = re.compile(r"\s+")
_SUBSTANCE: Final = re.compile(r"[^\W_]{2}")
_SHORTEST: Final = 3  # characters of a value that is looked for inside of what was found


class Known:
    """The request's ``texts`` and the ``values`` that its tokens may become, read when the first question comes."""

    def __init__(self, texts: Iterable[str] = (), values: Iterable[str] = ()) -> None:
        self._texts = texts
        self._unread = values

    def unknown(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return those parts of ``start:end`` of a reply's ``text`` that the caller doesn't know, in order."""
        if _holds(self._said, folded(text[start:end])):
            return []
        return [part for part in self._around_values(text, start, end) if _SUBSTANCE.search(text, *part)]

    @cached_property
    def _values(self) -> list[str]:
        return [*self._unread]

    @cached_property
    def _said(self) -> str:
        return "\n".join(map(folded, [*self._texts, *self._values]))

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        """The values as words, perhaps with an ending: names get them in most languages."""
        values = sorted({value for value in self._values if len(value) >= _SHORTEST}, key=len, reverse=True)
        alternatives = "|".join(map(re.escape, values))
        return re.compile(rf"(?<![^\W_])(?:{alternatives})\w{{0,2}}(?!\w)", re.IGNORECASE) if values else None

    def _around_values(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        for match in self._words.finditer(text, start, end) if self._words else ():
            yield start, match.start()
            start = match.end()
        yield start, end


def folded(text: str) -> str:
    """Return a text as it reads, so that what is written in different ways is the same."""
    return _BLANKS.sub(" ", normalize(text).text).casefold().strip()


def _holds(text: str, words: str) -> bool:
    """Tell whether ``words`` stand in ``text``, and not within others."""
    place = text.find(words) if words else -1
    while place >= 0:
        end = place + len(words)
        before, after = text[max(place - 1, 0) : place], text[end : end + 1]
        if not (before.isalnum() and words[0].isalnum()) and not (after.isalnum() and words[-1].isalnum()):
            return True
        place = text.find(words, place + 1)
    return not words
