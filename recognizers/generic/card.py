"""Payment card numbers (ISO/IEC 7812-1): an issuer's prefix and length, and the Luhn check digit.

A wrong check digit counts where a label says "card" and the digits stand in groups of four. The last four digits alone
are nobody's number.
"""

import re
from collections.abc import Iterator

from stdnum import luhn

from recognizers.base import TextRecognizer
from recognizers.finding import CARD, Finding
from recognizers.generic.context import BLANK, DASH, label, labelled
from recognizers.generic.reading import DIGIT, at_numbers
from recognizers.scores import CHECKSUM_SCORE, CONTEXT_SCORE

_RUN = re.compile(rf"[0-9](?:[{BLANK}{DASH}.]?[0-9]){{12,18}}")
_BRAND = re.compile(
    r"4[0-9]{15}(?:[0-9]{3})?"  # Visa
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-5]|[68][0-9])[0-9]{11}"  # Diners Club
    r"|(?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{12,15}"  # Discover
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}"  # JCB
    r"|(?:62|81)[0-9]{14,17}"  # UnionPay
    r"|(?:5[0678]|6[0-9])[0-9]{14}(?:[0-9]{1,3})?"  # Maestro
)
_GROUPED = re.compile(
    rf"[0-9]{{4}}(?:[{BLANK}{DASH}.][0-9]{{4}}){{3}}|[0-9]{{4}}[{BLANK}{DASH}][0-9]{{6}}[{BLANK}{DASH}][0-9]{{5}}"
)
_LABEL = label(
    r"(?:\w{0,12}kart(?:e|ennummer|en-?nr|a|y)|visa|master ?card|amex|american express|maestro|\w{0,10}card|pan|cc|"
    r"carte(?: bancaire| bleue)?|tarjeta|carta(?: di credito)?|kaart(?:nummer)?|karta|numer karty)"
    r"(?:[\s_-]{0,2}(?:nr|nummer|no|number|num|numéro|número|numero))?"
)


class CardRecognizer(TextRecognizer):
    """Finds whole card numbers, compact, spaced or dashed."""

    kinds = (CARD,)
    needs = DIGIT

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every card number of ``text``."""
        for run in at_numbers(text, _RUN):
            start, end = run.span()
            if _stands_alone(text, start, end):
                score = _judge(text, start, run.group())
                if score:
                    yield Finding(start, end, CARD, score, self.name)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = re.search(r"(?:[0-9A-Za-z_][.,\-]?|[0-9] )\Z", text[max(0, start - 2) : start])
    return before is None and re.match(r"[ .,\-]?[0-9]|[A-Za-z_]|-[A-Za-z]", text[end : end + 2]) is None


def _judge(text: str, start: int, value: str) -> float | None:
    digits = re.sub(r"[^0-9]", "", value)
    if luhn.is_valid(digits) and _BRAND.fullmatch(digits) and len(set(digits)) > 1:
        return CHECKSUM_SCORE
    known = _GROUPED.fullmatch(value) is not None or len(digits) in {13, 15, 16}
    return CONTEXT_SCORE if known and labelled(text, start, _LABEL) else None
