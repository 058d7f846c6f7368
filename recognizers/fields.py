"""Where structured text names its values: pairs of a key and a value, and tables whose first row names the columns.

Nothing here judges a value; what a key means, `roles` knows.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from recognizers.roles import LONGEST_NAME, is_numbered, role_in_numbered, role_of, squash

__all__ = ["Field", "pairs", "role_of", "squash", "tables"]


class Field(NamedTuple):
    """The value at ``start:end`` stands in the role ``role``. ``table``: it is a cell under a heading."""

    role: str
    start: int
    end: int
    table: bool
    quoted: bool = False


# key: value, "key": "value", key = 'value', **Key:** value; looked for from the sign between them.
_SIGN: Final = re.compile(r":(?!//)=?|=>?")
_KEY: Final = re.compile(r"(?<![\w$@/.-])([^\W\d_](?:[\w.()&/*-]|[ ](?=[\w(&/-])){0,38})[\"'`*_\]]{0,3}[ \t]{0,8}\Z")
_KEY_REACH: Final = 52
_VALUE: Final = re.compile(
    r"[*_]{0,2}[ \t]{0,20}(?:\"(?P<double>[^\"\n]{1,200})\"|'(?P<single>[^'\n]{1,200})'"
    r"|(?P<bare>[^\s\"'{\[(<][^\n;|\t<>{}\"]{0,120}))"
)
# Where a value without quotes ends before its line does: the next key, a run of blanks, a dash or stroke, a bracket.
# "customer": {"id": "K-204"}: the number of what the object is.
_OBJECT: Final = re.compile(
    r"(?i)[\"'](?:kunde|kundin|customer|client|cliente|klant|klient|order|bestellung|auftrag|patient|patientin|policy|police|"
    r"ticket|contract|vertrag|booking|buchung|"
    r"employee|mitarbeiter|member|mitglied|invoice|rechnung|claim|schaden|case|fall|vorgang|shipment|sendung|parcel|reservation|"
    r"reservierung|reserva|pedido|commande|ordine|zamowienie|bestelling|subscription|account|mandate|meter|zaehler)[\"']\s{0,8}:\s{0,8}\{"
    r"[^{}]{0,300}?[\"'](?:id|nr|no|nummer|number|num)[\"']\s{0,8}:\s{0,8}[\"']?(?P<value>[\w./-]{3,40})"
)
_NEXT: Final = re.compile(
    r"[,.]?[ ]+(?:[-–·•*][ ])?[^\W\d_][\w-]{1,20}(?:[ ][\w-]{1,20})?[ ]?[:=][ ]|[ ]{2,}|[ ][-–—·•/][ ]|&|[ ][(\[]|\s+$"
)
_ARRAY: Final = re.compile(r"[ \t]{0,20}\[(?P<items>[^\[\]{}]{1,2000})\]")
_ITEM: Final = re.compile(r"\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'")
_LINES: Final = re.compile(r"[*_]{0,2}[ \t]{0,20}(?:\r?\n[ \t]{0,20}(?:[-*•–]|\d{1,2}[.)])[ \t]+[^\n]{1,200}){1,100}")
_LINE: Final = re.compile(
    r"\n[ \t]{0,20}(?:[-*•–]|\d{1,2}[.)])[ \t]+([^\n(,;:<]{1,200}?)(?=[ \t]*(?:[\n(,;:<]|[ ][-–—][ ]|\Z))"
)
_ELEMENT: Final = re.compile(
    r"<(?P<key>[A-Za-z][\w:.-]{1,38})(?:\s[^<>]{0,200})?>\s{0,20}(?P<value>[^<>]{1,200}?)\s{0,20}</"
)
# <span itemprop="postalCode">…</span>, <input name="nachname" value="…">
_ATTRIBUTE: Final = re.compile(
    r"<\w+\b[^<>]{0,200}?\s(?:itemprop|name|id|data-[\w-]{1,20})=[\"'](?P<key>[\w.:-]{2,40})[\"'][^<>]{0,200}?"
    r"(?:\svalue=(?:\"(?P<double>[^\"<>\n]{1,200})\"|'(?P<single>[^'<>\n]{1,200})')"
    r"|>\s{0,20}(?P<content>[^<>]{1,200}?)\s{0,20}<)"
)
# <td>Name:</td> <td>value</td>, <dt>, <th>, <label>: the key is text as well.
_CELL: Final = re.compile(
    r"<(?P<tag>td|th|dt|label|b|strong)\b[^<>]{0,200}>\s{0,20}(?P<key>[^<>\n]{2,40}?):?\s{0,20}</(?P=tag)>"
    r":?\s{0,40}(?:<(?:td|dd|span|br|div)\b[^<>]{0,200}/?>)?\s{0,20}(?P<value>[^<>]{1,200}?)\s{0,20}(?=<)"
)
_CARD: Final = re.compile(r"(?m)^(?:item\d\.)?(?P<key>N|FN|ADR)(?:;[^:\n]{0,80})?:(?P<value>[^\n]{1,200})$")
_CARD_ROLES: Final = {
    "N": ("FAMILY", "GIVEN", "GIVEN", "", ""),
    "ADR": ("", "STREET", "STREET", "CITY", "", "POSTCODE", ""),
}


def pairs(text: str) -> Iterator[Field]:
    """Yield the values that have a known key beside them."""
    for sign in _SIGN.finditer(text):
        key = _KEY.search(text[max(0, sign.start() - _KEY_REACH) : sign.start()])
        role = _role_of_phrase(key[1]) if key else None
        if role is not None:
            yield from _values(text, sign.end(), role)
    if "{" in text:
        for match in _OBJECT.finditer(text):
            yield Field("CUSTOMER_NO", *match.span("value"), table=True, quoted=True)
    if "<" in text:
        yield from _marked_up(text)
    if "VCARD" in text:
        yield from _card(text)


def _marked_up(text: str) -> Iterator[Field]:
    """Yield the values that an element, an attribute or the cell before names."""
    for pattern in (_ATTRIBUTE, _ELEMENT, _CELL):
        for match in pattern.finditer(text):
            if role := _role_of_phrase(match["key"].rpartition(":")[2] or match["key"]):
                yield Field(role, *match.span(match.lastgroup or 0), table=False, quoted=True)


def _role_of_phrase(phrase: str) -> str | None:
    """Return the role of a key, or of the last words before the sign: "Bitte ändern: neuer Nachname"."""
    role = role_of(phrase) or role_of(phrase.rpartition(".")[2])
    while role is None and " " in phrase:
        phrase = phrase.partition(" ")[2]
        role = role_of(phrase)
    return role


def _values(text: str, at: int, role: str) -> Iterator[Field]:
    """Yield the value or the list of values that begins at ``at``."""
    if match := _VALUE.match(text, at):
        group = match.lastgroup or ""
        start, end = match.span(group)
        if group == "bare" and (following := _NEXT.search(text, start, end)):
            end = following.start()
        yield Field(role, start, end, table=False, quoted=group != "bare")
    elif match := _ARRAY.match(text, at):
        for item in _ITEM.finditer(text, *match.span("items")):
            yield Field(role, *item.span(item.lastindex or 0), table=False, quoted=True)
    elif match := _LINES.match(text, at):
        for line in _LINE.finditer(text, match.start(), match.end()):
            yield Field(role, *line.span(1), table=False)


def _card(text: str) -> Iterator[Field]:
    """Yield the parts of the names and addresses of a vCard (RFC 6350, 6.2 and 6.3)."""
    for match in _CARD.finditer(text):
        start, value = match.start("value"), match["value"].rstrip("\r")
        if match["key"] == "FN":
            yield Field("PERSON", start, start + len(value), table=False, quoted=True)
            continue
        for role, part in zip(_CARD_ROLES[match["key"]], value.split(";"), strict=False):
            if role and part:
                yield Field(role, start, start + len(part), table=False, quoted=True)
            start += len(part) + 1


_INSERT: Final = re.compile(
    r"(?i)\binsert\s+into\s+(?P<table>[\w.\"`\[\]]{1,80})\s*(?:\((?P<columns>[^()]{3,600})\)\s*)?values\s*"
)
_NUMBER_VALUE: Final = re.compile(r"[A-Za-z]{0,3}[-/]?[0-9]{3,12}")
_WHERE: Final = re.compile(
    r"(?i)\b(?:from|update|join)\s+(?P<table>[\w.\"`\[\]]{1,80})[^;]{0,300}?\bwhere\s+(?:\w{1,20}\.)?(?:id|nr|no)\s*"
    r"(?:=\s*(?P<value>'?[\w/-]{3,30}'?)|in\s*\((?P<values>[^()]{3,400})\))"
)
_SQL_NUMBER: Final = re.compile(r"[A-Za-z]{0,4}[-/]?[0-9][\w/-]{2,20}")
_TUPLE: Final = re.compile(r"\s*,?\s*\((?P<row>(?:'(?:[^'\n]|'')*+'|[^()'\n])*+)\)")
_SQL_VALUE: Final = re.compile(r"\s*(?:N?'(?P<quoted>(?:[^'\n]|'')*+)'|(?P<bare>[^,']*+))\s*(?:,|\Z)")
_DELIMITERS: Final = (";", "\t", "|", ",")
_COLUMNS: Final = 60
_LONGEST_HEADING: Final = 2_000
Cell = tuple[int, int]


def tables(text: str) -> Iterator[list[Field]]:
    """Yield the rows of every table whose first row names columns, as the fields with a known role."""
    yield from _lists(text)
    if "<th" in text or "<td" in text:
        yield from _html_rows(text)
    if re.search(r"(?i)\binsert\s+into\b", text):
        yield from _inserts(text)
    if re.search(r"(?i)\bwhere\b", text):
        yield from _conditions(text)


def _lists(text: str) -> Iterator[list[Field]]:
    """Yield the rows of delimited text: CSV (RFC 4180, without line ends in cells), TSV, Markdown tables."""
    heading: list[str | None] = []
    delimiter = ""
    start = 0
    for line in text.splitlines(keepends=True):
        cells = _cells(line.rstrip("\r\n"), start, delimiter) if delimiter else []
        if delimiter and len(cells) == len(heading):
            if row := [Field(r, *cell, table=True) for r, cell in zip(heading, cells, strict=True) if r]:
                yield row
        elif not (delimiter == "|" and _is_rule(line)):
            delimiter, heading = _heading(line, text, start)
            if not delimiter:
                yield from _two_cells(line, text, start)
        start += len(line)


def _is_rule(line: str) -> bool:
    return not line.strip(" \t\r\n|:-+=")


def _heading(line: str, text: str, start: int) -> tuple[str, list[str | None]]:
    """Return the delimiter and the roles of the columns, if ``line`` is a heading; an empty delimiter if not."""
    for delimiter in _DELIMITERS if len(line) <= _LONGEST_HEADING else ():
        if delimiter in line:
            names = [text[a:b] for a, b in _cells(line.rstrip(), start, delimiter)]
            if 2 <= len(names) <= _COLUMNS and all(len(name) <= LONGEST_NAME for name in names):
                roles = [role_of(name) for name in names]
                # Prose has no underscores; but two cells of a table may as well be a key and its value.
                few = len(names) < (4 if delimiter == "," else 3) and ("_" not in line or delimiter in "|\t")
                if sum(role not in {None, "NUMBER"} for role in roles) >= (2 if few else 1):
                    return delimiter, roles
    return "", []


def _two_cells(line: str, text: str, start: int) -> Iterator[list[Field]]:
    """Yield the value of a row that holds a key and its value: ``| Vorname | Max |``."""
    for delimiter in ("|", "\t"):
        if delimiter in line and len(line) <= _LONGEST_HEADING:
            cells = _cells(line.rstrip(), start, delimiter)
            role = role_of(text[slice(*cells[0])]) if len(cells) == 2 else None
            if role is not None:
                yield [Field(role, *cells[1], table=False, quoted=True)]


def _cells(line: str, start: int, delimiter: str) -> list[Cell]:
    """Return the spans of a line's cells without their blanks and quotes."""
    cells: list[Cell] = []
    at = 0
    while at <= len(line):
        end = _end_of_cell(line, at, delimiter)
        first, last = at, end
        while first < last and line[first] in " \t\"'*`":
            first += 1
        while last > first and line[last - 1] in " \t\"'*`":
            last -= 1
        cells.append((start + first, start + last))
        at = end + 1
    if delimiter == "|" and len(cells) > 2 and line.startswith("|"):
        cells = cells[1:-1] if line.rstrip().endswith("|") else cells[1:]
    return cells


def _end_of_cell(line: str, at: int, delimiter: str) -> int:
    while at < len(line) and line[at] == " ":
        at += 1
    if line.startswith('"', at):
        close = line.find('"', at + 1)
        at = close + 1 if close >= 0 else at
    end = line.find(delimiter, at)
    return end if end >= 0 else len(line)


_HTML_ROW: Final = re.compile(r"<tr\b[^<>]{0,200}>(?P<cells>(?:[^<]|<(?!/?t(?:r|able)\b))*+)", re.IGNORECASE)
_HTML_CELL: Final = re.compile(r"<t[dh]\b[^<>]{0,200}>(?:\s|<[^<>]{1,200}>)*+(?P<value>[^<>]*+)", re.IGNORECASE)


def _html_rows(text: str) -> Iterator[list[Field]]:
    """Yield the rows of HTML tables under a row of headings."""
    heading: list[str | None] = []
    for row in _HTML_ROW.finditer(text):
        cells = list(_HTML_CELL.finditer(text, *row.span("cells")))
        roles = [role_of(cell["value"]) for cell in cells]
        if sum(map(bool, roles)) * 2 >= len(roles) > 1:
            heading = roles
        elif len(cells) == len(heading):
            found = zip(heading, cells, strict=True)
            yield [Field(r, *_bare(text, *c.span("value")), table=True) for r, c in found if r and c["value"].strip()]


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    value = text[start:end]
    return start + len(value) - len(value.lstrip()), end - len(value) + len(value.rstrip())


def _inserts(text: str) -> Iterator[list[Field]]:
    """Yield the rows of SQL INSERT statements; without names of columns, the number that the first one may be."""
    for statement in _INSERT.finditer(text):
        role = role_in_numbered if is_numbered(statement["table"].rpartition(".")[2]) else role_of
        roles = [role(name) for name in (statement["columns"] or "id").split(",")]
        at = statement.end()
        while row := _TUPLE.match(text, at):
            at = row.end()
            fields = list(_of_tuple(text, row, roles))
            named = statement["columns"] is not None
            yield [field for field in fields if named or _NUMBER_VALUE.fullmatch(text, field.start, field.end)]


def _conditions(text: str) -> Iterator[list[Field]]:
    """Yield the numbers that an SQL statement selects rows of customers, orders and the like by."""
    for statement in _WHERE.finditer(text):
        if is_numbered(statement["table"].rpartition(".")[2]):
            values = _SQL_NUMBER.finditer(text, *statement.span(statement.lastgroup or 0))
            yield [Field("CUSTOMER_NO", *value.span(), table=True) for value in values]


def _of_tuple(text: str, row: re.Match[str], roles: list[str | None]) -> Iterator[Field]:
    at, end = row.span("row")
    for role in roles:
        value = _SQL_VALUE.match(text, at, end)
        if value is None or at >= end:
            return
        group = "quoted" if value["quoted"] is not None else "bare"
        if role and value[group].strip():
            yield Field(role, *value.span(group), table=True)
        at = value.end()
