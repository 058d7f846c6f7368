"""Numbers that any word for "number" introduces or follows, and codes that say by their prefix what they are.

Most things people have a number for are theirs: a customer's, a case's, a meter's. What is known not to be (articles,
parts, serials, models, registers, norms, rooms, flights), and what other recognizers read (telephones, accounts, tax),
is listed by its noun in seven languages.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import CUSTOMER_NO, Finding
from recognizers.generic.context import any_of, measured
from recognizers.generic.customer_no import OTHER, VALUE
from recognizers.generic.reading import DIGIT, at_numbers, occurrences_before_digits
from recognizers.scores import CONTEXT_SCORE, PATTERN_SCORE

_WHOLE: Final = any_of(
    """
    art part parts teil teile lot los batch build ean pzn sku item items prod cod cap zip plz post un cas pos lfd
    nie vin fin pin guid uuid company dni bsn bic iban vat ust din iso norm wkn isin piva kvk btw nip vol bus gleis
    cell fax tel gsm ral start big co sra fca zug chip idx
    large high total an issue pull bug pid process frame line room page task port
    color colour kart card cards
    """
)
_STEMS: Final = any_of(  # an underscore stands for a blank
    """
    art[ií][ck] artik ersatzteil bauteil serie serial série seria seryjn gerät device modell? modèl modelo typen charge
    version release gtin isbn issn produkt product produit producto prodotto material katalog catalog register hrb hra
    zolltarif tariff waren haus[ns_-] house huisn zimmer suite seite zeile kapitel chapter flug flight vlucht volo_
    vuelo zugn train treno linie ligne telef fon phone foon handy mobil móvil movil portable komór ruf durchwahl
    hotline whats konto account compte_ cuenta rekening blz swift steuer tax_ regon partita siret siren ausweis passn
    passport dowod dowód paszport ssn social national_ins versicherten sécurité seguridad pesel fehler error check
    prüf imei rahmen fahrgestell chassis patent farb rücken trikot gläubiger creditor random magic prime zufall
    inventar kredit carte_ tarjeta karty hash commit thread block magazin heft ausgabe edition absatz punkt frage
    aufgabe question figure abbild tabelle kenn registr plate kfz auto[ns] vehicle targa immat kontroll ordnungs atom
    große größte gesamt rabatt gutschein coupon voucher promo discount bestuurs postcode codice_fiscale laufend
    position ident tatbestand protok cadre department abteilung dép[ae]rt
    """
).replace("_", "[ ]")
_NOT_PERSONAL: Final = rf"(?:{_WHOLE}(?![^\W\d_])|{_STEMS})"
_WORDS: Final = ("nummer", "nr", "number", "no.", "no:", "num", "núm", "numéro", "numero", "número", "n°", "nº")
_WORD = re.compile(
    r"(?:nummern?|nr|numbers?|no(?=[.:])|n[uú]m(?:[eé]ro|er)?|n[°º])(?![^\W_])\.?", re.IGNORECASE
)
_NOUN_BEFORE = re.compile(rf"(?<![^\W\d_]){_NOT_PERSONAL}[\w.äöüß-]{{0,24}}[ ._-]{{0,2}}\Z", re.IGNORECASE)
_REGISTERED = re.compile(r"(?i)\bregistered\b[^\n.]{0,24}\Z")
_INNER_NOUN = re.compile(
    r"(?:artikel|teile?|serien|typen|modell|chargen|los|versions|haus|zimmer|raum|seiten|zeilen|telefon|handy|mobil|fax|"
    r"ruf|konto|steuer|ausweis|pass|fehler|register|tarif|waren|material|produkt|karten|fahrgestell|rahmen|leitzahl|"
    r"flug|zug|linien|start|ordnungs|identifikations|versicherungs|versicherten|kenn|ident)[s_. -]{0,2}\Z",
    re.IGNORECASE,
)
_NOUN_BEHIND = re.compile(
    rf"[ ](?:(?:de|du|des|di|del|della|dell|van|of|der|d)['’ ][ ]?(?:la[ ]|l['’]|the[ ])?)?{_NOT_PERSONAL}",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:[ ](?:(?:de|du|di|del|della|van|der|des|vom|of)[ ])?[^\W\d_]{3,20}(?=[ .:=]))?"
    r"[\"'`*_)]{0,3}[ ]?[.:=#]{0,2}[ ]{0,2}(?:(?:ist|lautet|war|is|was|est|es|è|to|jest)[ :]{1,2}"
    r"(?:(?:die|der|das|the|la|le|el|il|de)[ ])?)?[\"'`*_(#]{0,3}",
    re.IGNORECASE,
)
_NO_COMPOUND = re.compile(r"no[.:]", re.IGNORECASE)  # ends other words: `Otrzymano: 18`
_A_NOUN = re.compile(r"(?:[^\W\d_]{3}[ .-]{0,2}|(?<![^\W\d_])[A-Z][A-Za-z][.-]{1,2})\Z")
_A_WORD = re.compile(r"[^\W\d_]{3}")
_NOT_LABEL = re.compile(_NOT_PERSONAL, re.IGNORECASE)
_LABEL_BEHIND = re.compile(
    r"[ ]?(?:[–=-][ ]?|[ ](?:ist|wäre|lautet|is|was|est|es|è|jest|war|soll(?:te)?|müsste|"
    r"dürfte|should[ ]be|would[ ]be|sería|serait|sarebbe|zou)[ ](?:(?:auch|doch|also|ja|too)[ ])?|"
    r"[ ](?=(?:meine?|unsere?|my|our|als|as)[ ]))"
    r"(?:(?:als|as|die|meine?|deine?|ihre?|unsere?|the|my|our|your|mon|ma|le|la|mi|il|mio|mia|mijn|moj|mój|nasz|de|het|el|notre|"
    r"seine?)[ ]){0,2}(?P<label>[^\W\d_][^\W\d_ -]{0,24}[ -]?(?:nummer|nr|number|no|id|referen\w{1,3}|nº|kennung)\b|"
    r"(?:n[°º]|num[eé]ro|número|numer|nr|codice|código)[ ](?:(?:de|di|du|d['’])[ ]?)?[^\W\d_]{3,20})"
    r"(?![ .:#]{0,3}[A-Za-z]{0,3}[-/]?[0-9])",
    re.IGNORECASE,
)
_VALUE_BEFORE = re.compile(r"[0-9][A-Za-z0-9/.-]{0,24}(?:[ ][0-9]{2,6}){0,4}(?=[ ,=–-])")
_HEAD = re.compile(r"(?<![\w.-])(?:[A-Z]{1,4}[-/ ]?|[a-z]{1,3}[-/])\Z")
_PREFIXED = re.compile(
    r"(?<![\w./-])(?:(?:INV|RG|RNR|RECH|KD|KDN|KDNR|ORD|ORDER|CUST|CLM|TKT|FV|FAC|FACT|FAT|BEST|RMA|AUF|ANG|MITGL|PAT)"
    r"[-/_#]?(?=[A-Z0-9/-]{0,12}[0-9]{4})|(?:RE|LS|AB|AN|VN|PO|SO|F|R|FA|CMD|KV|GS|TN)[-/](?:20[0-3][0-9][-/](?=[0-9]{2})|"
    r"(?=[0-9]{5}))|INV-(?=[0-9]{3})|"
    r"(?:INC|RITM|SCTASK)(?=[0-9]{6}))[A-Z0-9]+(?:[-/][A-Z0-9]+){0,4}"
    # parcels: UPU S10, and two carriers' own
    r"(?![\w-])|(?<![\w-])(?:[A-Z]{2}[ ]?(?:[0-9]{3}[ ]?){3}[A-Z]{2}|1Z[0-9A-Z]{16}|JJD[0-9 ]{14,22}[0-9])"
    r"(?![\w-])"
)
_ABBREVIATED = re.compile(r"(?<![\w.-])(?:R[EG]|LS|AB|AU|K[Dd])[ ]([0-9]{5,12}|20[0-3][0-9]/[0-9]{2,8})(?![\w.,/-])")


def names_other_number(before: str) -> bool:
    """Tell whether a text ends in a word whose number is no person's: of an article, a part, a flight."""
    return _NOUN_BEFORE.search(before) is not None


class NumberedRecognizer(TextRecognizer):
    """Finds numbers of customers, cases and the like by a word for "number" on either side, or by their prefix."""

    kinds = (CUSTOMER_NO,)
    needs = DIGIT

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every such number of ``text``, without its label."""
        for start, _ in occurrences_before_digits(text, _WORDS, reach=40):
            span = _behind(text, start)
            if span:
                yield Finding(*span, CUSTOMER_NO, CONTEXT_SCORE, self.name)
        for digits in at_numbers(text, _VALUE_BEFORE):
            span = _before(text, digits)
            if span:
                yield Finding(*span, CUSTOMER_NO, CONTEXT_SCORE, self.name)
        for code in _PREFIXED.finditer(text):
            yield Finding(*code.span(), CUSTOMER_NO, PATTERN_SCORE, self.name)
        for code in _ABBREVIATED.finditer(text):
            yield Finding(*code.span(1), CUSTOMER_NO, PATTERN_SCORE, self.name)


def _behind(text: str, start: int) -> tuple[int, int] | None:
    """Find the number behind the word that begins at ``start``; a word with no noun needs a longer one."""
    word = _WORD.match(text, start)
    window = text[max(0, start - 32) : start]
    if window[-1:].isalpha() and _NO_COMPOUND.match(text, start):
        return None
    if word is None or _NOUN_BEFORE.search(window) or _INNER_NOUN.search(window):
        return None
    if _REGISTERED.search(window):
        return None
    if _NOUN_BEHIND.match(text, word.end()):
        return None
    link = _LINK.match(text, word.end())
    value = VALUE.match(text, link.end()) if link else None
    if value is None:
        return None
    noun = _A_NOUN.search(window) or _A_WORD.search(text, word.end(), value.start())
    return value.span() if _is_number(text, value.span(), 4 if noun else 6) else None


def _before(text: str, digits: re.Match[str]) -> tuple[int, int] | None:
    """Find the number that its label follows: `4711-22 ist meine Kundennummer`."""
    end = digits.start() + len(digits.group().rstrip(" ,-.–"))
    label = _LABEL_BEHIND.match(text, end)
    if label is None or _NOT_LABEL.match(label["label"]) or _INNER_NOUN.search(label["label"].rpartition("n")[0]):
        return None
    head = _HEAD.search(text, max(0, digits.start() - 6), digits.start())
    span = (head.start() if head else digits.start(), end)
    return span if _is_number(text, span, 4) else None


def _is_number(text: str, span: tuple[int, int], digits: int) -> bool:
    value = text[slice(*span)]
    if OTHER.match(value) or measured(text, span[1]) or re.match(r"[.,:][0-9]|[@%]", text[span[1] : span[1] + 2]):
        return False
    return sum(c.isdigit() for c in value) >= digits
