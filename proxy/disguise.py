"""The disguises in which a model gives a token back, and their recognition at one place of a text.

A disguise changes how a token is written, never which token it is: every reading is spelled back to the exact name of
an issued token or it is none. Recognition needs no pattern per token, so nothing is compiled for a request.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

NOISE: Final = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
MAX_NOISE: Final = 16  # zero-width characters in one token
MAX_BLANKS: Final = 16  # spaces and line ends in one token
MAX_MARKS: Final = 6  # characters of Markdown emphasis just inside the brackets

_OPEN: Final = frozenset("[［")
_CLOSE: Final = frozenset("]］")
_UNDERSCORES: Final = frozenset("_＿")
_HYPHENS: Final = frozenset("-\u2010\u2011")
_EMPHASIS: Final = frozenset("*`")
_BLANK: Final = re.compile(r"\s|>")  # the mark of a quoted line counts as white space
_NOISE: Final = re.compile(f"[{NOISE}]")
_OPENINGS: Final = (
    "\\[", "\\u005b", "\\uff3b", "&#91;", "&#091;", "&#0091;", "&#x5b;", "&#x005b;", "&lbrack;", "&lsqb;", "%5b",
)

# Where a disguise may begin; most text costs this one search. A bracket needs the beginning of a name or of something
# around it after it, the first letter of a token without brackets more of a name, and no word before it.
OPENING: Final = re.compile(
    rf"[\[［](?=[\[［]?(?:[A-Za-z\s>*`\\&%{NOISE}]|\Z))|\\(?=\\{{0,7}}(?:[\[u]|\Z))|&(?=[#lL]|\Z)|%(?=5|\Z)"
    rf"|[A-Z](?<![G-Z_].)(?=[A-Z0-9_\\{NOISE}]|\Z)"
)
_UNIT: Final = re.compile(
    r"""(?P<word>[A-Za-z0-9]+)
      | (?P<escape>\\{1,8}[\[\]_\-*`nrt])
      | (?P<unicode>\\{1,8}u[0-9A-Fa-f]{4})
      | (?P<entity>&(?:\#[0-9]{1,6}|\#[xX][0-9A-Fa-f]{1,5}|[A-Za-z]{2,14});)
      | (?P<percent>%[0-9A-Fa-f]{2})
      | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)
_UNFINISHED: Final = re.compile(
    r"\\{1,8}(?:u[0-9A-Fa-f]{0,3})?\Z|&(?:\#[xX]?[0-9A-Fa-f]{0,6}|[A-Za-z]{0,14})\Z|%[0-9A-Fa-f]?\Z"
)
_LAST_ESCAPE: Final = re.compile(
    r"(?:\\[nrtbf]|(?P<unicode>\\u[0-9A-Fa-f]{4})|(?P<percent>%[0-9A-Fa-f]{2})|(?P<entity>&\#?\w{1,14};))\Z"
)


class Names:
    """The names of the issued tokens (`PERSON_1`), asked for whole names and for beginnings."""

    def __init__(self, names: Iterable[str]) -> None:
        self._ordered = sorted(set(names))
        self._names = frozenset(self._ordered)
        self.longest = max(map(len, self._ordered), default=0)
        self.initials = frozenset(name[0] for name in self._ordered)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def begin_with(self, prefix: str) -> bool:
        """Whether any issued name begins so."""
        place = bisect_left(self._ordered, prefix)
        return place < len(self._ordered) and self._ordered[place].startswith(prefix)

    def only(self, name: str) -> bool:
        """Whether `name` was issued and no longer name begins with it, so that it cannot be a cut-off one."""
        place = bisect_left(self._ordered, name)
        following = self._ordered[place + 1 : place + 2]
        return name in self._names and not (following and following[0].startswith(name))


class Match(NamedTuple):
    """An issued token was read: it ends before `end`, is called `name`, and came in these `forms`.

    `family` tells how its brackets are written: plain, full_width, escape, unicode, entity, percent, or bare for none.
    """

    end: int
    name: str
    family: str
    forms: frozenset[str]


class Outcome(Enum):
    """What else a reading may come to: no issued token, or a true beginning of one that needs more text."""

    NONE = 0
    UNFINISHED = 1


class _Unit(NamedTuple):
    """One written sign or run of letters and digits: what it stands for, where it ends, and how it is written."""

    meaning: str
    end: int
    family: str
    backslashes: int = 0

    def like(self, other: _Unit) -> bool:
        return (self.family, self.backslashes) == (other.family, other.backslashes)


def _unit(text: str, start: int) -> _Unit:
    match = _UNIT.match(text, start)
    assert match is not None  # noqa: S101 - the last alternative takes any character
    family, spelling, end = match.lastgroup or "", match[0], match.end()
    if family in {"escape", "unicode"}:
        sign = spelling.lstrip("\\")
        return _Unit(_unescape(sign), end, family, len(spelling) - len(sign))
    if family == "entity":
        return _Unit(html.unescape(spelling), end, family)
    if family == "percent":
        return _Unit(chr(int(spelling[1:], 16)), end, family)
    return _Unit(spelling, end, "full_width" if spelling in {"［", "］"} else family)


def _unescape(sign: str) -> str:
    if sign.startswith("u"):
        return chr(int(sign[1:], 16))
    return {"n": "\n", "r": "\r", "t": "\t"}.get(sign, sign)


@dataclass(slots=True)
class _Reading:
    """A name as far as it was read. Every method says whether it can still become that of an issued token."""

    names: Names
    opening: _Unit | None = None
    doubled: bool = False
    name: str = ""
    gap: str = ""
    noise: int = 0
    blanks: int = 0
    marks: int = 0
    ended: bool = False  # emphasis was closed: only a bracket can follow
    forms: set[str] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        return self.name in self.names and self.gap != "break"

    def take(self, unit: _Unit) -> bool:
        meaning = unit.meaning
        if meaning.isascii() and meaning.isalnum():
            return self.word(meaning)
        if meaning in _UNDERSCORES or meaning in _HYPHENS:
            self.forms.add("hyphen" if meaning in _HYPHENS else f"{unit.family}_underscore")
            return self.separator()
        if _BLANK.fullmatch(meaning):
            return self.blank(meaning)
        if _NOISE.fullmatch(meaning):
            return self.zero_width()
        return meaning in _EMPHASIS and self.mark()

    def word(self, word: str) -> bool:
        if word != word.upper():
            self.forms.add("case")
        if self.ended:
            return False
        self.name += f"_{word.upper()}" if self.gap and self.name else word.upper()
        self.gap = ""
        return self.names.begin_with(self.name)

    def separator(self) -> bool:
        if not self.name or self.ended or self.gap == "break":
            return False
        self.gap = "break"
        return self.names.begin_with(f"{self.name}_")

    def blank(self, meaning: str) -> bool:
        self.forms.add("wrapped" if meaning in "\r\n" else "spaced")
        self.blanks += 1
        self.gap = self.gap or "blank"
        return self.blanks <= MAX_BLANKS and (not self.name or self.complete or self.names.begin_with(f"{self.name}_"))

    def zero_width(self) -> bool:
        self.forms.add("zero_width")
        self.noise += 1
        return self.noise <= MAX_NOISE

    def mark(self) -> bool:
        self.forms.add("emphasis")
        self.marks += 1
        self.ended = bool(self.name)
        return self.marks <= MAX_MARKS and (not self.name or self.complete)

    def match(self, end: int) -> Match | Outcome:
        if not self.complete:
            return Outcome.NONE
        family = self.opening.family if self.opening else "bare"
        forms = self.forms | {family} | ({"doubled"} if self.doubled else set())
        return Match(end, self.name, family, frozenset(forms - {"plain", "plain_underscore"}))


def read(text: str, start: int, names: Names, *, final: bool, nested: bool = True) -> Match | Outcome:
    """Read a token in brackets at `start`. `final`: no more text will come. `nested`: brackets may be doubled."""
    plain = text.find("]", start + 1, start + 1 + names.longest + 1) if text[start] == "[" else -1
    if plain > 0 and text[start + 1 : plain] in names:
        return Match(plain + 1, text[start + 1 : plain], "plain", frozenset())
    opening = _unit(text, start)
    if opening.meaning not in _OPEN:
        return Outcome.UNFINISHED if not final and _may_open(text, start) else Outcome.NONE
    reading, place = _Reading(names, opening), opening.end
    while place < len(text) and not _unfinished(text, place):
        unit = _unit(text, place)
        if unit.meaning in _CLOSE:
            return _close(text, unit, reading, final=final)
        if nested and place == opening.end and unit.meaning == opening.meaning and unit.like(opening):
            reading.doubled = True
        elif not reading.take(unit):
            return Outcome.NONE
        place = unit.end
    if not final:
        return Outcome.UNFINISHED
    only_the_bracket_is_missing = place == len(text) and not reading.doubled and names.only(reading.name)
    return reading.match(place) if only_the_bracket_is_missing else Outcome.NONE


def read_bare(text: str, start: int, names: Names, *, final: bool, alone: bool) -> Match | Outcome:
    """Read a token without brackets at `start`, which must be a word boundary: upper case, underscores, word boundary.

    Where the text ends with a name that could be the beginning of a longer one, it is read only if it is the whole
    text (`alone`).
    """
    reading, place, end = _Reading(names), start, start
    while place < len(text) and (final or not _unfinished(text, place)):
        unit = _unit(text, place)
        if unit.family == "word":
            viable, end = unit.meaning == unit.meaning.upper() and reading.take(unit), unit.end
        elif (unit.meaning == "_" and unit.family in {"plain", "escape"}) or _NOISE.fullmatch(unit.meaning):
            viable = reading.take(unit)
        else:
            return Outcome.NONE if is_word(unit.meaning) else reading.match(end)
        if not viable:
            return Outcome.NONE
        place = unit.end
    if not final:
        return Outcome.UNFINISHED
    return reading.match(end) if alone or names.only(reading.name) else Outcome.NONE


def is_word(character: str) -> bool:
    """Whether a character next to a bare token makes it part of a longer word. Scripts without spaces do not."""
    return character in _UNDERSCORES or (character.isalnum() and character < "\u2e80")


def word_before(text: str) -> bool:
    """Whether `text` ends within a word, an escape at its end (of a line feed, of a quotation mark) taken as meant."""
    text = text.rstrip("".join(_NOISE.findall(text[-MAX_NOISE:])))
    escape = _LAST_ESCAPE.search(text)
    if escape is None:
        return is_word(text[-1:])
    return escape.lastgroup is not None and is_word(_unit(text, escape.start()).meaning[-1:])


def _unfinished(text: str, place: int) -> bool:
    return text[place] in "\\&%" and _UNFINISHED.match(text, place) is not None


def _may_open(text: str, start: int) -> bool:
    """Whether the text ends within the spelling of an opening bracket."""
    rest = text[start : start + 24]
    if start + len(rest) < len(text):
        return False
    if rest.startswith("\\"):
        rest = "\\" + rest.lstrip("\\")
    return any(opening.startswith(rest.lower()) for opening in _OPENINGS)


def _close(text: str, first: _Unit, reading: _Reading, *, final: bool) -> Match | Outcome:
    """End a token at its closing bracket, or at the second of two. `[[PERSON_1]](` is a link whose text is a token."""
    if reading.opening is None or not first.like(reading.opening) or not reading.complete:
        return Outcome.NONE
    if not reading.doubled:
        return reading.match(first.end)
    if first.end == len(text) or _unfinished(text, first.end):
        return Outcome.NONE if final else Outcome.UNFINISHED
    second = _unit(text, first.end)
    if second.meaning != first.meaning or not second.like(first) or text.startswith("(", second.end):
        return Outcome.NONE
    return reading.match(second.end) if final or second.end < len(text) else Outcome.UNFINISHED
