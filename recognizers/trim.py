"""What stands outside a value: titles, greetings, quotes, punctuation, a genitive's ending, a country.

A trimmed span never grows, and keeps at least one letter or digit.
"""

import re
from dataclasses import replace
from typing import Final

from recognizers.finding import ADDRESS, LITERAL, PERSON, SECRET, Finding
from recognizers.person import GIVEN_NAMES, NO_NAMES, PARTICLES, alternatives
from recognizers.scores import PATTERN_SCORE, SURE_SCORE

TITLES: Final = alternatives("titles.txt")
_GREETINGS: Final = f"(?:{alternatives('greetings.txt')}|{alternatives('sign_offs.txt')})"
_BEFORE_NAME: Final = re.compile(
    rf"[\W_]*(?:(?:{TITLES}|{_GREETINGS}|(?-i:und|and|et|y|oder|or|der|die|the|an|von(?=\s+(?:Herrn?|Frau)\b)))"
    rf"(?:[\s,:;!/&*-]+|(?<=\.)))+(?=\S)",
    re.IGNORECASE,
)
_AFTER_NAME: Final = re.compile(
    r"(?:[\s,]+(?:i{2,3}|iv|jr|jun|sr|(?-i:sen)|sen(?=\.)|ph\.?\s?d|m\.?\s?sc|b\.?\s?sc|ll\.?\s?m|esq|"
    r"(?-i:MBA|M\.?\s?A|B\.?\s?A|MD))\.?)+\Z"
    r"|['’`´]s?\Z|['’]\S?\Z",
    re.IGNORECASE,
)
_OPENING: Final = " \t\r\n\f\v\u00a0\"'`´‘’“”„«»‹›([{<>,;:.!?*_|/\\=~#^•·–—-"
_CLOSING: Final = " \t\r\n\f\v\u00a0\"'`´‘’“”„«»‹›)]}<>,;:!?*_|/\\=~#^•·–—-"
_COUNTRY: Final = re.compile(alternatives("countries.txt"), re.IGNORECASE)
# What begins another value or another sentence behind an address.
_TAIL_OTHER: Final = re.compile(
    r"[\s,;·|–-]+(?:\(?(?:tél|tel|telefon\w*|téléphone|teléfono|fon|phone|mobile?|móvil|handy|fax|cell|gsm|kom|mail|e-mail|"
    r"ust|vat|p\.? ?iva|rcs|kvk|krs|hr[ab]|citofono|interphone|klingel|nhs no|dob)(?![^\W\d_]).*"
    r"|(?:and|und|et|y|e|i|en|or|oder))\Z"
    r"|[\s,;]+(?:cap|cp|plz|zip|postcode)(?![^\W\d_])(?!\D{0,4}\d).*\Z"
    r"|(?<=\d[a-z]{2})\.[ ].*\Z"
    r"|[ ](?-i:aan|samen|zusammen)\Z"
    r"|(?<=[^\W\d_]{4})\.[ ]+[^\W\d_][^\d]*\Z"
    r"|(?:(?<=\d)|(?<=\d[a-z])),?[ ](?-i:in|te|à|en|a|w)(?:[ ](?!(?:[a-z]{1,2}-)?\d).*)?\Z",
    re.IGNORECASE | re.DOTALL,
)
_LABEL: Final = re.compile(
    r"(?:(?:liefer|rechnungs|wohn|post)?(?:adresse|anschrift)|address|indirizzo|residenza|domicilio|direcci[oó]n|adres)"
    r"[ :]{1,3}(?=[^\d\W].*\d)",
    re.IGNORECASE | re.DOTALL,
)
# The country behind an address; behind its postcode Luxembourg is the city.
_TAIL_COUNTRY: Final = re.compile(rf"(?<!L-\d{{4}})(?<![\s,])[\s,]+(?:{_COUNTRY.pattern})\Z", re.IGNORECASE)
_NO_NAME: Final = re.compile(rf"(?:{TITLES}|{_GREETINGS})".replace(r"\.?", r"\.").replace(r"\.", r"\.?"), re.IGNORECASE)
_TITLE: Final = re.compile(TITLES, re.IGNORECASE)
_FROM: Final = frozenset({"von", "van", "de", "di", "da"})  # before a given name these are no part of it
_CELL_BORDERS: Final = frozenset({"", "\n", "\t", ";", ",", "|", '"', "'"})  # "da Silva" in a table
_ARTICLES: Final = frozenset({"den", "dem", "der", "die", "das", "des", "ein", "eine", "einen"})
# Given names that are other words in some language: within a sentence only a name is written with a capital.
_ALSO_GIVEN: Final = frozenset(["allen", "an", "can", "cara", "do", "ella", "hope", "juli", "july", "lei", "my", "nada",
                                "per", "su", "tu", "una", "will"])  # fmt: skip
_WITHIN: Final = re.compile(r"[^\W\d_A-ZÄÖÜ][,;]?[ ]\Z")
_INNER: Final = frozenset({"in", "op", "aan", "t", "und", "and", "los", "las"})  # "in 't Veld", "de los Ángeles"
_ROLES: Final = frozenset({"CEO", "CFO", "CTO", "COO", "CIO"})
_KIN: Final = frozenset(["papa", "mama", "vater", "mutter", "oma", "opa", "mum", "mom", "dad"])
_WORD: Final = re.compile(r"[^\W\d_][^\W_]*(?:['’‘`´‐‑-][^\W\d_][^\W_]*)*")  # "Hannel0re" as a scanner read it
_SPELT: Final = re.compile(
    r"[^\W\d_](?:(?:[ ,.-]{1,2}[^\W\d_](?![^\W_])){2,}|[ ](?:wie|as in|for|comme|come|como|jak|van)[ ][^\W\d_]{3})"
)
_LONGEST_DEGREE: Final = 4
_LETTER: Final = re.compile(r"[^\W\d_]")
_SUBSTANCE: Final = re.compile(r"[^\W_]")
_BLANKS: Final = " \t\r\n\f\v\u00a0"
_UNTRIMMED: Final = frozenset({LITERAL, SECRET})


def trim(text: str, finding: Finding) -> Finding | None:
    """Cut off what is not part of the value; None if nothing of substance remains."""
    if finding.kind in _UNTRIMMED:
        return finding
    start, end = finding.start, finding.end
    if finding.kind == PERSON:
        start, end = _bare_name(text, start, end)
        if start >= end and SURE_SCORE <= finding.score < PATTERN_SCORE:
            start, end = _word_as_name(text, finding.start, finding.end)
    elif finding.kind == ADDRESS:
        start, end = _bare_address(text, start, end)
        end = min(end, finding.end)
    else:
        start, end = _stripped(text, start, end, _BLANKS, _BLANKS)
    needed = _LETTER if finding.kind == PERSON else _SUBSTANCE
    if start >= end or not needed.search(text, start, end):
        return None
    return finding if (start, end) == (finding.start, finding.end) else replace(finding, start=start, end=end)


def is_country(text: str, finding: Finding) -> bool:
    """Tell whether the finding is the name of a country, which is no part of an address."""
    return _COUNTRY.fullmatch(text, finding.start, finding.end) is not None


def _stripped(text: str, start: int, end: int, opening: str = _OPENING, closing: str = _CLOSING) -> tuple[int, int]:
    while start < end and text[start] in opening:
        start += 1
    while end > start and text[end - 1] in closing:
        end -= 1
    return start, end


def _bare_address(text: str, start: int, end: int) -> tuple[int, int]:
    start, end = _stripped(text, start, end, closing=_CLOSING + ".")
    label = _LABEL.match(text, start, end)
    start = label.end() if label else start
    other = _TAIL_OTHER.search(text, start, end)
    if other and other.start() > start:
        start, end = _stripped(text, start, other.start(), closing=_CLOSING + ".")
    country = _TAIL_COUNTRY.search(text, start, end)
    if country:
        start, end = _stripped(text, start, country.start(), closing=_CLOSING + ".")
    if text.startswith(")", end) and text.rfind("(", start, end) > text.rfind(")", start, end):
        end += 1  # "20200 Beasain (Gipuzkoa)" is one piece
    return start, end


def _bare_name(text: str, start: int, end: int) -> tuple[int, int]:
    start, end = _stripped(text, start, end)
    before = _BEFORE_NAME.match(text, start, end)
    if before:
        start = before.end()
    after = _AFTER_NAME.search(text, start, end)
    if after and after.start() > start:
        end = after.start()
    start, end = _without_other_words(text, start, end)
    start, end = _stripped(text, start, end)
    if _NO_NAME.fullmatch(text, start, end):
        return start, start
    if text.endswith(".", start, end) and not _ends_in_initial(text, start, end):
        end -= 1
    return start, end


def _word_as_name(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the one word that the model is sure is a name here, as Freitag is sometimes; a title never is."""
    start, end = _stripped(text, start, end)
    is_name = _WORD.fullmatch(text, start, end) and text[start].isupper() and not _TITLE.fullmatch(text, start, end)
    return (start, end) if is_name else (start, start)


def _without_other_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut words that are in no name off both ends: "laut Björn", "Murat drauf", "N. Iyer FRCP"."""
    if _SPELT.match(text, start, end):
        return start, end
    found = [m.span() for m in _WORD.finditer(text, start, end)]
    while found and _is_other(text, found):
        del found[0]
    if not found:
        return start, start
    last = _before_article(text, found)
    while last > 1 and _trails(text[slice(*found[last - 1])], text[found[0][0] : found[last - 2][1]]):
        last -= 1
    return max(start, found[0][0]), end if last == len(found) else found[last - 1][1]


def _before_article(text: str, found: list[tuple[int, int]]) -> int:
    """Count the words up to one in no name: "Steinbrück den Punsch", "Wunderlich am Apparat", but "von der Au"."""
    for i in range(1, len(found)):
        word, before = text[slice(*found[i])], text[slice(*found[i - 1])].casefold()
        if word in _ARTICLES and before not in PARTICLES and before not in {"in", "op", "aan"}:
            return i
        if word.islower() and word in NO_NAMES and not any(word in inner for inner in (PARTICLES, _ARTICLES, _INNER)):
            return i
    return len(found)


def _is_other(text: str, found: list[tuple[int, int]]) -> bool:
    """Tell whether the first word belongs to no name; a particle does, before a name."""
    start, end = found[0]
    word = text[start:end].casefold()
    if end - start == 1 and (text.startswith(".", end) or (text[start].isupper() and len(found) > 1)):
        return False
    if text[start:end].islower() and word not in PARTICLES and len(found) > 1 and text[found[1][0]].isupper():
        return True
    if word not in NO_NAMES:
        return False
    if len(found) > 1 and word in _ALSO_GIVEN and _is_written_as_name(text, found):
        return False
    following = text[slice(*found[1])].casefold() if len(found) > 1 else ""
    if word not in PARTICLES or not following:
        return True
    of_the_name = text[start].isupper() or text[max(0, start - 1) : start] in _CELL_BORDERS
    return following in NO_NAMES - PARTICLES or (word in _FROM and following in GIVEN_NAMES and not of_the_name)


def _is_written_as_name(text: str, found: list[tuple[int, int]]) -> bool:
    """Tell whether the first word begins with a capital within a sentence, before another name."""
    (start, _), (second, end) = found[:2]
    following = text[second].isupper() and text[second:end].casefold() not in NO_NAMES
    return text[start].isupper() and following and _WITHIN.search(text, max(0, start - 4), start) is not None


def _trails(word: str, name: str) -> bool:
    """Tell whether the last word belongs to no name, judged by those before: lower case, or letters of a degree."""
    if word.casefold() in _KIN or (word.islower() and word in PARTICLES):
        return True
    if word.islower():
        return word in NO_NAMES or name[0].isupper()
    is_degree = word.isupper() and 3 <= len(word) <= _LONGEST_DEGREE and "-" not in word
    return is_degree and not name.isupper() and (" " in name or word in _ROLES)


def _ends_in_initial(text: str, start: int, end: int) -> bool:
    """Tell whether the full stop at the end belongs to an initial, as in ``Nadia K.``."""
    return end - start >= 2 and text[end - 2].isupper() and (end - start == 2 or not text[end - 3].isalpha())
