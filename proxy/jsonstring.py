"""Where in a JSON document a piece of text stands, while the document arrives as a string in pieces.

Tool-call arguments are such documents, and their strings may hold documents again. Nothing here refuses anything: what
does not look like JSON is taken as plain text, and the state is a few characters per level.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from json.encoder import encode_basestring
from typing import Final

MAX_LEVELS: Final = 6  # documents within documents; deeper ones are plain text
_MAX_LEAD: Final = 64  # white space and brackets looked at before a string is taken as plain text

_STRUCTURE: Final = re.compile(r'["\[\]{}]')
_STRING_END: Final = re.compile(r'["\\]')
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class _Mode(Enum):
    LEAD = 0  # the first characters of a string, which tell whether it is a document
    DOCUMENT = 1
    TEXT = 2


@dataclass(slots=True)
class _Level:
    mode: _Mode = _Mode.LEAD
    lead: str = ""
    nesting: int = 0
    in_string: bool = False
    escape: str | None = None  # an unfinished escape, without its backslash


class JSONPosition:
    """Follows a document and says how a value must be written at the place reached."""

    def __init__(self) -> None:
        self._levels = [_Level(mode=_Mode.DOCUMENT)]

    @property
    def in_string(self) -> bool:
        """Whether the place is inside a string of the innermost document."""
        return self._documents()[-1].in_string

    def feed(self, text: str) -> None:
        """Go past `text`."""
        self._feed(0, text)

    def write(self, value: str) -> str:
        """Write `value` for the place reached: escaped within a string, as a quoted string elsewhere.

        Every document around adds one level of escapes. A string that begins with a value is plain text.
        """
        documents = self._documents()
        if self._levels[-1].mode is _Mode.LEAD:
            self._levels[-1].mode = _Mode.TEXT
        written = _quote(value)
        if documents[-1].in_string:
            written = written[1:-1]
        for _ in documents[1:]:
            written = _quote(written)[1:-1]
        return written

    def _documents(self) -> list[_Level]:
        return [level for level in self._levels if level.mode is _Mode.DOCUMENT]

    def _feed(self, depth: int, text: str) -> None:
        level = self._levels[depth]
        place = 0
        while place < len(text) and level.mode is not _Mode.TEXT:
            if level.mode is _Mode.LEAD:
                self._lead(depth, text[place])
                place += 1
            elif level.escape is not None:
                self._escape(depth, text[place])
                place += 1
            elif level.in_string:
                place = self._string(depth, text, place)
            else:
                place = self._structure(depth, text, place)

    def _lead(self, depth: int, character: str) -> None:
        """Decide from its beginning whether a string is a document: brackets, then a quotation mark or a brace."""
        level = self._levels[depth]
        level.lead += character
        lead = "".join(level.lead.split())
        if len(level.lead) > _MAX_LEAD or lead.strip("[") not in {"", "{", '"', '{"', "{}"} or lead == '"':
            level.mode = _Mode.TEXT
        elif lead.endswith(('"', "}")):
            level.mode = _Mode.DOCUMENT
            self._feed(depth, level.lead)

    def _structure(self, depth: int, text: str, place: int) -> int:
        """Go to the next sign of structure outside strings, and past it."""
        match = _STRUCTURE.search(text, place)
        if match is None:
            return len(text)
        level = self._levels[depth]
        if match[0] == '"':
            level.in_string = True
            self._levels.append(_Level(mode=_Mode.LEAD if depth + 1 < MAX_LEVELS else _Mode.TEXT))
        else:
            level.nesting += 1 if match[0] in "[{" else -1
            if level.nesting <= 0 and depth > 0:
                level.mode = _Mode.TEXT  # the inner document is over
        return match.end()

    def _string(self, depth: int, text: str, place: int) -> int:
        """Go to the next quotation mark or escape within a string, and past it."""
        match = _STRING_END.search(text, place)
        end = match.start() if match else len(text)
        self._feed(depth + 1, text[place:end])
        if match is None:
            return end
        level = self._levels[depth]
        if match[0] == "\\":
            level.escape = ""
        else:
            level.in_string = False
            del self._levels[depth + 1 :]
        return match.end()

    def _escape(self, depth: int, character: str) -> None:
        """Take one more character of an escape; hand what it means to the level within."""
        level = self._levels[depth]
        escape = (level.escape or "") + character
        if escape[0] != "u":
            meaning = _ESCAPES.get(character, character)
        elif len(escape) < 5:
            level.escape = escape
            return
        else:
            meaning = chr(int(escape[1:], 16)) if re.fullmatch("u[0-9A-Fa-f]{4}", escape) else escape
        level.escape = None
        self._feed(depth + 1, meaning)


def _quote(text: str) -> str:
    """Write a JSON string; a lone surrogate is escaped, since it has no UTF-8."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", encode_basestring(text))
