"""What the texts of a request hold of each other's values, worked out only for what is new: a chat's texts come again.

What is kept of the texts and the values are places and hashes under this process's key (PEP 456, recognizers/reach.py);
neither can be read back from them.
"""

import copy
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple

from recognizers.finding import Finding
from recognizers.identity import Value
from recognizers.propagate import Known, is_sure, propagate
from recognizers.reach import Condition, Words, condition, hashes, joined, met

_FEW: Final = 64  # new values that are held against the words of each text; for more all are read again
_TEXT: Final = 300  # bytes of what is kept of a text in CPython, its findings and words not counted
_FINDING: Final = 150
_VALUE: Final = 700

Read = Sequence[tuple[str, Sequence[Finding]]]  # texts, and what was found in each by itself


class _Place(NamedTuple):
    """Where a value stands first."""

    text: int
    start: int
    end: int
    kind: str
    sure: bool  # there or anywhere else

    def value(self, read: Read) -> Value:
        return self.kind, read[self.text][0][self.start : self.end]


class Spread:
    """The values of texts that grow in number, and what each text holds of them."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._own: list[tuple[Finding, ...]] = []  # of each text: what was found in it by itself
        self._findings: list[tuple[Finding, ...]] = []  # of each text: those of all values
        self._words: list[Words | None] = []
        self._values: dict[int, _Place] = {}  # by hash, in the order in which they appear
        self._conditions: dict[int, Condition] = {}  # what a text must hold to hold a value, by the value's hash
        self._needing: dict[int, list[int]] = {}  # by a word's hash, values of the texts that it may stand for
        self._indexed = 0  # so many values are there
        self._beside: set[int] = set()  # of the scope's values, those that were in none of the texts
        self._anywhere = Words()  # those of the first so many texts
        self._joined = 0

    def __copy__(self) -> "Spread":
        """Return one that grows by itself."""
        other = Spread()
        other._own, other._findings, other._words = [*self._own], [*self._findings], [*self._words]
        other._values, other._conditions, other._beside = {**self._values}, {**self._conditions}, {*self._beside}
        other._needing, other._indexed = {word: [*names] for word, names in self._needing.items()}, self._indexed
        other._anywhere, other._joined = copy.copy(self._anywhere), self._joined
        return other

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        words = [self._anywhere, *filter(None, self._words)]
        texts = sum(each.size for each in words) + _FINDING * sum(map(len, self._findings))
        return texts + _TEXT * len(self._own) + _VALUE * (len(self._values) + len(self._beside))

    @property
    def findings(self) -> Sequence[tuple[Finding, ...]]:
        """The findings of each text, with those of all texts' values in it."""
        return self._findings

    def beside(self, known: Sequence[Value]) -> list[Value]:
        """Return those of the scope's values that are in none of the texts."""
        return [value for value in known if hash(value) not in self._values]

    def extend(self, read: Read, known: Sequence[Value] = (), since: int = 0) -> Sequence[int]:
        """Find the values of all texts, and the ``known`` ones of their scope, in each; return where that was done.

        The first texts are those it was extended by before, of the first ``since`` of which that is certain. Only what
        is new is read, and what may hold a new value.
        """
        if not self._goes_on(read, known, since):
            self._begin()
        old = len(self._own)
        new = [*self._met_first(read), *self._known_first(known)]
        if len(read) > 1:  # then the next turn will ask for them, and shall cost only what is new in it
            self._words_of(range(old, len(read)), read)
        again = self._holders(range(old), read, new) if new else ()
        places = [*again, *range(old, len(read))]
        self._read(places, read, known)
        return places

    def _goes_on(self, read: Read, known: Sequence[Value], since: int) -> bool:
        """Tell whether what was worked out holds still: the same was found, and no value of the scope is gone."""
        if any(self._own[at] != tuple(read[at][1]) for at in range(since, min(len(self._own), len(read)))):
            return False
        return not self._beside or self._beside - self._values.keys() <= set(map(hash, known))

    def _met_first(self, read: Read) -> list[Value]:
        """Take in the new texts; return the values that are new, or sure for the first time."""
        new = []
        for at in range(len(self._own), len(read)):
            text, own = read[at]
            self._own.append(tuple(own))
            self._findings.append(())
            self._words.append(None)
            for f in own:
                value = f.kind, text[f.start : f.end]
                name, sure = hash(value), is_sure(f)
                place = self._values.get(name)
                if place is None or (sure and not place.sure):
                    place = place or _Place(at, f.start, f.end, f.kind, sure)
                    self._values[name] = place._replace(sure=sure)
                    new.append(value)
        return new

    def _known_first(self, known: Sequence[Value]) -> list[Value]:
        """Take in those of the scope's values that are in no text; return the new ones."""
        names = map(hash, known)
        new = [(n, v) for n, v in zip(names, known, strict=True) if n not in self._values and n not in self._beside]
        self._beside.update(name for name, _ in new)
        return [value for _, value in new]

    def _holders(self, old: Sequence[int], read: Read, new: Sequence[Value]) -> Sequence[int]:
        """Return which of the ``old`` texts may hold one of the ``new`` values."""
        if not old or len(new) > _FEW:
            return old
        for words in self._words_of(range(self._joined, len(old)), read):
            self._anywhere.add(words)
        self._joined = len(old)
        ways = chain.from_iterable(self._condition(hash(value), value) for value in new)
        possible = tuple(way for way in ways if self._anywhere.allow((way,)))
        there = self._words_of(old, read) if possible else ()
        return [at for at, words in zip(old, there, strict=False) if words.allow(possible)]

    def _read(self, places: Sequence[int], read: Read, known: Sequence[Value]) -> None:
        if not places:
            return
        texts, own = zip(*(read[at] for at in places), strict=True)
        for at, found in zip(places, propagate(texts, own, self._concerned(places, read, known)), strict=True):
            self._findings[at] = tuple(found)

    def _concerned(self, places: Sequence[int], read: Read, known: Sequence[Value]) -> list[Known]:
        """Return the values that may stand in one of these texts: the known ones first, then in order of appearance."""
        own = {hash((f.kind, read[at][0][f.start : f.end])) for at in places for f in read[at][1]}
        beside = self.beside(known)
        if not beside and len(own) == len(self._values):
            return [Known(*place.value(read), place.sure) for place in self._values.values()]
        self._index(read)
        words = joined(self._words_of(places, read))
        concerned = [Known(*value, True) for value in beside if met(self._condition(hash(value), value), words)]
        needed = self._needing.keys() & words.every
        possible = set(chain.from_iterable(map(self._needing.__getitem__, needed)))
        there = own | {name for name in possible if met(self._conditions[name], words)}
        return concerned + [Known(*p.value(read), p.sure) for p in sorted(map(self._values.__getitem__, there))]

    def _index(self, read: Read) -> None:
        for name, place in islice(self._values.items(), self._indexed, None):
            for way in self._condition(name, place.value(read)):
                self._needing.setdefault(way[0], []).append(name)
        self._indexed = len(self._values)

    def _condition(self, name: int, value: Value) -> Condition:
        """Return what a text must hold to hold this value, whose hash is ``name``."""
        needed = self._conditions.get(name)
        if needed is None:
            needed = self._conditions[name] = condition(*value)
        return needed

    def _words_of(self, places: Iterable[int], read: Read) -> list[Words]:
        found = []
        for at in places:
            words = self._words[at]
            if words is None:
                words = self._words[at] = Words(hashes(*read[at]))
            found.append(words)
        return found
