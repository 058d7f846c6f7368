"""Which values name the same person or thing, so that their tokens can say so.

A value is judged by earlier values only: adding values at the end never changes what was said of the earlier ones, and
so never changes a token that was handed out.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import phonenumbers

from recognizers.finding import ADDRESS, EMAIL, LITERAL, PERSON, PHONE, SECRET, URL_PROFILE, USERNAME
from recognizers.normalize import normalize
from recognizers.person import Name, key, parse

FULL: Final = "FULL"
GIVEN: Final = "GIVEN"
FAMILY: Final = "FAMILY"
ALT: Final = "ALT"

_VALUE_BYTES: Final = 800  # that what is kept of a value takes in CPython, or less
_SIGNS: Final = re.compile(r"[\W_]+")
_TRUNK: Final = re.compile(r"\(0\)")
_STREET: Final = re.compile(r"str(?:aße|asse|\.)?(?=\W|\d|$)")


@dataclass(frozen=True, slots=True)
class Relation:
    """``parent``: the index of an earlier value that has no parent itself; ``part``: what this value is to it."""

    parent: int | None
    part: str


_ONE_SPELLING: Final = frozenset({SECRET, LITERAL})
OWN: Final = Relation(None, "")


Value = tuple[str, str]  # kind and text
Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


def relate(values: Sequence[Value]) -> list[Relation]:
    """Relate distinct values, given in order of first appearance, to earlier ones."""
    return Relations().extend(values)


class Relations:
    """The relations of values that come little by little.

    What is kept of the values are hashes under this process's key (PEP 456); none can be read back from them.
    """

    def __init__(self) -> None:
        self._told: list[Relation] = []
        self._persons = _Persons()
        self._spellings = _Spellings()

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return _VALUE_BYTES * len(self._told)

    def extend(self, values: Sequence[Value]) -> list[Relation]:
        """Relate ``values``, the first of which are those that were related before."""
        for index in range(len(self._told), len(values)):
            if values[index][0] == PERSON:
                self._told.append(self._persons.relate(index, parse(_plain(values[index]))))
            else:
                self._told.append(self._spellings.relate(index, values))
        return list(self._told)


def _plain(value: Value) -> str:
    kind, text = value
    return text if kind in _ONE_SPELLING else normalize(text).text


class _Unread(Generic[Key, Item]):
    """A dictionary that keeps of its keys their hashes only."""

    __slots__ = ("_items",)

    def __init__(self) -> None:
        self._items: dict[int, Item] = {}

    def __contains__(self, key: Key) -> bool:
        return hash(key) in self._items

    def __getitem__(self, key: Key) -> Item:
        return self._items[hash(key)]

    def __setitem__(self, key: Key, item: Item) -> None:
        self._items[hash(key)] = item

    def get(self, key: Key) -> Item | None:
        return self._items.get(hash(key))

    def setdefault(self, key: Key, item: Item) -> Item:
        return self._items.setdefault(hash(key), item)


class _Spellings:
    """The values seen so far that are no names, by what all spellings of one share.

    For a phone number that is costly to know, so numbers are first told apart by their last digits, and only those
    that end alike are compared.
    """

    def __init__(self) -> None:
        self._first = _Unread[Value, int]()
        self._ending = _Unread[str, int | None]()  # the only number that ends so; None if there are more

    def relate(self, index: int, values: Sequence[Value]) -> Relation:
        """Say whether the value at ``index`` is another spelling of an earlier one, and remember it."""
        if values[index][0] == PHONE and not self._compares(index, values):
            return OWN
        first = self._first.setdefault(_spelled(values[index]), index)
        return OWN if first == index else Relation(first, ALT)

    def _compares(self, index: int, values: Sequence[Value]) -> bool:
        ending = _without_signs(_plain(values[index]))[-4:]
        only = self._ending.setdefault(ending, index)
        if only == index:
            return False
        if only is not None:
            self._first.setdefault(_spelled(values[only]), only)
            self._ending[ending] = None
        return True


def _spelled(value: Value) -> Value:
    return value[0], _canonical(value[0], _plain(value))


def _canonical(kind: str, text: str) -> str:
    """Return what all spellings of a value share."""
    if kind in _ONE_SPELLING:
        return text
    return _SPELLED.get(kind, _without_signs)(text)


def _without_signs(text: str) -> str:
    return _SIGNS.sub("", text).casefold() or text


def _phone(text: str) -> str:
    """Return the national digits of a number, so that +49 170 … and 0170 … agree."""
    plain = _TRUNK.sub("", text.casefold())
    try:
        parsed = phonenumbers.parse(plain, "DE")
    except phonenumbers.NumberParseException:
        return _without_signs(text)
    extension = f"x{parsed.extension}" if parsed.extension else ""
    return f"{parsed.national_number}{extension}"


def _address(text: str) -> str:
    return _without_signs(key(_STREET.sub("str", text.casefold())))


_SPELLED: Final[dict[str, Callable[[str], str]]] = {
    EMAIL: str.casefold,
    URL_PROFILE: str.casefold,
    USERNAME: str.casefold,
    PHONE: _phone,
    ADDRESS: _address,
}


@dataclass(slots=True)
class _Persons:
    """The persons seen so far. Words and names are keys (see ``person.key``), persons are indices of values."""

    owners: _Unread[str, dict[int, str]] = field(default_factory=_Unread)  # a word: whose it is, and as what
    settled: _Unread[str, Relation] = field(default_factory=_Unread)  # a word that stood alone: what it was taken for
    named: _Unread[tuple[str, ...], int] = field(default_factory=_Unread)  # given and family name: whose they are
    nameless: set[int] = field(default_factory=set)  # persons known by a single word only
    initials: _Unread[tuple[str, str], dict[int, bool]] = field(default_factory=_Unread)  # initial, last: who, only so

    def relate(self, index: int, name: Name) -> Relation:
        """Say who ``name`` is, and remember it."""
        return self._single(index, name.single) if name.single is not None else self._full(index, name)

    def _single(self, index: int, word: str) -> Relation:
        if word in self.settled:
            earlier = self.settled[word]
            return Relation(earlier.parent, earlier.part or ALT)
        owners = self.owners.get(word) or (self.owners.get(word[:-1]) if word.endswith("s") else None) or {}
        if len(owners) == 1:
            ((person, part),) = owners.items()
            self.settled[word] = Relation(person, part)
            return self.settled[word]
        self.settled[word] = Relation(index, ALT)
        if not owners:
            self.owners[word] = {index: ALT}
            self.nameless.add(index)
        return OWN

    def _full(self, index: int, name: Name) -> Relation:
        for form in _forms(name):
            if form in self.named:
                self._learn(self.named[form], name)
                return Relation(self.named[form], ALT)
        person, part = self._abbreviated(name)
        self.nameless.discard(person)
        self._learn(index if person < 0 else person, name)
        return OWN if person < 0 else Relation(person, part)

    def _abbreviated(self, name: Name) -> tuple[int, str]:
        """Return who was known by less than this name (or by more, if this is an initial); -1 if nobody."""
        first, last = name.given[0], name.family[-1]
        alike = self.initials.get((first[0], last)) or {}
        if first.endswith("."):
            return (next(iter(alike)), ALT) if len(alike) == 1 else (-1, "")
        known = [p for p, only in alike.items() if only]
        known += [p for word in (last, first) for p in self._alone(word)]
        return (known[0], FULL) if known else (-1, "")

    def _alone(self, word: str) -> list[int]:
        """Return the person known by this word only, if there is one."""
        return [person for person in self.owners.get(word) or () if person in self.nameless]

    def _learn(self, person: int, name: Name) -> None:
        for form in _forms(name):
            self.named.setdefault(form, person)
        initial = name.given[0].endswith(".")
        known = self.initials.setdefault((name.given[0][0], name.family[-1]), {})
        known[person] = initial and known.get(person, True)
        for word in (" ".join(name.family), name.family[-1]):
            self.owners.setdefault(word, {}).setdefault(person, FAMILY)
        self.owners.setdefault(name.given[0], {}).setdefault(person, GIVEN)
        for word in (*name.given[1:], *name.family[:-1]):
            self.owners.setdefault(word, {}).setdefault(person, ALT)


def _forms(name: Name) -> list[tuple[str, ...]]:
    """Return under what a full name is known: all its words in any order, and the first with the last."""
    return [tuple(sorted((*name.given, *name.family))), (name.given[0], name.family[-1])]
