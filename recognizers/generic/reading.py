"""One reading of a text by many recognizers: what several of them need of it is worked out once.

Whoever runs recognizers over a text opens a `reading`; recognizers work without one too, only slower. Nothing of a text
outlives its reading.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property
from itertools import accumulate
from typing import Any, Final

import ahocorasick

# The condition of all that begins at a digit; one object, so that it is searched for once a text.
DIGIT: Final = re.compile(r"[0-9]")
_DIGITS = re.compile(r"[0-9]+")
# What patterns that ignore case take for these letters, and `str.lower` leaves as it is.
_LOWER: Final = {"İ": "i", "ı": "i", "ſ": "s"}


class _Reading:
    def __init__(self, text: str) -> None:
        self.text = text
        self._before: dict[int, tuple[str, list[int], list[int]]] = {}

    @cached_property
    def lower(self) -> str:
        lower = self.text.lower()
        if len(lower) != len(self.text):
            lower = "".join(_LOWER.get(c) or (c.lower() if len(c.lower()) == 1 else c) for c in self.text)
        for unusual, plain in _LOWER.items():
            if unusual in lower:
                lower = lower.replace(unusual, plain)
        return lower

    @cached_property
    def marks(self) -> set[int]:
        """The numbers of all `Marks` of which the text holds one, from one pass over it."""
        found: set[int] = set()
        for _, numbers in _automaton_of_all(len(_ALL)).iter(self.lower):
            found |= numbers
        return found

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        return tuple(digits.start() for digits in _DIGITS.finditer(self.text))

    def before_numbers(self, reach: int) -> tuple[str, list[int], list[int]]:
        """Give what stands within ``reach`` before numbers, in lower case, and where each part begins in both."""
        if reach not in self._before:
            self._before[reach] = self._parts_before_numbers(reach)
        return self._before[reach]

    def _parts_before_numbers(self, reach: int) -> tuple[str, list[int], list[int]]:
        spans: list[tuple[int, int]] = []
        for number in self.numbers:
            start = max(0, number - reach)
            if spans and start <= spans[-1][1]:
                start = spans.pop()[0]
            spans.append((start, number))
        joined = "\n".join(self.lower[start:end] for start, end in spans)
        bases = list(accumulate((end - start + 1 for start, end in spans), initial=0))
        return joined, [start for start, _ in spans], bases


_current: ContextVar[_Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading(text: str) -> Iterator[None]:
    """Share what recognizers work out about ``text`` among all that read it inside the block."""
    token = _current.set(_Reading(text))
    try:
        yield
    finally:
        _current.reset(token)


def _of(text: str) -> _Reading:
    current = _current.get()
    return current if current is not None and current.text is text else _Reading(text)


def folded(text: str) -> str:
    """Return the text in lower case, character for character, so that offsets stay."""
    return _of(text).lower


def at_numbers(text: str, pattern: re.Pattern[str], back: tuple[int, ...] = (0,)) -> Iterator[re.Match[str]]:
    """Yield the matches of ``pattern`` that begin where a run of digits does, or so many characters before.

    The matches do not overlap. It is what ``finditer`` yields for patterns that begin with digits, at a fraction of the
    cost where a text holds few.
    """
    done = 0
    for start in _of(text).numbers:
        for offset in back:
            match = pattern.match(text, start - offset) if start - offset >= done else None
            if match:
                done = match.end()
                yield match
                break


@cache
def _automaton(literals: tuple[str, ...]) -> Any:
    automaton = ahocorasick.Automaton()
    for literal in literals:
        automaton.add_word(literal, len(literal))
    automaton.make_automaton()
    return automaton


def occurrences(text: str, literals: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield where any of the ``literals`` stands in the text as it is, in one pass (Aho and Corasick, 1975)."""
    for last, length in _automaton(literals).iter(text):
        yield last + 1 - length, last + 1


def occurrences_before_digits(text: str, literals: tuple[str, ...], reach: int = 64) -> Iterator[tuple[int, int]]:
    """Yield the occurrences, whatever their case, that stand within ``reach`` characters before a digit.

    Most texts have few digits, so that only a small part of them is searched.
    """
    joined, starts, bases = _of(text).before_numbers(reach)
    for start, end in occurrences(joined, literals):
        index = bisect_right(bases, start) - 1
        shift = starts[index] - bases[index]
        yield start + shift, end + shift


_ALL: Final[list[tuple[str, ...]]] = []  # the literals of each `Marks`, by number


class Marks:
    """Literals of which a pattern needs one: where none stands, whatever their case, the pattern finds nothing.

    Those of all recognizers are looked for together, in one pass over a text. It is a condition, like a pattern.
    """

    def __init__(self, *literals: str) -> None:
        if "" in literals:
            raise ValueError("an empty literal stands everywhere")
        self.literals = tuple(dict.fromkeys(literal.lower() for literal in literals))
        self._number = len(_ALL)
        _ALL.append(self.literals)

    def search(self, text: str) -> bool | None:
        """Return True if one of the literals stands in ``text``, else None."""
        return True if self._number in _of(text).marks else None


class Guarded:
    """A pattern, and the marks of which each of its matches holds one."""

    def __init__(self, pattern: str | re.Pattern[str], *literals: str) -> None:
        self.pattern = re.compile(pattern)
        self.marks = Marks(*literals)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches of the pattern, which is only tried where one of the marks stands."""
        return self.pattern.finditer(text) if self.marks.search(text) else iter(())


@cache
def _automaton_of_all(_: int) -> Any:
    """Return the automaton that gives with each literal the numbers of the marks it belongs to."""
    numbers: dict[str, set[int]] = {}
    for number, literals in enumerate(_ALL):
        for literal in literals:
            numbers.setdefault(literal, set()).add(number)
    automaton = ahocorasick.Automaton()
    for literal, those in numbers.items():
        automaton.add_word(literal, those)
    automaton.make_automaton()
    return automaton
