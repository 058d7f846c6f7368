"""The Polish PESEL number (birthday, serial, check digit), and the tax number NIP after its name."""

import re

from stdnum.pl import nip, pesel

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class PeselRecognizer(IdentifierRecognizer):
    """Finds PESEL numbers after their name; one in fifty numbers of eleven digits looks like one."""

    alone = False
    form = re.compile(r"[0-9]{11}")
    told = label(r"(?:pesel|numer pesel|nr pesel)")

    def valid(self, compact: str) -> bool:
        """Check birthday and weighted sum."""
        return bool(pesel.is_valid(compact))


class NipRecognizer(IdentifierRecognizer):
    """Finds NIP numbers after their name."""

    alone = False
    form = re.compile(r"[0-9]{3}[- ]?[0-9]{2,3}[- ]?[0-9]{2,3}[- ]?[0-9]{2}")
    told = label(r"(?:nip|numer nip|nr nip)")

    def valid(self, compact: str) -> bool:
        """Check the weighted sum."""
        return bool(nip.is_valid(compact))
