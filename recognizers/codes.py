"""What is asked of the name model's guesses at numbers, dates of birth, user names and secrets before they count.

The model tells from the words around a value whose it is; what a value looks like decides whether that can be so.
A guess is widened to the whole code it lies in.
"""

import re
from typing import Final

from recognizers.finding import CUSTOMER_NO, DOB, SECRET, USERNAME
from recognizers.generic.numbered import names_other_number
from recognizers.person import alternatives
from recognizers.slug import in_slug

# The least probability of a guess, chosen on the messages kept from training and the dev part of the gold set.
LEAST: Final = {CUSTOMER_NO: 0.25, DOB: 0.2, USERNAME: 0.5, SECRET: 0.3}
UNUSUAL: Final = 0.65  # the same, of three or four digits, of what has the form of a tracker's key, or of words
PASSPHRASE: Final = 0.9  # the same, of plain words joined by hyphens, which mostly name a branch, a host or a record
SURE: Final = 0.95  # the same, where its form or the words beside it speak against it
_SHORT: Final = 4
_LONGEST: Final = 120  # characters that a guess is widened by

_SIGNS: Final = r"/._#+-"  # what stands inside a code, once between two letters or digits
_LEFT: Final = {
    CUSTOMER_NO: re.compile(rf"[^\W_](?:[^\W_]|[{_SIGNS}](?![{_SIGNS}]))*\Z"),
    DOB: re.compile(r"[^\W_](?:[^\W_]|[./-](?=[^\W_]|\Z))*\Z"),
    USERNAME: re.compile(r"[\w.+-]+\Z"),
    SECRET: re.compile(r"[^\s\"'`<>=:,;(|]+\Z"),
}
_RIGHT: Final = {
    CUSTOMER_NO: re.compile(rf"(?:[{_SIGNS}]?[^\W_])*"),
    DOB: re.compile(r"(?:[./-]?[^\W_])*"),
    USERNAME: re.compile(r"(?:[.+-]?\w)*"),
    SECRET: re.compile(r"(?:(?!@[\w.-]+:[0-9])[^\s\"'`<>,;)|])*(?<![.?:])"),  # up to the host of a URL
}
_DATE_PART: Final = re.compile(r"[0-9]{2}|[0-9]\.[0-9]|[^\W\d_]{3}")
_MEASURED: Final = re.compile(
    r"[ ]?(?:€|\$|£|%|°|(?:eur|euro|chf|usd|gbp|pln|zł|kg|g|km|m|cm|mm|m²|l|ml|kwh|kw|w|mb|gb|uhr|stück|st|x|min|h)\b)",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(  # dates, times, versions, hashes, UUIDs, addresses of the network
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-|[0-9a-f]{32,}\Z|[0-3]?[0-9][./-][01]?[0-9][./-](?:(?:19|20)?[0-9]{2})?\Z|"
    r"(?:19|20)[0-9]{2}(?:-[01][0-9]-[0-3][0-9](?:T|\Z)|\Z)|[0-9]{1,2}:[0-9]{2}|\S*@|https?:|www\.|v?[0-9]{1,3}(?:\.[0-9]{1,3}){2,3}\Z"
)
_AMOUNT: Final = re.compile(  # or a version, or a blood pressure
    r"[0-9]+[.,][0-9]{2}\Z|v?[0-9]{1,3}\.[0-9]{1,3}\Z|[0-9]{2,3}/[0-9]{2,3}\Z"
)
_PATH_BEFORE: Final = re.compile(r"(?:[a-z]{4,}/)+(?=[^/]*[0-9])")  # of a URL
_PATH_BEHIND: Final = re.compile(r"(?<=[0-9])/[A-Za-z]{4,}\Z")
_HOST: Final = re.compile(
    r"\S*\.(?:lan|local|intern(?:al)?|home|corp|de|at|ch|com|net|org|eu|io|dev|cloud|example)\Z", re.IGNORECASE
)
_SPEAKER: Final = re.compile(r"(?i)(?:speaker|sprecher|agent|caller|anrufer|kunde|customer|user)_?[0-9]*:")
_REGISTER: Final = re.compile(rf"(?<!\w){alternatives('registers.txt')}(?!\w)[^\n]{{0,24}}\Z")
_LINE_BEGIN: Final = re.compile(r"(?:^|\n)(?:\[[0-9: ./-]{4,20}\] )?\Z")  # where a chat has the name of who speaks
_IDENTIFIER: Final = re.compile(r"[\"']?(?:[ ]?[:=]|\()")  # behind the name of a field, a variable, a function
_BEFORE: Final = 40
_HEX: Final = re.compile(r"(?:0[xX][0-9a-fA-F]+|[0-9a-f]{7,64}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\Z")
_TRACKER_KEY: Final = re.compile(r"(?:[A-Z]{2,10}-|#)[0-9]{1,4}\Z")
_LOCATOR: Final = (5, 6)  # letters and digits of a booking
_SPOKEN: Final = 3  # words of a number that is spoken


def judged(text: str, kind: str, start: int, end: int, score: float) -> tuple[int, int] | None:
    """Return where the value of a guess lies, or None if it cannot be one."""
    start, end = widened(text, kind, start, end)
    if kind == CUSTOMER_NO:
        start, end = _without_path(text, start, end)
    value = text[start:end]
    if score < LEAST[kind]:
        return None
    if kind == SECRET and score < PASSPHRASE and in_slug(text, start, end):
        return None
    fits = _fits_number(value, score) if kind == CUSTOMER_NO else _fits(kind, value, score)
    return (start, end) if fits and not _stands_for_another(text, kind, start, end, score) else None


def _stands_for_another(text: str, kind: str, start: int, end: int, score: float) -> bool:
    """Tell whether what stands beside a guess says that it is something else."""
    if kind == USERNAME:
        speaks = score >= SURE and _LINE_BEGIN.search(text, max(0, start - _BEFORE), start) is not None
        speaks = speaks and not _SPEAKER.match(text, start)
        return _IDENTIFIER.match(text, end) is not None and not speaks
    if kind != CUSTOMER_NO:
        return False
    before = text[max(0, start - _BEFORE) : start]
    if _MEASURED.match(text, end) or _REGISTER.search(before):
        return True
    return score < SURE and names_other_number(before)


def widened(text: str, kind: str, start: int, end: int) -> tuple[int, int]:
    """Return the borders of the code that ``start:end`` lies in."""
    before = _LEFT[kind].search(text, max(0, start - _LONGEST), start)
    after = _RIGHT[kind].match(text, end, end + _LONGEST)
    return (before.start() if before else start), (after.end() if after else end)


def _without_path(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the borders of a number without the words of a URL's path beside it (``claims/CLM-88120/history``)."""
    before, after = _PATH_BEFORE.match(text, start, end), _PATH_BEHIND.search(text, start, end)
    return (before.end() if before else start), (after.start() if after else end)


def _fits_number(value: str, score: float) -> bool:
    """Tell whether a number is no date, amount, version, hash or address of the network."""
    if _OTHER.match(value) or (score < SURE and _AMOUNT.match(value)):
        return False
    digits = sum(map(str.isdigit, value))
    if digits > _SHORT and not _TRACKER_KEY.match(value):
        return True
    locator = value.isalnum() and value.isupper() and len(value) in _LOCATOR
    spoken = digits == 0 and len(value.split()) >= _SPOKEN
    least = 3 if score < SURE else 2
    return score >= UNUSUAL and (digits >= least or locator or spoken)


def _fits(kind: str, value: str, score: float) -> bool:
    if kind == DOB:
        spoken = score >= SURE and " " in value
        return spoken or (any(map(str.isdigit, value)) and _DATE_PART.search(value) is not None)
    if kind == SECRET:
        return len(value) >= 3 and not _HEX.match(value)
    if _HOST.match(value):
        return False
    return len(value) >= 3 and not any(map(str.isspace, value))
