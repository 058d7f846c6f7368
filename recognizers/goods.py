"""Records of goods: an export, an object or a statement whose fields are prices, brands and colours names no person.

Only such fields speak for goods, and a single field that only persons have speaks against it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from recognizers.person import key as folded
from recognizers.person import word_list
from recognizers.roles import role_of

_KEYS: Final = word_list("goods_keys.txt")
_NAMELESS: Final = frozenset({"bezeichnung", "artikel", "artikelname", "product", "produkt", "producto", "prodotto"})
_PLAIN: Final = frozenset({"name", "nom", "nombre", "nome", "naam", "nazwa"})  # goods have these as well
_NEUTRAL: Final = frozenset({"id", "nr", "no", "ref", "pos", "code"})
_WITH_GOODS: Final = _KEYS | _PLAIN | _NEUTRAL
_NO_PERSONS: Final = frozenset({None, "CITY", "HOUSE", "SECRET"})
_SIGNS: Final = re.compile(r"[\W_]+")
_DELIMITER: Final = re.compile(r"[;,|\t]")
_OBJECT: Final = re.compile(r"\{[^{}]{1,800}\}")
_KEY: Final = re.compile(r"[\"']([\w -]{1,40})[\"']\s{0,4}:")
_INSERT: Final = re.compile(r"(?i)\binsert\s+into\s+[\w.\"`\[\]]{1,80}\s*\(([^()]{3,600})\)")
_LONGEST: Final = 2_000  # of a row that names columns


def goods(text: str) -> list[tuple[int, int]]:
    """Return where ``text`` lists goods: spans in order, without overlaps."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted([*_tables(text), *_objects(text), *_statements(text)]):
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans


def inside(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether one of ``spans`` holds all of ``start:end``."""
    at = bisect_right(spans, (start, len(spans) and spans[-1][1])) - 1
    return at >= 0 and end <= spans[at][1]


def _are_goods(keys: Sequence[str]) -> bool:
    plain = [_SIGNS.sub("", folded(key)) for key in keys]
    if not _KEYS.intersection(plain) or (_NAMELESS.intersection(plain) and _PLAIN.intersection(plain)):
        return False
    return all(key in _WITH_GOODS or role_of(key) in _NO_PERSONS for key in plain)


def _tables(text: str) -> Iterator[tuple[int, int]]:
    """Yield the tables under a row of keys, up to the first line with another number of cells."""
    begin = at = 0
    sign, count = "", 0
    for line in text.splitlines(keepends=True):
        if not (sign and line.count(sign) == count):
            if sign:
                yield begin, at
            sign = _delimiter(line)
            begin, count = at, line.count(sign) if sign else 0
        at += len(line)
    if sign:
        yield begin, at


def _delimiter(line: str) -> str:
    found = _DELIMITER.search(line) if len(line) <= _LONGEST else None
    if found is None:
        return ""
    cells = [cell.strip(" \"'*\r\n") for cell in line.strip("| \r\n").split(found[0])]
    return found[0] if len(cells) > 1 and all(0 < len(c) < 40 for c in cells) and _are_goods(cells) else ""


def _objects(text: str) -> Iterator[tuple[int, int]]:
    for match in _OBJECT.finditer(text) if '":' in text or "':" in text else ():
        if _are_goods(_KEY.findall(match[0])):
            yield match.span()


def _statements(text: str) -> Iterator[tuple[int, int]]:
    for match in _INSERT.finditer(text):
        if _are_goods([name.strip(' "`[]\n') for name in match[1].split(",")]):
            end = text.find(";", match.end())
            yield match.start(), end if end >= 0 else len(text)
