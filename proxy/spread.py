"""What the texts of a request hold of each other's values, worked out only for what is new: a chat's texts come again.

What is kept of the texts and the values are places and hashes under this process's key (PEP 456, recognizers/reach.py);
neither can be read back from them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from recognizers.finding import Finding
from recognizers.propagate import Known, is_sure, propagate
from recognizers.reach import Condition, Words, condition, hashes, met

_FEW: Final = 64  # new values that are held against the words of each text; for more all are read again
_TEXT: Final = 300  # bytes of what is kept of a text in CPython, its findings and words not counted
_FINDING: Final = 150
_VALUE: Final = 500

Value = tuple[str, str]  # kind and value
Read = Sequence[tuple[str, Sequence[Finding]]]  # texts, and what was found in each by itself


@dataclass(slots=True)
class _Text:
    own: tuple[Finding, ...]  # found in it by itself
    findings: tuple[Finding, ...] = ()  # those of all values
    words: Words | None = None


@dataclass(slots=True)
class _Value:
    """A value by where it first stands."""

    text: int
    start: int
    end: int
    kind: str
    sure: bool
    condition: Condition | None = None

    def of(self, read: Read) -> Value:
        return self.kind, read[self.text][0][self.start : self.end]


class Spread:
    """The values of texts that grow in number, and what each text holds of them."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._texts: list[_Text] = []
        self._values: dict[int, _Value] = {}  # by hash, in the order in which they appear
        self._beside: dict[int, Condition] = {}  # of the scope's values, those that were in none of the texts
        self._anywhere = Words()  # those of the first so many texts
        self._joined = 0

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        texts = sum(len(text.words or ()) + _FINDING * len(text.findings) for text in self._texts)
        return texts + len(self._anywhere) + _TEXT * len(self._texts) + _VALUE * (len(self._values) + len(self._beside))

    def extend(self, read: Read, known: Sequence[Value]) -> list[list[Finding]]:
        """Return the findings of each text with all texts' values, and the ``known`` ones of their scope, found in it.

        The first texts are those it was extended by before. Only what is new is read, and what may hold a new value.
        """
        if not self._goes_on(read, known):
            self._begin()
        old = len(self._texts)
        new = self._met_first(read)
        beside = self._known_first(known)
        if len(read) > 1:  # then the next turn will ask for them, and shall cost only what is new in it
            self._words_of(range(old, len(read)), read)
        again = self._holders(range(old), read, new, beside) if new or beside else ()
        self._read([*again, *range(old, len(read))], read, known)
        return [list(text.findings) for text in self._texts]

    def _goes_on(self, read: Read, known: Sequence[Value]) -> bool:
        """Tell whether what was worked out holds still: the same was found, and no value of the scope is gone."""
        if any(text.own != tuple(own) for text, (_, own) in zip(self._texts, read, strict=False)):
            return False
        return not self._beside or self._beside.keys() - self._values.keys() <= set(map(hash, known))

    def _met_first(self, read: Read) -> list[_Value]:
        """Take in the new texts; return the values that are new, or sure for the first time."""
        new = []
        for at in range(len(self._texts), len(read)):
            text, own = read[at]
            self._texts.append(_Text(tuple(own)))
            for f in own:
                name, sure = hash((f.kind, text[f.start : f.end])), is_sure(f)
                value = self._values.get(name)
                if value is None:
                    value = self._values[name] = _Value(at, f.start, f.end, f.kind, sure)
                elif sure and not value.sure:
                    value.sure = True
                else:
                    continue
                new.append(value)
        return new

    def _known_first(self, known: Sequence[Value]) -> list[Condition]:
        """Take in those of the scope's values that are in no text; return the conditions of the new ones."""
        new = []
        for value in known:
            name = hash(value)
            if name not in self._values and name not in self._beside:
                self._beside[name] = condition(*value)
                new.append(self._beside[name])
        return new

    def _holders(
        self, old: Sequence[int], read: Read, new: Sequence[_Value], beside: Sequence[Condition]
    ) -> Sequence[int]:
        """Return which of the ``old`` texts may hold one of the ``new`` values, or of those ``beside``."""
        if not old or len(new) + len(beside) > _FEW:
            return old
        for words in self._words_of(range(self._joined, len(old)), read):
            self._anywhere.add(words)
        self._joined = len(old)
        ways = chain.from_iterable([*beside, *(self._condition(value, read) for value in new)])
        possible = tuple(way for way in ways if self._anywhere.allow((way,)))
        there = self._words_of(old, read) if possible else ()
        return [at for at, words in zip(old, there, strict=False) if words.allow(possible)]

    def _read(self, places: Sequence[int], read: Read, known: Sequence[Value]) -> None:
        if not places:
            return
        texts, own = zip(*(read[at] for at in places), strict=True)
        for at, found in zip(places, propagate(texts, own, self._concerned(places, read, known)), strict=True):
            self._texts[at].findings = tuple(found)

    def _concerned(self, places: Sequence[int], read: Read, known: Sequence[Value]) -> list[Known]:
        """Return the values that may stand in one of these texts: the known ones first, then in order of appearance."""
        own = {hash((f.kind, read[at][0][f.start : f.end])) for at in places for f in read[at][1]}
        beside = [value for value in known if hash(value) not in self._values]
        everything = not beside and len(own) == len(self._values)
        words = set[int]() if everything else set[int]().union(*self._words_of(places, read))
        concerned = [Known(*value, True) for value in beside if met(self._beside[hash(value)], words)]
        for name, value in self._values.items():
            if name in own or met(self._condition(value, read), words):
                concerned.append(Known(*value.of(read), value.sure))
        return concerned

    def _condition(self, value: _Value, read: Read) -> Condition:
        """Return what a text must hold to hold this value."""
        if value.condition is None:
            value.condition = condition(*value.of(read))
        return value.condition

    def _words_of(self, places: Iterable[int], read: Read) -> list[Words]:
        found = []
        for at in places:
            text = self._texts[at]
            if text.words is None:
                text.words = Words(hashes(read[at][0]))
            found.append(text.words)
        return found
