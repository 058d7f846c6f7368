"""JSON documents that come as a string in pieces, and what in them a mark may stand for: texts and numbers."""

import re
from collections.abc import Iterator
from typing import Final

_SIGN: Final = re.compile(r'["\\]')
_BARE: Final = re.compile(r"[^\s\[\]{}:,\"]+")
_WORDS: Final = ("true", "false", "null")


class Strings:
    """Where the strings of a document are, its quotation marks left out."""

    def __init__(self) -> None:
        self._inside = False
        self._escaped = False

    def feed(self, text: str) -> list[tuple[int, int]]:
        """Take more of the document; give those parts of ``text`` that stand in its strings, in order."""
        found: list[tuple[int, int]] = []
        begin, place = 0, int(self._escaped and bool(text))
        self._escaped = self._escaped and not text
        while sign := _SIGN.search(text, place):
            place = sign.end()
            if sign[0] == '"':
                if self._inside:
                    found.append((begin, sign.start()))
                self._inside, begin = not self._inside, place
            elif self._inside:
                self._escaped = place == len(text)
                place += 1
        if self._inside:
            found.append((begin, len(text)))
        return [part for part in found if part[0] < part[1]]


def replaceable(text: str, strings: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of ``start:end`` that a mark may stand for: within ``strings``, and whole numbers outside."""
    parts = [(max(start, first), min(end, last)) for first, last in strings]
    outside = zip([0, *(last for _, last in strings)], [*(first for first, _ in strings), len(text)], strict=True)
    for first, last in outside:
        numbers = (bare.span() for bare in _BARE.finditer(text, first, last) if bare[0] not in _WORDS)
        parts += [span for span in numbers if span[0] < end and start < span[1]]
    yield from sorted(part for part in parts if part[0] < part[1])
