"""Telephone numbers of Europe and North America: international, national, labelled, with extensions.

A run of digit groups is cut by its form; `phonenumbers` then says whether a numbering plan knows the number (ITU-T
E.164). Without a label or a prefix only unmistakable groupings count, so that order numbers, amounts, dates and the
digits of other identifiers stay.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import phonenumbers

from recognizers.base import TextRecognizer
from recognizers.finding import PHONE, Finding
from recognizers.generic.context import BLANK, DASH, label, labelled, measured
from recognizers.generic.reading import DIGIT, at_numbers
from recognizers.scores import CONTEXT_SCORE, PATTERN_SCORE

_GAP: Final = rf"[{BLANK}()/.{DASH}]{{0,4}}"
_RUN = re.compile(
    rf"[+(]{{0,2}}[0-9](?:(?:{_GAP}|[{BLANK}/{DASH}]{{0,2}}\r?\n[{BLANK}>]{{0,4}})[+(]{{0,2}}[0-9]){{2,60}}"
)
_TYPED = re.compile(rf"(?!\+[0-9]{{1,3}}(?: [0-9]{{3}})+\Z)\+[0-9]{{1,3}}(?:[{BLANK}{DASH}]\(?[0-9]{{2,}}\)?){{2,}}")
_GROUP = re.compile(r"[+(]{0,2}[0-9]+")
_EXTENSION = re.compile(
    rf"[{BLANK},;]{{0,3}}\(?(?:durchwahl|dw|ext(?:ension)?|x|app(?:arat)?|nst|nebenstelle|klappe|kl|poste|interno|int|"
    rf"toestel|wew|anexo)[.:]{{0,2}}[{BLANK}{DASH}]{{0,2}}[0-9]{{1,5}}\)?(?!\w)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"[0-3]?[0-9]\.[01]?[0-9]\.?[ ]?[-–/][ ]?|[(]?(?:[0-9]{1,2}([./-][ ]?)[0-9]{1,2}\1(?:19|20)?[0-9]{2}|"
    r"(?:19|20)[0-9]{2}([./-])[01]?[0-9]\2[0-3]?[0-9])(?![0-9]|[./-][0-9])|"
    r"[01]?[0-9]/(?:19|20)[0-9]{2} ?[-–—] ?[01]?[0-9]/(?:19|20)[0-9]{2}(?![0-9])|"  # 09/2018 – 02/2022
    r"[0-3]?[0-9][./][01]?[0-9](?:\.?[ ]+[0-2]?[0-9][.:][0-5][0-9])?\Z"  # a day, and an hour
)
_GLUED_BEFORE = re.compile(r"(?:[^\W]|[@#$€£%§]|[0-9][.,:/-]|[A-Za-z]-|[0-9/] ?/ ?)\Z")
_GLUED_BEHIND = re.compile(r"\w|[-:.,/][0-9]|-[A-Za-z]|[,.]\w|%")
_PLACE = re.compile(r"[ \t][A-ZÄÖÜ]")  # what follows a postcode
_TRUNK = re.compile(r"0[1-9]|0[ ][1-9][0-9](?:[0-9]{0,3}|(?:[ ][0-9]{2}){1,2})[ ]?/")  # 0 23 51 / 5 55 08
_POLISH: Final = r"(?:1[2-8]|2[2-59]|3[2-4]|4[1-468]|5[24-689]|6[1-3578]|7[14-7]|8[1-79]|9[145])"  # area codes
_GROUPED_AS_TOLD = re.compile(
    # United States; Spain and Poland 3-3-3, 3-2-2-2 and 2-3-2-2, with an area code; Italian mobiles
    rf"\([2-9][0-9]{{2}}\)[{BLANK}]?[2-9][0-9]{{2}}[{BLANK}.{DASH}][0-9]{{4}}|"
    rf"(?:1[-. ])?[2-9][0-9]{{2}}([-.])[2-9][0-9]{{2}}\1[0-9]{{4}}|"
    rf"[5-9][0-9]{{2}}([{BLANK}-])(?!000)[0-9]{{3}}\2[0-9]{{3}}|(?:5[0137]|[679][0-9]|8[124-8])[0-9]([{BLANK}])[0-9]{{2}}\3[0-9]{{2}}\3[0-9]{{2}}|"
    rf"(?:{_POLISH}|\({_POLISH}\)|9[1-8])[{BLANK}]"
    rf"[0-9]{{3}}([{BLANK}{DASH}])[0-9]{{2}}\4[0-9]{{2}}|"
    rf"3[2-9][0-9][{BLANK}./-](?:[0-9]{{3}}[{BLANK}]?[0-9]{{3,4}}|(?:[0-9]{{3}}[{BLANK}][0-9]{{2}}|"
    rf"[0-9]{{2}}[{BLANK}][0-9]{{2}}[{BLANK}]?[0-9])[{BLANK}]?[0-9]{{2}})"
)
_LABEL = label(
    r"(?:(?:tele)?(?:fon|phone|foon)|tel|telefono|teléfono|téléphone|tél|tlf|phone|mobil\w{0,8}|móvil|movil|mobiel|"
    r"handy|cell(?:ulare|phone)?|portable|gsm|komórk\w{1,2}|kom|(?:tele)?fax|vox|ruf|rückruf|hotline|whatsapp|signal|"
    r"sms|durchwahl|festnetz|land ?line|fijo|fisso|fixe|vast|stacjonarny|privat|dienstlich|geschäftlich|büro|zentrale|"
    r"call(?: me)?(?: at| on)?|ring me on|dial|contact number|reach (?:me|us|him|her) (?:at|on)|erreichbar|anrufen|"
    r"text(?: me)?(?: at| on)?|(?<!-)ring|"
    r"(?:mi )?trova al|raggiungibile al|chiam(?:ami|ate|are|i)(?: (?:prima|pure))?(?: (?:al|il|lo))?|"
    r"ll[aá]m[ae](?:me|nos|r)? al|localizable en el|"
    r"join(?:dre|table) au|joignable au|appele[zr](?:-moi| le| au)?|bel(?:len)?(?: me| naar| op)?|bereikbaar op|"
    r"dzwoni[ćc](?: pod)?|pod numerem|meld(?:en|e)?(?: dich| sie sich)?(?: unter)?|unter der nummer|"
    r"erreichen)(?:[\s_.-]{0,2}(?:nr|nummer|no|num|number|numer|número|numero|numéro|telefonu|privat|mobil|büro|home|"
    r"work|office|domowy|kontaktowy|służbowy|prywatny|komórkowy|casa|ufficio|abitazione|lavoro|maison|bureau|thuis|"
    r"werk|trabajo|zuhause|zu hause))?"
    r"(?:[ ](?:des|der|vom|von|of|de|du|del|di|van)(?:[ ][\w.-]{2,20}){1,2})?(?:\s?\((?:privat|mobil|"
    r"büro|home|work|office|mobile|geschäftlich|dienstlich|abends|tagsüber)\))?"
)
_LISTED = re.compile(r"[ ]?(?:,|/|;|\||oder|und|bzw\.|or|and|o|ou|et|e|y|of|en|lub|i)[ ]?")  # between numbers of a list
_LETTER = re.compile(r"(?:\A|[\n|;,•·])[ \t]*[TMFtmf][.:]?[ \t]{0,6}\Z")  # in signatures
_EXTENSION_LABEL = label(r"(?:tel|durchwahl|nebenstelle|extension|ext|toestel|poste|klappe)")
_NOT_A_PHONE = label(
    r"(?:(?:\w{2,12}[_.-])?(?:art|id|sku|code)|\w{0,12}(?:artikel|order|bestell|auftrags?|rechnungs?|serien|serial|teile?|part|charge[n]?|lot|batch|"
    r"fehler|error|kunden|vertrags?|konto|account|blz|iban|bic|ean|gtin|isbn|issn|doi|version|modell?|plz|zip|"
    r"port|pid|ssn|social|index|hash|commit|build|ticket|invoice|customer|product|produkt|material|zähler|meter|"
    r"referenz|reference|vorgangs?|sendungs?|tracking|mandats?|inventar|lager|seite|page|zeile|line|ust|steuer|"
    r"tax|patent)|din|iso|en|ref)[\s_.-]{0,2}(?:nr|nummer|no|num|number|code|id|key)?"
)


class _Group(NamedTuple):
    start: int
    end: int
    text: str

    @property
    def digits(self) -> int:
        return len(self.text.lstrip("+("))


class PhoneRecognizer(TextRecognizer):
    """Finds telephone numbers, extension included, also where a line break splits them."""

    kinds = (PHONE,)
    needs = DIGIT

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every number of ``text``; a service number of a company counts like a person's."""
        last = 0
        for run in at_numbers(text, _RUN, (2, 1, 0)):
            groups = [_Group(g.start(), g.end(), g.group()) for g in _GROUP.finditer(text, *run.span())]
            listed = last > 0 and _LISTED.fullmatch(text, last, run.start()) is not None
            for finding in self._numbers(text, groups, listed=listed):
                last = finding.end
                yield finding

    def _numbers(self, text: str, groups: list[_Group], *, listed: bool) -> Iterator[Finding]:
        first, free = 0, True  # free: what stands before the group cannot belong to the same number
        while first < len(groups):
            last = _reach(text, groups, first) if free or _opens(text, groups, first) else None
            told = listed and first == 0
            score = _judge(text, groups[first : last + 1], listed=told) if last is not None else None
            if last is None or score is None:
                last = first
            else:
                end = _with_extension(text, groups[last].end)
                yield Finding(_start(text, groups[first], end), end, PHONE, score, self.name)
            first = last + 1
            if first < len(groups):
                gap = text[groups[last].end : groups[first].start]
                free = score is not None or "\n" in gap or len(gap) > 1


def _opens(text: str, groups: list[_Group], first: int) -> bool:
    """Tell whether a group behind one blank or hyphen can still begin a number (`08:30:00 0171 2345678`)."""
    opening = groups[first].text
    if opening.startswith("+"):
        return True
    before = groups[first - 1]
    return re.match(r"\(?0[1-9]", opening) is not None and text[before.start - 1 : before.start] == ":"


def _start(text: str, group: _Group, end: int) -> int:
    """Leave out an opening parenthesis that closes only behind the number."""
    if group.text.startswith("(") and ")" not in text[group.start : end]:
        return group.start + 1
    return group.start


def _reach(text: str, groups: list[_Group], first: int) -> int:
    """Find the last group that belongs to the number beginning with the group ``first``."""
    opening = groups[first].text.lstrip("(")
    limit = 15 if opening.startswith(("+", "00")) else 13
    told, last = groups[first].digits, first
    for i in range(first + 1, len(groups)):
        group = groups[i]
        if told + group.digits > limit or _begins_anew(text, groups, i, told):
            break
        told, last = told + group.digits, i
    return last


def _begins_anew(text: str, groups: list[_Group], i: int, told: int) -> bool:
    group, gap = groups[i], text[groups[i - 1].end : groups[i].start]
    postcode = group.digits in {4, 5} and _PLACE.match(text, group.end) is not None
    if "\n" in gap:
        return postcode or (told >= 9 and gap.strip()[-1:] not in {"-", "/"})
    if group.text.startswith("+") or "  " in gap or "\t" in gap:
        return True
    if told < 7:
        return False
    trunk = group.text.startswith("(0") or (
        group.text.startswith("0") and group.digits >= 3 and sum(later.digits for later in groups[i : i + 5]) >= 7
    )
    return trunk or "/ " in gap or (postcode and group.digits == 5)


def _judge(text: str, groups: list[_Group], *, listed: bool) -> float | None:
    """Return the score of a number made of ``groups``, or None where it is none."""
    start, end = groups[0].start, groups[-1].end
    value = text[start:end]
    if _is_inside(text, start, end) or _DATE.match(value) or measured(text, end):
        return None
    digits = sum(group.digits for group in groups)
    opening = value.lstrip("(")
    if opening.startswith("+"):
        possible = digits >= 7 and (
            _is_possible(value) or _is_mistyped(value) or (len(groups) > 1 and labelled(text, start, _LABEL))
        )
        return PATTERN_SCORE if possible else None
    if digits <= 15 and labelled(text, _value_start(text, start), _LABEL if digits > 4 else _EXTENSION_LABEL):
        return CONTEXT_SCORE
    if digits >= 7 and (listed or _LETTER.search(text[max(0, start - 12) : start])):
        return CONTEXT_SCORE
    known = _is_known_form(text, groups, digits, opening)
    return PATTERN_SCORE if known and not labelled(text, start, _NOT_A_PHONE) else None


def _is_known_form(text: str, groups: list[_Group], digits: int, opening: str) -> bool:
    if opening.startswith("00"):
        return digits >= 9 and _is_possible(opening)
    end = groups[-1].end
    start = groups[0].start + (groups[0].text.startswith("(") and ")" not in text[groups[0].start : end])
    if _GROUPED_AS_TOLD.fullmatch(text, start, end) and not _goes_on(text, end):
        return not _is_lettered(text, groups[0].start)
    return _is_trunk_form(opening, groups, digits)


def _value_start(text: str, start: int) -> int:
    """Step over the dash of an extension (`Durchwahl -214`)."""
    return start - 1 if text[start - 1 : start] in {"-", "–"} else start


def _goes_on(text: str, end: int) -> bool:
    return re.match(rf"[{BLANK}{DASH}.][0-9]", text[end : end + 2]) is not None


def _is_lettered(text: str, start: int) -> bool:
    """Tell whether a lone capital stands before the groups, as it does in other identifiers (`V 713 833 297`)."""
    return re.search(r"(?<!\w)[A-Z]{1,3} \Z", text[max(0, start - 5) : start]) is not None


def _is_inside(text: str, start: int, end: int) -> bool:
    """Tell whether the digits are a piece of something longer: a word, a decimal, a GUID, a time, an assignment."""
    if _GLUED_BEHIND.match(text, end):
        return True
    before = text[max(0, start - 3) : start]
    if before.endswith("="):
        return not labelled(text, start, _LABEL)
    return _GLUED_BEFORE.search(before) is not None


def _is_mistyped(value: str) -> bool:
    """Tell whether groups that are no amount make a number with one digit more or less."""
    return _TYPED.fullmatch(value) is not None and (_is_possible(value[:-1]) or _is_possible(f"{value}0"))


def _is_possible(value: str) -> bool:
    digits = re.sub(r"\D", "", value.replace("(0)", ""))
    try:
        number = phonenumbers.parse("+" + digits.removeprefix("00"), None)
    except phonenumbers.NumberParseException:
        return False
    reason: int = phonenumbers.is_possible_number_with_reason(number)
    return reason == phonenumbers.ValidationResult.IS_POSSIBLE


def _is_trunk_form(opening: str, groups: list[_Group], digits: int) -> bool:
    """Tell whether this is a national number with its leading 0, as written in most of Europe."""
    if not _TRUNK.match(opening) or len(groups) > 7:
        return False
    if sum(group.digits == 1 for group in groups) > 2:
        return False
    return 9 <= digits <= 13 if len(groups) == 1 else 7 <= digits <= 13


def _with_extension(text: str, end: int) -> int:
    extension = _EXTENSION.match(text, end)
    return extension.end() if extension else end
