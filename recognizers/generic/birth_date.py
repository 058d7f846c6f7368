"""Dates of birth: a date, in figures or words of seven languages, beside a word that says somebody was born.

All other dates stay, however personal they look.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import DOB, Finding
from recognizers.generic.context import any_of, words
from recognizers.generic.reading import DIGIT, folded, occurrences, occurrences_before_digits
from recognizers.scores import CONTEXT_SCORE

MONTH: Final = any_of(
    r"""
    jan(?:uar|uary|vier|uari)?\.? jänner feb(?:ruar|ruary|ruari|r)?\.? february février févr?\.? febrero
    febbraio lutego lut\. mär(?:z)?\.? march mar(?:s|zo|zec|ca)?\.? maart mrt\.? apr(?:il|ile)?\.? avril abril
    kwietnia mai may mayo maggio mei maja juni? june? juin junio giugno czerwca juli? july? juillet julio luglio
    lipca aug(?:ust|ustus)?\.? août aout agosto sierpnia sept?(?:ember|embre|iembre)?\.? settembre września
    okt(?:ober)?\.? oct(?:ober|obre|ubre)?\.? ottobre października nov(?:ember|embre|iembre)?\.? listopada
    dez(?:ember)?\.? dec(?:ember|embre)?\.? déc(?:embre)?\.? dicembre diciembre grudnia stycznia marca enero
    gennaio januari styczeń X?(?:IX|IV|V?I{1,3}|V|X)(?=[ ])
    """
)
_DAY: Final = r"[0-3]?[0-9]"
_YEAR: Final = r"(?:(?:18|19|20)[0-9]{2}|['’]?[0-9]{2})"
_DATE = re.compile(
    rf"(?:(?:(?:18|19|20)[0-9]{{2}}[-./ ][01]?[0-9][-./ ]{_DAY}(?:T00:00(?::00)?(?:\.0+)?Z?)?|"
    rf"{_DAY}[ ]?[-./][ ]?[01]?[0-9][ ]?[-./][ ]?{_YEAR}|{_DAY}[ ][01][0-9][ ](?:18|19|20)[0-9]{{2}}|"
    rf"{_DAY}(?:\.|st|nd|rd|th|er|º|°|ste)?[ ](?:de[ ]|of[ ])?{MONTH},?[ ](?:de[ ]|del[ ])?{_YEAR}|"
    rf"{MONTH}[ ]{_DAY}(?:st|nd|rd|th)?,?[ ]{_YEAR}|{_DAY}[-/. ]{MONTH}[-/. ]{_YEAR}"
    r"|(?:[0-2][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]|"
    r"(?:19|20)[0-9]{2},[ ]?[01]?[0-9],[ ]?[0-3]?[0-9]))(?![0-9]|"
    r"[.:/-][0-9])",
    re.IGNORECASE,
)
_STEMS: Final = words(
    """
    geb. geb.: geb: geboren gebdat geb-datum geb_datum gebdatum geb.-datum born dob d.o.b birth geburts né_le née_le
    né(e)_le né_en né_à née_à naissance naiss. nacid nac. nacimiento f._nac fec._nac nato nata nascita geboortedatum
    geb.datum bday geboorte ur. urodz data_ur dat._ur née né nés nací nació nat._il nat._le d/n: nata_a nato_a
    (b. ddn fdn gdat gebdt compleanno cumpleaños anniversaire verjaardag urodziny
    """
)
# `der 1980 geborene Kläger` is told otherwise.
_WHOLE: Final = frozenset(("geboren", "born", "nato", "nata", "dob", "née", "né", "nés", "nací", "nació", "ddn", "fdn"))
_FEASTS: Final = frozenset(("compleanno", "cumpleaños", "anniversaire", "verjaardag", "urodziny"))
# What may stand between the word and the date: the end of the word, a place, "am", quotes; no digits, one line break.
_BETWEEN = re.compile(
    r"(?:[^\d\n]{0,30}\n{1,2}[ \t>*-]{0,8}[^\W\d_][\w ().@-]{0,30}:[^\d\n]{0,24}|"  # the answer to a question
    r"[^\d\n]{0,40}(?:[^\d\n.!?]{0,30}|\n[ \t>]{0,8}))[^\w\n]{0,4}"
)
# Another date of birth behind one: of the next child, or the right one for the wrong one.
_AGAIN = re.compile(
    r"\)?,?[ ](?:und|and|et|y|e|en|i|&)[ ][^\W\d_a-zß-ÿ][\w-]{1,20}[ ]?[,(*][ ]?(?:geb\.|born)?[ ]?|"
    r"[^\d\n.;]{0,24}?\b(?:sondern|but|statt|stattdessen|instead|muss|müsste|richtig|correct|should|mais|sino|ma|maar|lecz|"
    r"ale|rather)\b[^\d\n.;]{0,30}"
)
_NOBODY = re.compile(r"(?:firma|unternehmen|company|idee|idea|gegründet|founded)", re.IGNORECASE)
# A star, and Italian `n.` in parentheses; a star before a blank at the beginning of a line is a bullet.
_ASTERISK = re.compile(
    r"(?:(?<=[(,;|:])[ ]?|(?<=[^\s*][ ])|^(?=\*[0-9]))[*∗✱⁎＊][ ]?(?=[0-9])|\([ ]?n\.[ ](?=[0-9])", re.MULTILINE
)
_PARTY = re.compile(r"day|tag", re.IGNORECASE)  # what follows `birth` in words that also name the feast
_SAYS = re.compile(r"(?:day|tag)[\"'`*]{0,3}[ ]?(?:[:=]|[ ](?:is|ist|war|was)\b)", re.IGNORECASE)
_YEARS: Final = re.compile(r"(?:19|20)[0-9]{2}")
_PARTIED: Final = re.compile(r"202[0-9]|(?<![0-9])2[0-9]\Z")  # a feast that is being prepared
_BEHIND = re.compile(r"[ ](?:(?:in|im)[ ][^\d\n.,;]{2,30}[ ])?")
_BORN_BEHIND: Final = ("geboren", "zur welt", "urodzon", "was born", "geboortedatum", "geburtsdatum", "date of birth")
_IS_BORN = re.compile(r"[ ](?:is|ist|war|was|est|es|è)[ ](?:my|mein|dein|ihr|sein|the|das|mijn|her|his)?[ ]?")
_NUMERIC: Final = re.compile(
    r"(?:[0-3]?[0-9][ ]?[-./][ ]?[01]?[0-9][ ]?[-./][ ]?(?:(?:19|20)[0-9]{2}|[0-9]{2})|"
    r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])(?![0-9]|[.:/-][0-9])"
)


# `KÖNIG, MARTHA – 04.04.1968`: one may be anything, a list of them is a list of people with their birthdays.
_ROW = re.compile(
    r"[^\W\d_a-zß-ÿ][\w'’-]{1,30},[ ][^\W\d_a-zß-ÿ][\w'’-]{1,30}(?:[ ][^\W\d_a-zß-ÿ][\w'’-]{1,30})?"
    r"[ ]?[,;|(–-][ ]?"
    r"\(?(?P<date>[0-3]?[0-9][./-][01]?[0-9][./-](?:19[2-9][0-9]|200[0-9]|201[0-5]))(?![0-9])"
)


class BirthDateRecognizer(TextRecognizer):
    """Finds dates of birth."""

    kinds = (DOB,)
    needs = DIGIT

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every date of birth of ``text``, without the word that says so."""
        lower = folded(text)
        for start, end in occurrences_before_digits(text, _STEMS):
            if start and lower[start - 1].isalpha() and not text[start].isupper():
                continue
            if lower[start:end] in _WHOLE and lower[end : end + 1].isalpha():
                continue
            span = None if _date_before(text, start) else _date_behind(text, end)
            while span:
                yield Finding(*span, DOB, CONTEXT_SCORE, self.name)
                span = _date_again(text, span[1])
        marked = any(mark in text for mark in ("*", "(n.", "( n.", "∗", "✱", "⁎", "＊"))
        for star in _ASTERISK.finditer(text) if marked else ():
            date = _NUMERIC.match(text, star.end())
            if date:
                yield Finding(*date.span(), DOB, CONTEXT_SCORE, self.name)
        rows = list(_ROW.finditer(text))
        for row in rows if len(rows) > 1 else ():
            yield Finding(*row.span("date"), DOB, CONTEXT_SCORE, self.name)
        for start, _ in occurrences(lower, _BORN_BEHIND):
            span = _date_before(text, start)
            if span:
                yield Finding(*span, DOB, CONTEXT_SCORE, self.name)


def _date_before(text: str, start: int) -> tuple[int, int] | None:
    """Find the date of `am 3. Januar 1980 in Kassel geboren`, in the same sentence."""
    dates = [date for date in _DATE.finditer(text, max(0, start - 64), start) if not text[date.start() - 1].isdigit()]
    if not dates:
        return None
    end = dates[-1].end()
    if not _BEHIND.fullmatch(text, end, start) and not _IS_BORN.fullmatch(text, end, start):
        return None
    return dates[-1].span()


def _date_again(text: str, end: int) -> tuple[int, int] | None:
    again = _AGAIN.match(text, end)
    date = _DATE.match(text, again.end()) if again else None
    return date.span() if date else None


def _date_behind(text: str, end: int) -> tuple[int, int] | None:
    between = _BETWEEN.match(text, end)
    if between is None or _NOBODY.search(between.group()):
        return None
    feast = _PARTY.match(text, end) is not None and not _SAYS.match(text, end)
    feast = feast or text[:end].lower().endswith(tuple(_FEASTS))
    for digit in re.finditer(r"[0-9]|(?<![^\W\d_])[A-ZJFMASOND]", text[end : between.end() + 1]):
        date = _DATE.match(text, end + digit.start())
        if date and not (feast and (_PARTIED.search(date.group()) or not _YEARS.search(date.group()))):
            return date.span()
    return None
