"""Whether a value may matter in a text: a necessary condition that costs next to nothing to ask.

A value matches as whole words only, and within what was found in a text by itself it changes nothing (propagate.py): so
it doesn't matter where its words don't stand, or stand within findings only. What is kept of a text are 32 bits of its
words' hashes under this process's key (PEP 456); no word can be read back from them.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from recognizers.finding import ADDRESS, LITERAL, PERSON, Finding
from recognizers.fold import fold, whole_words
from recognizers.normalize import normalize

PART: Final = re.compile(r"[^,\n]+")  # of an address

_WORD: Final = re.compile(r"[^\W_]+")  # what whole_words takes for one
_SPELLINGS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_MASK: Final = 0xFFFFFFFF
_NAME: Final = re.compile(r"[^\W_]+(?:[ -]+[^\W_]+)*")  # no form of which begins or ends with a sign
_SIGN: Final = 0  # stands free in every text: findings may hold all words of a value that begins or ends with a sign

Condition = tuple[tuple[int, ...], ...]  # hashes of words, all of which must be there, in one way or another; of
# several values' conditions joined, what must be there for any of them to be


class Hashes(NamedTuple):
    """Of the words of a text; ``free`` are those that don't stand wholly within what was found in it."""

    every: AbstractSet[int]
    free: AbstractSet[int]


_NONE: Final = Hashes(frozenset(), frozenset())


def hashes(text: str, found: Sequence[Finding] = ()) -> Hashes:
    """Return hashes of the words of ``text``, each with and without an ``s`` at its end; other ones in each process.

    ``found`` are the disjoint findings in the text, in order.
    """
    shadow = normalize(text)
    folded = fold(shadow.text)
    # A name with an ending loses it where the name is known without it.
    inflected = {f for f in found if f.kind == PERSON and text[f.end - 1] in "sS"}
    free, taken, end = [fold(normalize(text[f.start : f.end]).text) for f in inflected], list[str](), 0
    for f in found if shadow.starts is None else ():  # else places in the text are others as it reads
        apart = not taken or _WORD.search(folded, end, f.start)
        if apart and f not in inflected and whole_words(folded, f.start, f.end):
            free.append(folded[end : f.start])
            taken.append(folded[f.start : f.end])
            end = f.end
    loose = _hashed([*free, folded[end:]])
    return Hashes(loose | _hashed(taken), loose)


def _hashed(folded: Iterable[str]) -> set[int]:
    words = {word for piece in folded for word in _words(piece)}
    words.update([word[:-1] for word in words if word.endswith("s")])
    return {_SIGN, *map(_hash, words)}


def met(condition: Condition, words: Hashes) -> bool:
    """Tell whether the value of this condition may matter where these words are."""
    return any(not words.free.isdisjoint(way) and words.every >= {*way} for way in condition)


class Words:
    """The words of one text or more, by their ``hashes``, as they are kept."""

    __slots__ = ("_every", "_free")

    def __init__(self, words: Hashes = _NONE) -> None:
        self._every, self._free = (array("I", sorted(each)) for each in words)

    def __copy__(self) -> "Words":
        """Return others, to which words can be added."""
        other = Words()
        other._every, other._free = self._every[:], self._free[:]
        return other

    def add(self, words: "Words") -> None:
        """Add the words of another text."""
        for own, new in ((self._every, words._every), (self._free, words._free)):
            for word in new:
                place = bisect_left(own, word)
                if place == len(own) or own[place] != word:
                    own.insert(place, word)

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return (len(self._every) + len(self._free)) * self._every.itemsize

    def allow(self, condition: Condition) -> bool:
        """Tell whether the value of this condition may matter in the text. No is certain."""
        return any(_any(self._free, way) and _all(self._every, way) for way in condition)


def joined(words: Iterable[Words]) -> Hashes:
    """Return the hashes of several texts' words."""
    several = list(words)
    return Hashes(set().union(*(each._every for each in several)), set().union(*(each._free for each in several)))


def _all(there: "array[int]", words: Iterable[int]) -> bool:
    end = len(there)
    for word in words:
        place = bisect_left(there, word)
        if place == end or there[place] != word:
            return False
    return True


def _any(there: "array[int]", words: Iterable[int]) -> bool:
    end = len(there)
    for word in words:
        place = bisect_left(there, word)
        if place < end and there[place] == word:
            return True
    return False


def condition(kind: str, value: str) -> Condition:
    """Return what a text must hold to hold ``value``: a word of a person's name, any part of an address, else all."""
    if kind == LITERAL:
        return ()
    text = normalize(value).text
    if kind == PERSON:
        sign = () if _NAME.fullmatch(text) else (_SIGN,)
        return tuple((_hash(word), *sign) for word in _words(fold(text)))
    parts = [text, *map(str.strip, PART.findall(text))] if kind == ADDRESS else [text]
    return tuple(map(_way, parts))


def _way(form: str) -> tuple[int, ...]:
    sign = () if form[:1].isalnum() and form[-1:].isalnum() else (_SIGN,)
    return (*map(_hash, sorted(_words(fold(form)), key=_rarity, reverse=True)), *sign)


def _rarity(word: str) -> tuple[bool, int]:
    """Tell words that few texts hold from others: the sooner one is missed, the better."""
    return not word.isalpha(), len(word)


def _words(folded: str) -> list[str]:
    return [word if word.isascii() else word.translate(_SPELLINGS) for word in _WORD.findall(folded)]


def _hash(word: str) -> int:
    return hash(word) & _MASK
