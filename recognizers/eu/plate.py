"""Number plates of other countries, by a word for a plate or, in forms that few other things have, for a vehicle.

The French (`AB-123-CD`), the Belgian (`1-ABC-234`) and the current British form (`AB12 CDE`) count without any.
"""

import re
from collections.abc import Iterator

from recognizers.base import TextRecognizer
from recognizers.de.plate import DISTRICTS
from recognizers.finding import PLATE, Finding
from recognizers.generic.context import words
from recognizers.generic.reading import DIGIT, at_numbers, occurrences_before_digits
from recognizers.scores import CONTEXT_SCORE, PATTERN_SCORE

_FRENCH = re.compile(r"[A-HJ-NP-TV-Z]{2}-[0-9]{3}-[A-HJ-NP-TV-Z]{2}(?![\w-])")
_BELGIAN = re.compile(r"[12]-[A-Z]{3}-[0-9]{3}(?![\w-])")
_BRITISH = re.compile(
    r"[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[1-7][0-9])[ ][A-HJ-PR-Z]{3}(?![\w-])"  # the DVLA's form since 2001
)
_VEHICLE = words(
    """
    car van truck lorry vehicle suv pickup motorbike motorcycle trailer cab taxi parked driving wagen auto pkw lkw
    fahrzeug kombi transporter roller motorrad anhänger voiture véhicule camion moto fourgon coche vehículo bus
    furgón furgoneta camión remolque macchina veicolo furgone autobus bestelbus vrachtwagen busje motor samochód
    samochod pojazd ciężarów fiesta golf astra corsa passat octavi clio zoe megane kangoo berlingo peugeot renault
    citroën dacia duster sandero skod škod fabia ibiza tiguan touran volkswagen audi bmw mercedes opel toyota yaris
    hyundai mazda nissan volvo fiat ducato iveco sprinter vito tesla vectra captur panda ypsilon qashqai
    ford_focus seat_león seat_leon seat_ateca seat_arona zugmaschine mitsubishi subaru chevrolet mondeo vitara
    """
)
_WHOLE = frozenset({"car", "bus", "van", "cab", "zoe", "panda", "captur"})  # no card, no capture, no panda's plural
_DISTINCT = re.compile(
    r"(?:(?P<district>[A-ZÄÖÜ]{1,3})[ ][A-Z]{1,2}[ ][0-9]{2,4}|"
    r"[0-9]{4}[ -]?[B-DF-HJ-NP-TV-Z]{3}|[A-HJ-NPR-TV-Z]{2}[ ]?[0-9]{3}[ ]?[A-HJ-NPR-TV-Z]{2}|[0-9][A-Z]{3}[0-9]{3}|"
    r"[A-Z]{1,2}-[0-9]{2,3}-[A-Z]{1,3}|[0-9]{1,2}-[A-Z]{2,3}-[0-9]{1,2}|[A-Z]{3}[- ][0-9]{4}|"
    r"[A-Z]{2}[0-9]{2}[ ]?[A-Z]{3}|"
    r"(?:ZH|BE|LU|UR|SZ|OW|NW|GL|ZG|FR|SO|B[SL]|S[HG]|A[RIG]|GR|TG|TI|VD|VS|NE|GE|JU)[ ][0-9]{1,3}[ ][0-9]{3}|"
    r"[A-Z]{2}-[0-9]{3}-[A-Z]|"
    r"[A-HJ-NPR-TV-Y][0-9]{2,3}[ ](?!AMG|[CHT]DI|[AFR]WD|TSI|GT[DEI]|SUV|[LS]WB|DSG|LPG|CNG|[LP]KW|ABS|LED|USB|EUR|CHF)"
    r"[A-HJ-PR-TV-Z]{3}|"  # British until 2001
    r"[A-Z]{2,3}[ ](?=[A-Z]{0,2}[0-9])[0-9A-Z]{4,5})(?![\w-])"
)
_NO_PLATE = re.compile(
    r"(?:[0-9]{4}[ ]?(?:CHF|GBP|PLN|CZK|SMS|KWH|MHZ|GHZ|RPM|DPS|LTR|KGS|PCS|VPS|SQM|MPH|KMH)|"
    r"(?:VIN|ISO|DIN|USB|RAL|EUR|USD|CHF|SKU|PIN|NR|NO|RE|RB|IC|ICE|EC|TGV|HRB|HRA|PS|KW|OBD|ABS|TÜV|HU|"
    r"TSI|TDI|GTI|HDI|CDI|DDR|GH)[- ]|[A-Z]{2,3}[ ](?:19|20)[0-9]{2}\Z)"
)
_BEGINS = re.compile(r"(?<![\w./-])[A-Z0-9]")
_STEMS = words(
    """
    kennzeichen nummernschild plate registration reg_no reg. reg: reg_ kennz. number_plate immatriculation immatriculé
    plaque matrícula matricula targa kenteken rejestracyjn rejestracj kontrollschild autonummer
    """
)
_LINK = re.compile(
    r"\w{0,8}(?:[ ](?:number|no\.?|num|plate|mark|de|du|des|del|dell'auto|nr|numer|lautet|ist|is|est|es|è|to|jest|"
    r"was))?(?:[ ](?:number|voiture|coche|véhicule|auto))?[\"'`]{0,2}[ ]?[:=#,]?[ ]?[\"'`(]{0,2}"
)
_PLATE = re.compile(
    r"(?:[0-9][A-Z]{3}[0-9]{3}|[A-Z]{2}[0-9]{2}[ ]?[A-Z]{3}|"
    r"[A-Z]{2}[ ][0-9]{1,3}[ ][0-9]{3}|"
    r"[A-Z]{1,3}[ -]?[0-9]{1,6}[ -]?[A-Z]{0,3}|[0-9]{4}[ -]?[B-DF-HJ-NP-TV-Z]{3}|[0-9]{1,3}-[A-Z]{2,3}-[0-9]{1,2}|"
    r"[A-Z]{2}[0-9]{2}[ ]?[A-Z]{3}|[A-Z]{1,3}[ -][0-9A-Z]{4,6})(?![\w]|[-.][0-9])"
)


class PlateRecognizer(TextRecognizer):
    """Finds number plates of Austria, Switzerland, France, Italy, Spain, the Netherlands, Poland, and Great Britain."""

    kinds = (PLATE,)
    needs = DIGIT

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every plate of ``text``."""
        for form, back in ((_FRENCH, (3,)), (_BELGIAN, (0,)), (_BRITISH, (2,))):
            for plate in at_numbers(text, form, back):
                if not re.match(r"[\w-]", text[plate.start() - 1 : plate.start()]):
                    yield Finding(*plate.span(), PLATE, PATTERN_SCORE, self.name)
        for _, end in occurrences_before_digits(text, _STEMS):
            link = _LINK.match(text, end)
            told = _PLATE.match(text, link.end()) if link else None
            if told and any(c.isdigit() for c in told.group()) and len(told.group()) >= 5:
                yield Finding(*told.span(), PLATE, CONTEXT_SCORE, self.name)
        for start, end in occurrences_before_digits(text, _VEHICLE):
            span = _beside(text, start, end)
            if span:
                yield Finding(*span, PLATE, CONTEXT_SCORE, self.name)


def _beside(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Find a distinct form within a few words behind the word for a vehicle."""
    behind = text[end : end + 2]
    glued = text[start:end].lower() in _WHOLE and behind[:1].isalpha() and (behind[:1] != "s" or behind[1:].isalpha())
    if (text[start - 1 : start].isalpha() and start) or glued:
        return None
    for word in _BEGINS.finditer(re.split(r"[\n;!?]", text[end : end + 48])[0]):
        plate = _DISTINCT.match(text, end + word.start())
        if plate and any(c.isdigit() for c in plate.group()) and not _NO_PLATE.match(plate.group()):
            if plate["district"] and (plate["district"] not in DISTRICTS or text[start:end].isupper()):
                continue
            return plate.span()
    return None
