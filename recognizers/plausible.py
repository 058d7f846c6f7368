"""What is asked of the name model's guesses before they count: a name or an address has to look like one.

A guess that does not becomes a place (which joins an address beside it, and else is nothing) or is dropped. The model's
probability decides where the form does not.
"""

import re
from typing import Final

from recognizers.finding import ADDRESS, PERSON
from recognizers.generic.places import town_end
from recognizers.person import NO_NAMES, alternatives, holds_given_name, word_list, words
from recognizers.resolve import LOC

UNKNOWN_NAME: Final = 0.35  # least probability of a name none of whose words is a common given name
GIVEN_NAME: Final = 0.3  # the same, of one word that is a common given name
SINGLE_NAME: Final = 0.35  # the same, of one word
SHOUTED_NAME: Final = 0.6  # the same, in capitals
INITIALS: Final = 0.9  # the same, of initials, and of letters spelled one by one
SURE_NAME: Final = 0.85  # the same, for a word that ends as abstract nouns do, or is a town
SURE_WORD: Final = 0.9  # the same, for a word that stands where names do and names nobody
LOWER_NAME: Final = 0.65  # the same, written in lower case
_INITIALS: Final = 3  # letters that are in capitals anyway
SURE_ADDRESS: Final = 0.8  # least probability of an address of any form with letters and digits
UNUSUAL_ADDRESS: Final = 0.7  # least probability of an address with neither a street's word nor a postcode

_STREET: Final = re.compile(
    rf"(?i)(?:{alternatives('street_endings.txt')}|(?<![^\W\d_]){alternatives('street_words.txt')})(?![^\W\d_])"
)
_POSTCODE: Final = re.compile(
    r"(?<![\w.,-])(?:[A-Z]{1,2}-)?(?:\d{4,5}|\d{2}-\d{3}|\d{4} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
    r"(?![\w-])[ ,\n]+[^\W\d_]{2}|"
    r"[^\W\d_]{3}[ ,\n]+(?:[A-Z]{2} )?(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?![\w-])"
)
_NO_STREET: Final = re.compile(rf"(?i)(?<!\w){alternatives('no_streets.txt')}\.?(?=[ ]?\d|$)")
_REGISTER: Final = re.compile(
    rf"(?<!\w)(?:{alternatives('registers.txt')}|AG|Company|No)(?!\w)[^\n]{{0,24}}[ ]?\d{{3}}"
)
_THINGS: Final = word_list("no_persons.txt")
_ABSTRACT: Final = re.compile(r"(?i)(?:schaft|heit|keit|tät|tion|team|dienst|service|stelle)$")
_FIELDS: Final = re.compile(r"[^\w\n]{1,8}")
_DIGITS: Final = re.compile(r"\d{4,5}")
_HAS_DIGIT: Final = re.compile(r"\d")
_HOUSE: Final = re.compile(
    r"[A-Z] ?\d{1,2}, ?\d|(?:^|[ ,\n])[A-ZÀ-Þ][^\d\n;|]{2,60}[ ]\d{1,4}(?:[ ]?[a-zA-Z])?(?=$|[ ,\n/-])"
)


def judged(kind: str, value: str, score: float) -> str | None:
    """Return what a guess of the model counts as: its kind, LOC, or nothing."""
    if kind == PERSON:
        return PERSON if _is_name(value, score) else None
    return _address(value, score) if kind == ADDRESS else kind or None


def side_by_side(one: str, gap: str, other: str) -> bool:
    """Tell whether two guesses at an address are a postcode and its city in neighbouring fields."""
    if not _FIELDS.fullmatch(gap):
        return False
    pairs = ((one, other), (other, one))
    return any(_DIGITS.fullmatch(a) and b[:1].isupper() and not _HAS_DIGIT.search(b) for a, b in pairs)


def _is_name(value: str, score: float) -> bool:
    parts = words(value)
    if all(len(part.rstrip(".")) < 2 for part in parts):
        return score >= INITIALS and bool(parts)
    if all(len(part.rstrip(".")) < 2 or part.casefold().rstrip(".") in NO_NAMES for part in parts):
        return value[:1].isupper() and score >= SURE_WORD
    if "_".join(parts).casefold() in _THINGS:
        return False
    if holds_given_name(value):
        return len(parts) > 1 or score >= GIVEN_NAME
    return score >= _needed(value, len(parts))


def _needed(value: str, count: int) -> float:
    """Return the least probability of a name of ``count`` words without a common given name."""
    if value.islower():
        return LOWER_NAME
    if _ABSTRACT.search(value) or (count == 1 and town_end(value, 0) == len(value)):
        return SURE_NAME
    if value.isupper() and len(value) > _INITIALS:
        return SHOUTED_NAME
    return UNKNOWN_NAME if count > 1 else SINGLE_NAME


def _address(value: str, score: float) -> str | None:
    if not any(map(str.isdigit, value)) or not any(map(str.isalpha, value)) or _REGISTER.search(value):
        return LOC
    if _POSTCODE.search(value) or _STREET.search(value):
        return ADDRESS
    if score >= SURE_ADDRESS:
        return ADDRESS
    if score >= UNUSUAL_ADDRESS and _HOUSE.search(value) and not _NO_STREET.search(value):
        return ADDRESS
    return LOC
