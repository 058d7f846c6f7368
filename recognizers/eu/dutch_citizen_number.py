"""The Dutch citizen service number (BSN, Wabb art. 1): nine digits by the test of eleven. It needs its name."""

import re

from stdnum.nl import bsn

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class DutchCitizenNumberRecognizer(IdentifierRecognizer):
    """Finds citizen service numbers after their name."""

    alone = False
    form = re.compile(r"[0-9]{3,4}[. ]?[0-9]{2,3}[. ]?[0-9]{2,3}")
    told = label(r"(?:bsn(?:-?nummer)?|burgerservicenummer|sofi-?nummer|citizen service number)")

    def valid(self, compact: str) -> bool:
        """Check the weighted sum."""
        return bool(bsn.is_valid(compact))
