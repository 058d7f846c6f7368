"""Polish addresses: `ul. Długa 5/7, 00-950 Warszawa`."""

import re
from collections.abc import Iterator

from recognizers.eu.street_first import StreetFirstRecognizer
from recognizers.generic.context import words
from recognizers.generic.places import town_end
from recognizers.generic.postal import Part
from recognizers.generic.reading import at_numbers

_CODE = re.compile(r"[0-9]{2}-[0-9]{3}[ \u00a0]{1,3}(?=[^\W\d_])")
_TOWN = re.compile(
    r"[^\W\d_][\w-]{2,30}(?:[ ](?:Wielkopolski|Mazowiecki|Podlaska|Śląska|Górny|Góra|Trybunalski|Lubelski|Morska|"
    r"Wola))?"
)


class PolishAddressRecognizer(StreetFirstRecognizer):
    """Finds Polish addresses."""

    ways = tuple(
        f"{way} "
        for way in words("ul. ul ulica ulicy al. aleja alei aleje pl. plac placu os. osiedle osiedlu rondo skwer")
    )
    places_alone = True
    units = re.compile(
        r"(?:(?:,[ ]?|[ ])(?:m(?:ieszkania|\.)?|lok(?:al|\.)|klatka|piętro|bud(?:ynek|"
        r"\.))[ ]?[0-9A-Z]{1,4}(?!\w)){0,3}", re.IGNORECASE,
    )

    def places(self, text: str) -> Iterator[Part]:
        """Yield codes such as `00-950` with their town; a town nobody knows needs the line for itself."""
        for code in at_numbers(text, _CODE):
            if re.search(r"[\w.,/-]\Z", text[max(0, code.start() - 1) : code.start()]):
                continue
            known, town = town_end(text, code.end()), _TOWN.match(text, code.end())
            if town:
                end = max(known or 0, town.end())
                line = re.match(r"[ ]?(?:[,.\n)]|\Z)", text[end : end + 2]) is not None
                yield Part(code.start(), end, "place", text[code.end()].isupper() and (known is not None or line))
