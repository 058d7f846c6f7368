"""Names, addresses and numbers in CRM exports, forms, code and logs, where a key or a column's heading is the context.

A key that only persons have (first name, patient) makes any value of the right form a finding. A key that a company or
a product may have as well (name, customer) needs a given name, a title, or the company of such keys.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar, Final

from recognizers.base import TextRecognizer
from recognizers.company import is_company
from recognizers.fields import Field, pairs, tables
from recognizers.finding import ADDRESS, CUSTOMER_NO, DOB, ID, PERSON, PHONE, PLATE, SECRET, USERNAME, Finding
from recognizers.person import GIVEN_NAMES, PARTICLES, WORDS, holds_given_name, key, word_list, words
from recognizers.roles import role_of
from recognizers.scores import CONTEXT_SCORE
from recognizers.trim import TITLES

_NAME_FORM: Final = re.compile(
    r"[^\W\d_][^\W\d_'’‘`´.-]*(?:(?:[-'’‘`´.]|,[ ]|[ ]{1,2})+[^\W\d_]+){0,5}\.?(?:[ ]?[(/].*)?", re.DOTALL
)
_NO_VALUE: Final = word_list("no_values.txt")
_CODE: Final = re.compile(r"[$_(){}=<>@#%^*\\]|\w\.\w{3,}|[a-z][A-Z][a-z]+[A-Z]?$")
_AFTER: Final = re.compile(r"[(<\[/\n]|,\s*(?:geb|born|né|nat|\d)|\s+(?:geb\.|born|née?|\d)|$")
_TITLE: Final = re.compile(rf"(?:{TITLES})[ ]", re.IGNORECASE)
_SEPARATOR: Final = re.compile(r"\s*(?:[,;/&+•|]|\s(?:und|and|et|y|e|en|i|sowie)\s)\s*")
_HAS_DIGIT: Final = re.compile(r"\d")
_NEAR: Final = 300  # characters within which the fields of one record stand


def _shaped(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


# Kinds that a heading alone makes, with the form a value must have. Beside a key they are other recognizers' business.
_CELLS: Final[dict[str, tuple[str, Callable[[str], bool]]]] = {
    "DOB": (DOB, _shaped(r"\d{1,4}[.\-/ ]{1,2}(?:\d{1,2}|[^\W\d_]{3,12}\.?)[.\-/ ]{1,2}\d{1,4}|\d{8}")),
    "PHONE": (PHONE, _shaped(r"[+(]?\d[\d\s()/.\-–]{5,22}\d")),
    "USERNAME": (USERNAME, _shaped(r"@?[A-Za-z0-9][\w.\-\\]{2,40}")),
    "CUSTOMER_NO": (CUSTOMER_NO, _shaped(r"#?(?=[A-Za-z\-_./]*\d)[A-Za-z0-9][A-Za-z0-9\-_./]{2,30}(?: \d{2,10}){0,4}")),
    "ID": (ID, _shaped(r"(?=.*\d.*\d.*\d)[A-Za-z0-9][A-Za-z0-9 .\-/]{4,24}[A-Za-z0-9]")),
    "PLATE": (PLATE, _shaped(r"(?=.*\d)[A-ZÄÖÜ0-9][A-ZÄÖÜ0-9 \-·]{2,11}")),
    "SECRET": (SECRET, _shaped(r"\S{4,200}")),
}
_NO_NUMBER: Final = re.compile(  # dates, times, amounts
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})?|(?:19|20)\d\d-\d\d-\d\d.*|\d{1,6}[.,]\d{2}|(?:19|20)\d\d"
)
_CODED: Final = re.compile(r"(?=(?:.*\d){4})[A-Z0-9][A-Z0-9\-_./]{3,30}")
_ROW_NUMBER: Final = re.compile(r"(?!(?:19|20)\d\d\Z)[A-Za-z]{0,3}[-/]?\d{3,12}")
_OF_PEOPLE: Final = frozenset({"GIVEN", "FAMILY", "PERSON", "DOB", "STREET", "PHONE"})
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_PLACE_ROLES: Final = frozenset({"STREET", "HOUSE", "POSTCODE", "KOD", "CITY"})
_ADDRESS_FORM: Final[dict[str, Callable[[str], bool]]] = {
    "STREET": _shaped(r"[\w'’.,/ \-–()ºª°]{3,80}"),
    "HOUSE": _shaped(r"\d{1,4}(?:[ ]?[a-zA-Z]|[ ]?[-–/][ ]?\d{1,4}[a-zA-Z]?|[ ]\d/\d)?"),
    "POSTCODE": _shaped(r"(?:[A-Z]{1,2}-)?(?=[\w -]*\d[\w -]*\d)[A-Z0-9][A-Z0-9 \-]{2,8}"),
    "KOD": _shaped(r"[0-9]{2}-[0-9]{3}"),
    "CITY": _shaped(r"[^\W\d_][^\d\n;|{}=<>@]{1,50}"),
    "ADDRESS": _shaped(r"(?=.*\d)(?=.*[^\W\d_]{2})[\w'’.,/ \-–()ºª°&\n]{5,140}"),
}


class StructuredRecognizer(TextRecognizer):
    """Finds values by the key or the heading they stand under."""

    kinds: ClassVar[tuple[str, ...]] = (
        PERSON, ADDRESS, DOB, PHONE, USERNAME, CUSTOMER_NO, ID, PLATE, SECRET,
    )  # fmt: skip
    needs: ClassVar[re.Pattern[str] | None] = re.compile(r"[:=;|\t\n]|<[A-Za-z]|(?i:insert\s)")

    def find(self, text: str) -> Iterator[Finding]:
        """Yield the values of known fields that have the right form."""
        rows = list(tables(text))
        beside = list(pairs(text))
        cells = [field for row in (*rows, beside) for field in row if field.table]
        alone = [field for row in (*rows, beside) for field in row if not field.table]
        for fields in (alone, cells):
            yield from self._persons(text, fields)
        for record in (alone, *rows):
            yield from self._addresses(text, record)
        personal = _Places(f for f in (*alone, *cells) if f.role in _OF_PEOPLE)
        for field in (*alone, *cells):
            near = field.role == "NUMBER" and personal.near(field)
            end = field.start + len(text[field.start : field.end].rstrip(" ,"))
            if near and _ROW_NUMBER.fullmatch(text, field.start, end):
                yield self._finding(field.start, end, CUSTOMER_NO)
        for field in cells:
            value = text[field.start : field.end]
            coded = field.role == "PERSON_LIKE" and _CODED.fullmatch(value) is not None  # a customer by number
            kind, fits = _CELLS.get("CUSTOMER_NO" if coded else field.role, ("", None))
            if kind == CUSTOMER_NO and _NO_NUMBER.fullmatch(value):
                continue
            if fits is not None and fits(value) and not (_is_nothing(value) or _UUID.fullmatch(value)):
                yield self._finding(field.start, field.end, kind)

    def _finding(self, start: int, end: int, kind: str) -> Finding:
        return Finding(start, end, kind, CONTEXT_SCORE, self.name)

    def _persons(self, text: str, fields: Sequence[Field]) -> Iterator[Finding]:
        company = _Company(text, fields)
        for field in fields:
            if field.role in {"PERSON", "PERSONS"} or (field.role == "PERSON_LIKE" and not field.table):
                yield from self._listed(text, field, company)
            elif field.role in {"GIVEN", "FAMILY"}:
                if end := _end_of_name(text, field):
                    yield self._finding(field.start, end, PERSON)
            elif field.role == "PERSON_LIKE":
                end = _end_of_name(text, field)
                if end and (_is_person(text[field.start : end]) or company.vouches(field)):
                    yield self._finding(field.start, end, PERSON)

    def _listed(self, text: str, field: Field, company: "_Company") -> Iterator[Finding]:
        """Yield the persons of a field that may hold several; a comma may also stand inside one name."""
        end = _end_of_name(text, field)
        value = text[field.start : field.end]
        if end and "," in value and value.count(",") == 1 and _is_surname_first(value):
            yield self._finding(field.start, end, PERSON)
            return
        for start, stop in _split(text, field):
            one = Field(field.role, start, stop, field.table, field.quoted)
            end = _end_of_name(text, one)
            sure = field.role in {"PERSON", "PERSONS"} or _is_person(text[start:stop]) or company.vouches(one)
            if end and sure and not (field.role == "PERSONS" and _is_word(text[start:end])):
                yield self._finding(start, end, PERSON)

    def _addresses(self, text: str, fields: Sequence[Field]) -> Iterator[Finding]:
        """Yield whole addresses, and the parts of those that have a street with number or a postcode."""
        fitting = [f for f in fields if f.role in _ADDRESS_FORM and _ADDRESS_FORM[f.role](text[f.start : f.end])]
        anchors = _Places(f for f in fitting if f.role in {"POSTCODE", "KOD"} or _is_street(text, f))
        for field in fitting:
            anchored = field.role in _PLACE_ROLES and anchors.near(field)
            if (anchored or field.role == "ADDRESS") and not _is_nothing(text[field.start : field.end]):
                yield self._finding(field.start, field.end, ADDRESS)


class _Places:
    """Where some of the fields stand."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._starts = sorted(field.start for field in fields)

    def near(self, field: Field, reach: int = _NEAR) -> bool:
        """Tell whether one of them stands fewer than ``reach`` characters from ``field``."""
        at = bisect_right(self._starts, field.start - reach)
        return at < len(self._starts) and self._starts[at] < field.start + reach

    def beside(self, field: Field, reach: int) -> bool:
        """Tell the same of another place than the field's own."""
        before = bisect_left(self._starts, field.start) - 1
        after = bisect_right(self._starts, field.start)
        near = self._starts[max(before, 0) : before + 1] + self._starts[after : after + 1]
        return any(abs(field.start - at) < reach for at in near)


_PERSONAL: Final = frozenset({"GIVEN", "FAMILY", "DOB", "USERNAME", "STREET", "PHONE"})


class _Company:
    """The fields around a field: with a first name, a telephone or a birthday beside it, a name is a person's."""

    def __init__(self, text: str, fields: Sequence[Field]) -> None:
        self._personal = _Places(f for f in fields if f.role in _PERSONAL)
        values = [text[f.start : f.end] for f in fields if f.role == "PERSON_LIKE" and f.table]
        like = [value for value in values if not is_company(value)]
        self._mostly_persons = 0 < len(like) <= 2 * sum(map(_is_person, like))
        self._text = text

    def vouches(self, field: Field) -> bool:
        """Tell whether the fields beside this one say that it names a person."""
        if len(words(self._text[field.start : field.end])) < 2:
            return field.table and self._mostly_persons
        if field.table and self._mostly_persons:
            return True
        return self._personal.beside(field, _NEAR // 2)


def _end_of_name(text: str, field: Field) -> int | None:
    """Return where the name in a field ends; None if the value cannot be one."""
    value = text[field.start : field.end]
    name = value[: _AFTER.search(value).start()].rstrip()  # type: ignore[union-attr]  # it matches at the end, too
    if not name or len(name) > 60 or _is_nothing(name) or _is_nothing(value):
        return None
    if is_company(name) or not _NAME_FORM.fullmatch(name) or _CODE.search(name) or role_of(name) is not None:
        return None
    if name[0].islower() and words(name)[0] not in PARTICLES and not (field.table or field.quoted):
        return None
    return field.start + len(name)


def _is_nothing(value: str) -> bool:
    """Tell whether a value is a type, a placeholder or a word that no name begins with."""
    plain = value.casefold().strip(" .-_*?")
    return not plain or plain in _NO_VALUE or plain.split()[0] in _NO_VALUE - {"herr", "frau", "mr", "mrs", "ms"}


def _is_person(value: str) -> bool:
    """Tell whether a value names a person by a title, a given name, or the order Surname, Given."""
    return bool(_TITLE.match(value)) or holds_given_name(value)


def _is_surname_first(value: str) -> bool:
    before, _, after = value.partition(",")
    return len(words(before)) <= 2 and 1 <= len(words(after)) <= 2 and holds_given_name(after) and not _given(before)


def _given(value: str) -> bool:
    return len(words(value)) == 1 and value.strip().casefold() in GIVEN_NAMES


def _is_word(value: str) -> bool:
    return value.islower() or key(value) in WORDS


def _is_street(text: str, field: Field) -> bool:
    return field.role in {"STREET", "HOUSE"} and _HAS_DIGIT.search(text, field.start, field.end) is not None


def _split(text: str, field: Field) -> Iterator[tuple[int, int]]:
    at = field.start
    for separator in _SEPARATOR.finditer(text, field.start, field.end):
        yield at, separator.start()
        at = separator.end()
    yield at, field.end
