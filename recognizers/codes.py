"""What is asked of the name model's guesses at numbers, dates of birth, user names and secrets before they count.

The model tells from the words around a value whose it is; what a value looks like decides whether that can be so.
A guess is widened to the whole code it lies in.
"""

import re
from typing import Final

from recognizers.finding import CUSTOMER_NO, DOB, SECRET, USERNAME
from recognizers.generic.customer_no import OTHER

# The least probability of a guess. They were chosen on the dev part of the gold set.
LEAST: Final = {CUSTOMER_NO: 0.6, DOB: 0.6, USERNAME: 0.7, SECRET: 0.7}
SHORT_NUMBER: Final = 0.85  # the same, of a number of three or four digits
_SHORT: Final = 4
_LONGEST: Final = 120  # characters that a guess is widened by

_SIGNS: Final = r"/._#+-"  # what stands inside a code, once between two letters or digits
_LEFT: Final = {
    CUSTOMER_NO: re.compile(rf"[^\W_](?:[^\W_]|[{_SIGNS}](?![{_SIGNS}]))*\Z"),
    DOB: re.compile(r"[^\W_]+\Z"),
    USERNAME: re.compile(r"[\w.+-]+\Z"),
    SECRET: re.compile(r"[^\s\"'`<>=:,;(|]+\Z"),
}
_RIGHT: Final = {
    CUSTOMER_NO: re.compile(rf"(?:[{_SIGNS}]?[^\W_])*"),
    DOB: re.compile(r"[^\W_]*"),
    USERNAME: re.compile(r"(?:[.+-]?\w)*"),
    SECRET: re.compile(r"[^\s\"'`<>,;)|]*(?<![.?:])"),
}
_DATE_PART: Final = re.compile(r"[0-9]{2}|[^\W\d_]{3}")
_MEASURED: Final = re.compile(
    r"[ ]?(?:€|\$|£|%|°|(?:eur|euro|chf|usd|gbp|pln|zł|kg|g|km|m|cm|mm|m²|l|ml|kwh|kw|w|mb|gb|uhr|stück|st|x|min|h)\b)",
    re.IGNORECASE,
)
_VERSION: Final = re.compile(r"v?[0-9]{1,3}(?:\.[0-9]{1,3}){1,3}\Z")
_TRACKER_KEY: Final = re.compile(r"(?:[A-Z]{2,10}-|#)[0-9]{1,4}\Z")


def judged(text: str, kind: str, start: int, end: int, score: float) -> tuple[int, int] | None:
    """Return where the value of a guess lies, or None if it cannot be one."""
    start, end = widened(text, kind, start, end)
    value = text[start:end]
    if score < LEAST[kind] or not _can_be(kind, value):
        return None
    short = kind == CUSTOMER_NO and sum(map(str.isdigit, value)) <= _SHORT
    if (short and score < SHORT_NUMBER) or (kind == CUSTOMER_NO and _MEASURED.match(text, end)):
        return None
    return start, end


def widened(text: str, kind: str, start: int, end: int) -> tuple[int, int]:
    """Return the borders of the code that ``start:end`` lies in."""
    before = _LEFT[kind].search(text, max(0, start - _LONGEST), start)
    after = _RIGHT[kind].match(text, end, end + _LONGEST)
    return (before.start() if before else start), (after.end() if after else end)


def _can_be(kind: str, value: str) -> bool:
    if kind == CUSTOMER_NO:
        digits = sum(map(str.isdigit, value))
        other = OTHER.match(value) or _VERSION.match(value) or _TRACKER_KEY.match(value)
        return (digits >= 3 or (value.isalnum() and value.isupper() and len(value) in (5, 6))) and not other
    if kind == DOB:
        return _DATE_PART.search(value) is not None and any(map(str.isdigit, value))
    return len(value) >= 3 and (kind == SECRET or not any(map(str.isspace, value)))
