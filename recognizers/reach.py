"""Whether a value can stand in a text at all: a necessary condition that costs next to nothing to ask.

A value matches as whole words only (propagate.py), so it can't stand where its words don't. What is kept of a text are
bits of its words' hashes (Bloom, 1970); no word can be read back from them.
"""

import re
from typing import Final

from recognizers.denylist import fold
from recognizers.finding import ADDRESS, LITERAL, PERSON
from recognizers.normalize import normalize

PART: Final = re.compile(r"[^,\n]+")  # of an address

_WORD: Final = re.compile(r"[^\W_]+")  # what whole_words takes for one
_SPELLINGS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_BITS: Final = 32  # of the filter for each word, at least: with two hashes one word in some 300 is taken for another
_LEAST: Final = 512  # bits of any filter, so that few words are not taken for each other often
_HALF: Final = 32

Condition = tuple[tuple[int, ...], ...]  # hashes of words, all of which must be there, in one way or another


def hashes(text: str) -> set[int]:
    """Return hashes of the words of ``text``, each with and without an ``s`` at its end; other ones in each process."""
    words = set(_words(normalize(text).text))
    words.update([word[:-1] for word in words if word.endswith("s")])
    return set(map(hash, words))


def met(condition: Condition, words: set[int]) -> bool:
    """Tell whether the value of this condition may be where the words with these hashes are."""
    return any(map(words.issuperset, condition))


class Words:
    """The words of a text, by their ``hashes``, as they are kept."""

    __slots__ = ("_filter", "_mask")

    def __init__(self, words: set[int]) -> None:
        self._mask = max(1 << (len(words) * _BITS).bit_length(), _LEAST) - 1
        bits = bytearray(len(self))
        for word in words:
            for place in (word & self._mask, (word >> _HALF) & self._mask):
                bits[place >> 3] |= 1 << (place & 7)
        self._filter = bytes(bits)

    def __len__(self) -> int:
        """Return the size of the filter in bytes."""
        return (self._mask + 1) >> 3

    def allow(self, condition: Condition) -> bool:
        """Tell whether the value of this condition may be in the text. No is certain."""
        bits, mask = self._filter, self._mask
        for words in condition:
            for word in words:
                one, other = word & mask, (word >> _HALF) & mask
                if not (bits[one >> 3] >> (one & 7) & 1 and bits[other >> 3] >> (other & 7) & 1):
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
        return tuple((hash(word),) for word in _words(text))
    parts = [text, *PART.findall(text)] if kind == ADDRESS else [text]
    return tuple(tuple(map(hash, _words(part))) for part in parts)


def _words(text: str) -> list[str]:
    return [word if word.isascii() else word.translate(_SPELLINGS) for word in _WORD.findall(fold(text))]
