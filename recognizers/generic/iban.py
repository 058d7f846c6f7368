"""International bank account numbers (ISO 13616), compact, grouped or dashed, in either case.

The country says how long a number is; the check digits (ISO 7064 MOD 97-10) decide, and where they are wrong a label
or the form of one of the countries around does.
"""

import re
from collections.abc import Iterator
from typing import Final

from stdnum import iban

from recognizers.base import TextRecognizer
from recognizers.finding import IBAN, Finding
from recognizers.generic.context import BLANK, DASH, label, labelled
from recognizers.generic.reading import DIGIT, at_numbers
from recognizers.scores import CHECKSUM_SCORE, CONTEXT_SCORE, PATTERN_SCORE

# Characters of a whole number by country, ISO 13616 registry.
_LENGTH: Final = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18,
    "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24,
    "XK": 20,
}  # fmt: skip
_DIGITS: Final = 10  # every country's numbers have more
_CHECK_DIGITS = re.compile(rf"[0-9]{{2}}(?:(?<=[A-Za-z]{{2}}..)|(?<=[A-Za-z]{{2}}[{BLANK}]..))")
_REST = re.compile(rf"(?:[{BLANK}{DASH}.]{{0,2}}\n?[0-9A-Za-z]){{8,30}}")
# How digits and letters follow each other in some countries, ISO 13616 registry; nothing else is so long and so made.
_FORM = re.compile(
    r"DE[0-9]{20}|AT[0-9]{18}|CH[0-9]{7}[0-9A-Z]{12}|LI[0-9]{7}[0-9A-Z]{12}|LU[0-9]{5}[0-9A-Z]{13}|BE[0-9]{14}|"
    r"NL[0-9]{2}[A-Z]{4}[0-9]{10}|FR[0-9]{12}[0-9A-Z]{11}[0-9]{2}|IT[0-9]{2}[A-Z][0-9]{10}[0-9A-Z]{12}|ES[0-9]{22}|"
    r"PL[0-9]{26}|GB[0-9]{2}[A-Z]{4}[0-9]{14}|IE[0-9]{2}[A-Z]{4}[0-9]{14}"
)
_LABEL = label(r"(?:iban|konto(?:nummer|verbindung)?|bankverbindung|account|compte|cuenta|conto|rekening|rachunek)")


class IbanRecognizer(TextRecognizer):
    """Finds account numbers by their check digits, or by a label or the country's form where those are mistyped."""

    kinds = (IBAN,)
    needs = DIGIT

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every account number of ``text``; a label stays outside its span."""
        done = 0
        for digits in at_numbers(text, _CHECK_DIGITS):
            start = digits.start() - (2 if text[digits.start() - 1].isalpha() else 3)
            if start < done or text[start - 1 : start].isalnum():
                continue
            end = _end(text, start)
            score = _judge(text, start, end) if end else None
            if end and score:
                done = end
                yield Finding(start, end, IBAN, score, self.name)


def _end(text: str, start: int) -> int | None:
    """Return where a number of its country's length ends, or the end of what there is after a label."""
    wanted = _LENGTH.get(text[start : start + 2].upper())
    rest = _REST.match(text, start + 2)
    if wanted is None or rest is None:
        return None
    seen = 0
    for i in range(start, rest.end()):
        seen += text[i].isalnum()
        if seen == wanted:
            return None if text[i + 1 : i + 2].isalnum() else i + 1
    return rest.end() if seen >= 12 and re.search(r"[0-9]\Z", text[start : rest.end()]) else None


def _judge(text: str, start: int, end: int) -> float | None:
    compact = re.sub(r"[^0-9A-Za-z]", "", text[start:end]).upper()
    if sum(map(str.isdigit, compact)) < _DIGITS:
        return None
    if iban.is_valid(compact) or (len(compact) == _LENGTH[compact[:2]] and _mod97(compact) == 1):
        return CHECKSUM_SCORE
    if labelled(text, start, _LABEL):
        return CONTEXT_SCORE
    return PATTERN_SCORE if _FORM.fullmatch(compact) else None


def _mod97(compact: str) -> int:
    """Return the remainder of ISO 7064 MOD 97-10, for numbers whose national part the library refuses."""
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97
