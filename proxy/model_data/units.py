"""Cuts a text into units of a sentence or more, the same ones however the text arrives.

Each unit is read together with the one before and the one after it, so that what stands across a cut is found whole.
What is held back of a stream is thereby never more than two units.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

LEAST: Final = 100  # characters of a unit, but of the last one
MOST: Final = 400
_ESCAPE: Final = 12  # characters of the longest escape: two halves of a surrogate pair in JSON

# The end of a sentence, a line, or a value of a JSON document. What follows must be there: it can't move the end then.
_END: Final = re.compile(r"(?:[.!?…][\"'”’»)\]*_]{0,8}\s|\n|\\n|[\"}\]],)\s*(?=\S)")
_SPACE: Final = re.compile(r"\s+(?=\S)|,(?=[^\s,])")


class Units:
    """The units of one text."""

    def __init__(self, rest: str = "") -> None:
        self._rest = rest

    def copy(self) -> "Units":
        """Return the same place in the same text."""
        return Units(self._rest)

    def feed(self, text: str) -> Iterator[str]:
        """Take more text; give the units it completes."""
        self._rest += text
        start = 0
        while end := _end(self._rest, start):
            yield self._rest[start:end]
            start = end
        self._rest = self._rest[start:]

    def flush(self) -> Iterator[str]:
        """Give the last unit, if there is any."""
        if self._rest:
            yield self._rest
        self._rest = ""


def _end(text: str, start: int) -> int:
    """Return where the unit at ``start`` ends, or 0 while that is not certain."""
    most = start + MOST
    if match := _END.search(text, start + LEAST, most + 1):
        return match.end()
    if len(text) <= most:
        return 0
    if spaces := [match.end() for match in _SPACE.finditer(text, start + LEAST, most + 1)]:
        return spaces[-1]
    escape = text.find("\\", most - _ESCAPE, most)
    return most if escape < 0 else escape


def windows(units: list[str]) -> Iterator[str]:
    """Give the texts in which the units are read: each with the next one, or the only one by itself."""
    if len(units) == 1:
        yield units[0]
    for one, other in pairwise(units):
        yield one + other
