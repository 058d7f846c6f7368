"""Which values name the same person or thing, so that their tokens can say so.

A value is judged by earlier values only: adding values at the end never changes what was said of the earlier ones, and
so never changes a token that was handed out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import phonenumbers

from recognizers.finding import ADDRESS, EMAIL, LITERAL, PERSON, PHONE, SECRET, URL_PROFILE, USERNAME
from recognizers.normalize import normalize
from recognizers.person import Name, key, parse

FULL: Final = "FULL"
GIVEN: Final = "GIVEN"
FAMILY: Final = "FAMILY"
ALT: Final = "ALT"

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


def relate(values: Sequence[tuple[str, str]]) -> list[Relation]:
    """Relate distinct values (kind, text), given in order of first appearance, to earlier ones."""
    persons = _Persons()
    spellings = _Spellings()
    relations: list[Relation] = []
    for index, (kind, value) in enumerate(values):
        text = value if kind in _ONE_SPELLING else normalize(value).text
        relations.append(persons.relate(index, parse(text)) if kind == PERSON else spellings.relate(index, kind, text))
    return relations


class _Spellings:
    """The values seen so far that are no names.

    What all spellings of a phone number share is costly to know, so numbers are first told apart by their last digits,
    and only those that end alike are compared.
    """

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], int] = {}
        self._alike: dict[str, list[tuple[int, str]]] = {}

    def relate(self, index: int, kind: str, text: str) -> Relation:
        """Say whether this value is another spelling of an earlier one, and remember it."""
        if kind == PHONE:
            alike = self._alike.setdefault(_without_signs(text)[-4:], [])
            alike.append((index, text))
            if len(alike) == 1:
                return OWN
            if len(alike) == 2:
                self._first.setdefault((kind, _phone(alike[0][1])), alike[0][0])
        first = self._first.setdefault((kind, _canonical(kind, text)), index)
        return OWN if first == index else Relation(first, ALT)


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

    owners: dict[str, dict[int, str]] = field(default_factory=dict)  # a word: whose it is, and as what
    settled: dict[str, Relation] = field(default_factory=dict)  # a word that stood alone: what it was taken for
    named: dict[tuple[str, ...], int] = field(default_factory=dict)  # given and family name: whose they are
    nameless: set[int] = field(default_factory=set)  # persons known by a single word only
    initials: dict[tuple[str, str], dict[int, bool]] = field(default_factory=dict)  # initial and last: who, and only so

    def relate(self, index: int, name: Name) -> Relation:
        """Say who ``name`` is, and remember it."""
        return self._single(index, name.single) if name.single is not None else self._full(index, name)

    def _single(self, index: int, word: str) -> Relation:
        if word in self.settled:
            earlier = self.settled[word]
            return Relation(earlier.parent, earlier.part or ALT)
        owners = self.owners.get(word) or (self.owners.get(word[:-1], {}) if word.endswith("s") else {})
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
        alike = self.initials.get((first[0], last), {})
        if first.endswith("."):
            return (next(iter(alike)), ALT) if len(alike) == 1 else (-1, "")
        known = [p for p, only in alike.items() if only]
        known += [p for word in (last, first) for p in self._alone(word)]
        return (known[0], FULL) if known else (-1, "")

    def _alone(self, word: str) -> list[int]:
        """Return the person known by this word only, if there is one."""
        return [person for person in self.owners.get(word, ()) if person in self.nameless]

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
