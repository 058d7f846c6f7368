"""What stands outside a value: titles, greetings, quotes, punctuation, a genitive's ending, a country.

A trimmed span never grows, and keeps at least one letter or digit.
"""

import re
from dataclasses import replace
from typing import Final

from recognizers.finding import ADDRESS, LITERAL, PERSON, SECRET, Finding
from recognizers.person import NO_NAMES, PARTICLES

TITLES: Final = (
    r"herrn?|frau|fräulein|fr\.|hr\.|hrn\.|fam\.|familie|eheleute|ehepaar|dr\.?|prof\.?|professor(?:in)?|dipl\.?-?\w*\.?|"
    r"mag\.|ing\.|med\.|phil\.|jur\.|rer\.|nat\.|h\.\s?c\.|habil\.|rechtsanw(?:alt|ältin)|notar(?:in)?|"
    r"mr\.?|mrs\.?|ms\.?|miss|mx\.?|sir|madam|ma'am|lord|lady|doctor|family|captain|rev\.|"
    r"mme\.?|mmes|mlle\.?|monsieur|madame|mademoiselle|messieurs|mesdames|ma[iî]tre|me\.|docteur|famille|"
    r"sr\.?|sra\.?|srta\.?|sres\.|señor(?:a|es|as|ita)?|don|doña|d\.ª|dña\.|familia|"
    r"sig\.?(?:ra|na|ri)?\.?|signor[aei]?|signorina|dott\.?(?:ssa)?\.?|avv\.|geom\.|rag\.|famiglia|"
    r"dhr\.?|mevr\.?|mw\.?|mevrouw|meneer|heer|mijnheer|drs\.|ir\.|familie|"
    r"pan(?:i|a|ią|ie|u|em|owie|ią)?|państwo|państwa|mgr|inż\.|hab\."
)
GREETINGS: Final = (
    r"hallo|halli|hallöchen|hi|hey|hello|moin|servus|grüezi|grüß\s?(?:gott|dich)|guten\s(?:tag|morgen|abend)|"
    r"lieber?|liebes|sehr\sgeehrter?|geehrter?|werter?|dear|good\s(?:morning|afternoon|evening)|"
    r"bonjour|bonsoir|salut|cher|chère|chers|coucou|hola|buenos\sd[ií]as|buenas\stardes|estimad[oa]s?|querid[oa]s?|"
    r"apreciad[oa]s?|ciao|buongiorno|buonasera|salve|gentile|gentilissim[oa]|egregi[oa]|car[oaie]|spett\.?|"
    r"hoi|beste|geachte|dag|goedemorgen|goedemiddag|goedendag|lieve|"
    r"dzień\sdobry|cześć|hej|witam|witaj|szanown[yai]|drog[iai]|"
    r"danke|thanks|thank\syou|merci|gracias|grazie|dank(?:\sje|\su)|dziękuję|"
    r"(?:viele|liebe|beste|freundliche|herzliche|schöne)n?\sgrüße?|(?:mit\s)?(?:freundlich|best|lieb|herzlich)en\sgrüßen|"
    r"lg|vg|mfg|bg|gruß|grüße|"
    r"(?:best|kind|warm|many|with\sbest|with\skind)(?:est)?\s(?:regards|wishes|thanks)|regards|cheers|best|sincerely|yours|"
    r"cordialement|bien\sà\svous|cdlt|saludos|un\ssaludo|atentamente|atte\.?|cordiali\ssaluti|saluti|distinti\ssaluti|"
    r"(?:met\s)?vriendelijke\sgroet(?:en)?|mvg|groet(?:en|jes)?|pozdrawiam|z\spoważaniem|pozdrowienia"
)
_BEFORE_NAME: Final = re.compile(
    rf"[\W_]*(?:(?:{TITLES}|{GREETINGS}|(?-i:und|and|et|y|oder|or|der|die|the|an|von(?=\s+(?:Herrn?|Frau)\b)))"
    rf"(?:[\s,:;!/&*-]+|(?<=\.)))+(?=\S)",
    re.IGNORECASE,
)
_AFTER_NAME: Final = re.compile(
    r"(?:[\s,]+(?:i{2,3}|iv|jr|jun|sr|sen|ph\.?\s?d|mba|m\.?\s?sc|b\.?\s?sc|m\.?\s?a|b\.?\s?a|ll\.?\s?m|esq|md)\.?)+\Z"
    r"|['’`´]s?\Z|['’]\S?\Z",
    re.IGNORECASE,
)
_OPENING: Final = " \t\r\n\f\v\u00a0\"'`´‘’“”„«»‹›([{<>,;:.!?*_|/\\=~#^•·–—-"
_CLOSING: Final = " \t\r\n\f\v\u00a0\"'`´‘’“”„«»‹›)]}<>,;:!?*_|/\\=~#^•·–—-"
_COUNTRY: Final = re.compile(
    r"deutschland|germany|allemagne|alemania|germania|duitsland|niemcy|brd|bundesrepublik deutschland|"
    r"österreich|austria|autriche|oostenrijk|schweiz|suisse|svizzera|switzerland|suiza|zwitserland|szwajcaria|"
    r"liechtenstein|luxe?m(?:bourg|burg)|frankreich|france|francia|frankrijk|francja|italien|italy|italia|italie|włochy|"
    r"spanien|spain|españa|espagne|spagna|spanje|hiszpania|niederlande|netherlands|the netherlands|nederland|holland|"
    r"pays-bas|holandia|belgien|belgium|belgique|belgië|polen|poland|polska|pologne|polonia|portugal|dänemark|denmark|"
    r"schweden|sweden|norwegen|norway|finnland|finland|irland|ireland|england|scotland|wales|großbritannien|"
    r"vereinigtes königreich|united kingdom|great britain|uk|u\.k\.|usa|u\.s\.a?\.?|united states(?: of america)?|"
    r"vereinigte staaten|canada|kanada|tschechien|czech republic|ungarn|hungary|türkei|turkey|türkiye|ukraine|europa|"
    r"europe|eu|japan|china|indien|india|griechenland|greece|rumänien|romania|kroatien|croatia|slowenien|slovenia"
    r"|slowakei|slovakia|bulgarien|bulgaria|russland|russia|serbien|serbia|brasilien|brazil|mexiko|mexico|australien"
    r"|australia",
    re.IGNORECASE,
)
_TAIL_COUNTRY: Final = re.compile(rf"[\s,]+(?:{_COUNTRY.pattern})\Z", re.IGNORECASE)
_NO_NAME: Final = re.compile(rf"(?:{TITLES}|{GREETINGS})", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’‘`´‐‑-][^\W\d_]+)*")
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
    elif finding.kind == ADDRESS:
        start, end = _bare_address(text, start, end)
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
    country = _TAIL_COUNTRY.search(text, start, end)
    return _stripped(text, start, country.start(), closing=_CLOSING + ".") if country else (start, end)


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


def _without_other_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut words that are in no name off both ends: "laut Björn", "Murat drauf", "N. Iyer FRCP"."""
    found = [m.span() for m in _WORD.finditer(text, start, end)]
    while found and _is_other(text, found):
        del found[0]
    if not found:
        return start, start
    last = len(found)
    while last > 1 and _trails(text[slice(*found[last - 1])], text[slice(*found[0])]):
        last -= 1
    return max(start, found[0][0]), end if last == len(found) else found[last - 1][1]


def _is_other(text: str, found: list[tuple[int, int]]) -> bool:
    """Tell whether the first word belongs to no name; a particle does, before a name."""
    start, end = found[0]
    word = text[start:end].casefold()
    if word not in NO_NAMES or (end - start == 1 and text.startswith(".", end)):
        return False
    return not (word in PARTICLES and len(found) > 1 and text[slice(*found[1])].casefold() not in NO_NAMES - PARTICLES)


def _trails(word: str, first: str) -> bool:
    """Tell whether the last word belongs to no name, judged by the first: lower case, or letters of a degree."""
    if word.islower():
        return word in NO_NAMES or first[0].isupper()
    return word.isupper() and len(word) >= 3 and not first.isupper() and "-" not in word


def _ends_in_initial(text: str, start: int, end: int) -> bool:
    """Tell whether the full stop at the end belongs to an initial, as in ``Nadia K.``."""
    return end - start >= 2 and text[end - 2].isupper() and (end - start == 2 or not text[end - 3].isalpha())
