"""What is asked of the name model's guesses before they count: a name or an address has to look like one.

A guess that does not becomes a place (which joins an address beside it, and else is nothing) or is dropped. The model's
probability decides where the form does not.
"""

import re
from typing import Final

from recognizers.finding import ADDRESS, PERSON
from recognizers.person import NO_NAMES, holds_given_name, words
from recognizers.resolve import LOC

UNKNOWN_NAME: Final = 0.55  # least probability of a name none of whose words is a common given name
LOWER_NAME: Final = 0.65  # the same, written in lower case
UNUSUAL_ADDRESS: Final = 0.9  # least probability of an address with neither a street's word nor a postcode

_STREET: Final = re.compile(
    r"(?i)(?:stra(?:ß|ss)e|str\.?|weg|platz|gasse|allee|ring|ufer|damm|stei[gn]|stieg|chaussee|markt|graben|wall|kamp|promenade|"
    r"zeile|bogen|steg|brücke|anger|rain|winkel|twiete|redder|postfach|packstation|straat|laan|plein|gracht|kade|dijk|singel)"
    r"(?![^\W\d_])|(?<![^\W\d_])(?:road|rd|street|st|avenue|ave|lane|ln|drive|dr|way|court|ct|close|crescent|place|square|"
    r"terrace|hill|gardens|grove|boulevard|blvd|parkway|highway|apt|parade|view|walk|row|mews|quay|green|park|rise|vale|heights|circle|trail|suite|flat|unit|floor|po box|p\.o\. box|rue|quai|chemin|impasse|"
    r"all[ée]e|cours|faubourg|bis|via|viale|piazza|piazzale|corso|largo|vicolo|calle|avenida|avda|plaza|paseo|carrer|camino|"
    r"ul|ulica|aleja|al|os|plac|pl)(?![^\W\d_])"
)
_POSTCODE: Final = re.compile(
    r"(?<![\w.,-])(?:[A-Z]{1,2}-)?(?:\d{4,5}|\d{2}-\d{3}|\d{4} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?![\w-])[ ,\n]+[^\W\d_]{2}|"
    r"[^\W\d_]{3}[ ,\n]+(?:[A-Z]{2} )?(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?![\w-])"
)
_NO_STREET: Final = re.compile(
    r"(?i)(?:^|[^\w])(?:hr[ab]|halle|raum|fach|typ|nr|nummer|n|no|pos|position|parzelle|seite|route|truck|gleis|tor|zimmer|kapitel|artikel|"
    r"art|absatz|abs|punkt|teil|band|linie|bus|zug|ice|klasse|gruppe|level|phase|modell|version|page|room|gate|line|item|step|"
    r"section|chapter|model|type|size|stock|etage|lager|regal|tisch|table|block|port|pa|den|dem|am|bis|ab|um|ok|uchwała|sala|"
    r"aula|salle|zaal|§)\.?(?=[ \d]|$)"
)
_FIELDS: Final = re.compile(r"[^\w\n]{1,8}")
_DIGITS: Final = re.compile(r"\d{4,5}")
_HAS_DIGIT: Final = re.compile(r"\d")
_HOUSE: Final = re.compile(r"[A-Z] ?\d{1,2}, ?\d|(?:^|[ ,\n])[A-ZÀ-Þ][^\d\n;|]{2,60}[ ]\d{1,4}(?:[ ]?[a-zA-Z])?(?=$|[ ,\n/-])")


def judged(kind: str, value: str, score: float) -> str | None:
    """Return what a guess of the model counts as: its kind, LOC, or nothing."""
    if kind == PERSON:
        return PERSON if _is_name(value, score) else None
    return _address(value, score) if kind == ADDRESS else kind or None


def side_by_side(one: str, gap: str, other: str) -> bool:
    """Tell whether two guesses at an address are a postcode and its city in neighbouring fields."""
    if not _FIELDS.fullmatch(gap):
        return False
    return any(_DIGITS.fullmatch(a) and b[:1].isupper() and not _HAS_DIGIT.search(b) for a, b in ((one, other), (other, one)))


def _is_name(value: str, score: float) -> bool:
    parts = words(value)
    if all(len(part.rstrip(".")) < 2 or part.casefold().rstrip(".") in NO_NAMES for part in parts):
        return False
    if holds_given_name(value):
        return True
    return score >= (LOWER_NAME if value.islower() else UNKNOWN_NAME)


def _address(value: str, score: float) -> str | None:
    if not any(map(str.isdigit, value)) or not any(map(str.isalpha, value)):
        return LOC
    if _POSTCODE.search(value) or _STREET.search(value):
        return ADDRESS
    if score >= UNUSUAL_ADDRESS and _HOUSE.search(value) and not _NO_STREET.search(value):
        return ADDRESS
    return LOC
