"""Spanish identity numbers: DNI of citizens, NIE of foreigners (RD 1553/2005), checked by a letter."""

import re

from stdnum.es import dni, nie

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class SpanishIdRecognizer(IdentifierRecognizer):
    """Finds `12345678Z`, `12.345.678-Z`, `X-1234567-L`."""

    form = re.compile(r"[0-9XYZ][-. ]?[0-9](?:\.?[0-9]){6}[- ]?[A-Za-z]")
    alone_form = re.compile(r"[^a-z]+")
    back = (2, 1, 0)
    told = label(r"(?:dni|nie|nif|d\.n\.i\.|documento(?: nacional)?(?: de identidad)?|identificación)")

    def valid(self, compact: str) -> bool:
        """Check the letter."""
        return bool(dni.is_valid(compact) or nie.is_valid(compact))
