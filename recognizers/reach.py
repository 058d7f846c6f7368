"""Whether a value can stand in a text at all: a necessary condition that costs next to nothing to ask.

A value matches as whole words only (propagate.py), so it can't stand where its words don't. What is kept of a text are
32 bits of its words' hashes under this process's key (PEP 456); no word can be read back from them.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from recognizers.finding import ADDRESS, LITERAL, PERSON
from recognizers.fold import fold
from recognizers.normalize import normalize

PART: Final = re.compile(r"[^,\n]+")  # of an address

_WORD: Final = re.compile(r"[^\W_]+")  # what whole_words takes for one
_SPELLINGS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_MASK: Final = 0xFFFFFFFF

Condition = tuple[tuple[int, ...], ...]  # hashes of words, all of which must be there, in one way or another; of
# several values' conditions joined, what must be there for any of them to be


def hashes(text: str) -> set[int]:
    """Return hashes of the words of ``text``, each with and without an ``s`` at its end; other ones in each process."""
    words = set(_words(normalize(text).text))
    words.update([word[:-1] for word in words if word.endswith("s")])
    return set(map(_hash, words))


def met(condition: Condition, words: set[int]) -> bool:
    """Tell whether the value of this condition may be where the words with these hashes are."""
    return any(map(words.issuperset, condition))


class Words:
    """The words of one text or more, by their ``hashes``, as they are kept."""

    __slots__ = ("_sorted",)

    def __init__(self, words: Collection[int] = ()) -> None:
        self._sorted = array("I", sorted(words))

    def add(self, words: Iterable[int]) -> None:
        """Add the words of another text."""
        for word in words:
            place = bisect_left(self._sorted, word)
            if place == len(self._sorted) or self._sorted[place] != word:
                self._sorted.insert(place, word)

    def __iter__(self) -> Iterator[int]:
        """Return the hashes."""
        return iter(self._sorted)

    def __len__(self) -> int:
        """Return the size in bytes."""
        return len(self._sorted) * self._sorted.itemsize

    def allow(self, condition: Condition) -> bool:
        """Tell whether the value of this condition may be in the text. No is certain."""
        there, end = self._sorted, len(self._sorted)
        for words in condition:
            for word in words:
                place = bisect_left(there, word)
                if place == end or there[place] != word:
                    break
            else:
                return True
        return False


def condition(kind: str, value: str) -> Condition:
    """Return what a text must hold to hold ``value``: a word of a person's name, any part of an address, else all."""
    if kind == LITERAL:
        return ()
    text = normalize(value).text
    if kind == PERSON:
        return tuple((_hash(word),) for word in _words(text))
    parts = [text, *PART.findall(text)] if kind == ADDRESS else [text]
    return tuple(tuple(map(_hash, sorted(_words(part), key=_rarity, reverse=True))) for part in parts)


def _rarity(word: str) -> tuple[bool, int]:
    """Tell words that few texts hold from others: the sooner one is missed, the better."""
    return not word.isalpha(), len(word)


def _words(text: str) -> list[str]:
    return [word if word.isascii() else word.translate(_SPELLINGS) for word in _WORD.findall(fold(text))]


def _hash(word: str) -> int:
    return hash(word) & _MASK
