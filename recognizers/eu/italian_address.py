"""Italian addresses: `Via Roma 12/B, interno 4, 20121 Milano MI`."""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.eu.codes import five_digit_places, four_digit_places
from recognizers.eu.street_first import StreetFirstRecognizer
from recognizers.generic.context import words
from recognizers.generic.postal import Part

_WAYS: Final = words(
    """
    via viale piazza corso largo vicolo strada lungotevere lungarno piazzale contrada località salita borgo
    traversa fondamenta
    """
)

_AT_HOME = re.compile(
    r"(?:\b(?:in|di|da|alla|la|della|abito|abita|residente|indirizzo:?|sede|a)[ ]|[:(][ ]?)\Z", re.IGNORECASE
)


class ItalianAddressRecognizer(StreetFirstRecognizer):
    """Finds Italian addresses."""

    ways = (
        *(f"{way} " for way in _WAYS),
        "v.le ", "p.zza ", "p.za ", "c.so ", "p.le ", "l.go ",
    )  # fmt: skip
    ordinary = frozenset(words("via corso largo strada contrada località salita borgo traversa"))
    units = re.compile(
        r"(?:(?:,[ ]?|[ ]|[ ]?[-–][ ])(?:int(?:erno|\.)|scala|piano|pal(?:azzina|\.)|appartamento|app\.|"
        r"lotto)[ ]?[0-9A-Z]{1,4}(?!\w)){0,4}",
        re.IGNORECASE,
    )

    def _is_sure(self, text: str, start: int, end: int) -> bool:
        return super()._is_sure(text, start, end) or _AT_HOME.search(text[max(0, start - 16) : start]) is not None

    def places(self, text: str) -> Iterator[Part]:
        """Yield five digits and a town, the province's letters inside; four digits in Switzerland."""
        yield from five_digit_places(text)
        yield from four_digit_places(text)
