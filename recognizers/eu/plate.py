"""Number plates of other European countries, by a word for it; the French form (`AB-123-CD`) also without one."""

import re
from collections.abc import Iterator

from recognizers.base import CONTEXT_SCORE, PATTERN_SCORE, TextRecognizer
from recognizers.finding import PLATE, Finding
from recognizers.generic.context import words
from recognizers.generic.reading import DIGIT, at_numbers, occurrences_before_digits

_FRENCH = re.compile(r"[A-HJ-NP-TV-Z]{2}-[0-9]{3}-[A-HJ-NP-TV-Z]{2}(?![\w-])")
_STEMS = words(
    """
    kennzeichen nummernschild plate registration reg_no reg. reg: immatriculation immatriculé plaque matrícula
    matricula targa kenteken rejestracyjn rejestracj kontrollschild autonummer
    """
)
_LINK = re.compile(
    r"\w{0,8}(?:[ ](?:number|no\.?|num|plate|mark|de|du|des|del|dell'auto|nr|numer|lautet|ist|is|est|es|è|to|jest|"
    r"was))?(?:[ ](?:number|voiture|coche|véhicule|auto))?[\"'`]{0,2}[ ]?[:=#]?[ ]?[\"'`(]{0,2}"
)
_PLATE = re.compile(
    r"(?:[A-Z]{1,3}[ -]?[0-9]{1,6}[ -]?[A-Z]{0,3}|[0-9]{4}[ -]?[B-DF-HJ-NP-TV-Z]{3}|[0-9]{1,3}-[A-Z]{2,3}-[0-9]{1,2}|"
    r"[A-Z]{2}[0-9]{2}[ ]?[A-Z]{3}|[A-Z]{1,3}[ -][0-9A-Z]{4,6})(?![\w]|[-.][0-9])"
)


class PlateRecognizer(TextRecognizer):
    """Finds number plates of Austria, Switzerland, France, Italy, Spain, the Netherlands, Poland, and Great Britain."""

    kinds = (PLATE,)
    needs = DIGIT

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every plate of ``text``."""
        for french in at_numbers(text, _FRENCH, (3,)):
            if not re.match(r"[\w-]", text[french.start() - 1 : french.start()]):
                yield Finding(*french.span(), PLATE, PATTERN_SCORE, self.name)
        for _, end in occurrences_before_digits(text, _STEMS):
            link = _LINK.match(text, end)
            plate = _PLATE.match(text, link.end()) if link else None
            if plate and any(c.isdigit() for c in plate.group()) and len(plate.group()) >= 5:
                yield Finding(*plate.span(), PLATE, CONTEXT_SCORE, self.name)
