"""Spanish addresses: `Calle Mayor 5, 3º B, 28013 Madrid`."""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.eu.codes import five_digit_places
from recognizers.eu.street_first import StreetFirstRecognizer
from recognizers.generic.context import words
from recognizers.generic.postal import Part

_WAYS: Final = words(
    """
    calle avenida plaza paseo ronda camino carretera travesía gran_vía rambla carrer avinguda passeig plaça
    glorieta urbanización polígono callejón cuesta costanilla alameda
    """
)


class SpanishAddressRecognizer(StreetFirstRecognizer):
    """Finds Spanish addresses."""

    ways = (
        *(f"{way} " for way in _WAYS),
        "c/", "av. ", "avda. ", "avda ", "pza. ", "pl. ", "p.º ", "ctra. ",
    )  # fmt: skip
    ordinary = frozenset(words("ronda camino carretera rambla cuesta alameda polígono"))
    units = re.compile(
        r"(?:(?:,[ ]?|[ ]|[ ]?[-–][ ])(?:[0-9]{1,2}[.]?[ºª°o](?:[ ]?(?:[A-Z](?!\w)|izq(?:da|uierda)?\.?|dcha?\.?|"
        r"derecha|centro|planta|piso))?|(?:piso|puerta|planta|esc(?:alera|\.)|portal|bloque|"
        r"bajo(?:[ ](?:izq\w*|dcha?)\.?)?|ático|entresuelo|principal|"
        r"local)[ ]?[0-9]{0,3}[ºª]?[ ]?(?:[A-Z](?!\w))?)){0,4}",
        re.IGNORECASE,
    )

    def places(self, text: str) -> Iterator[Part]:
        """Yield five digits and a town, the province in brackets inside."""
        return five_digit_places(text)
