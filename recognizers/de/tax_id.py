"""The German tax identification number (§ 139b AO): eleven digits, the last one by ISO 7064 MOD 11,10."""

import re

from stdnum.de import idnr

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class GermanTaxIdRecognizer(IdentifierRecognizer):
    """Finds tax identification numbers, also in their groups of 2, 3, 3 and 3."""

    form = re.compile(r"[0-9]{2}[ \u00a0./-]?[0-9]{3}[ \u00a0./-]?[0-9]{3}[ \u00a0./-]?[0-9]{3}")
    told = label(
        r"(?:steuer-?(?:id|identifikationsnummer|identnummer|identnr)|steuerliche identifikationsnummer|id-?nr|idnr|"
        r"identifikationsnummer|tin|tax[ _-]?id(?:entification)?(?: number)?|steuer[ _]id(?:-?nr|-nummer)?)"
        r"(?:[ .-]{0,2}(?:nr|nummer|number|no))?"
    )

    def valid(self, compact: str) -> bool:
        """Check the digits and how often they may repeat."""
        return bool(idnr.is_valid(compact))
