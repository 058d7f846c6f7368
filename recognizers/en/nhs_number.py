"""British health service numbers (NHS Data Dictionary): ten digits, the last by modulus 11."""

import re

from stdnum.gb import nhs

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class NhsNumberRecognizer(IdentifierRecognizer):
    """Finds health service numbers after their name, and grouped as 3, 3 and 4 with the right check digit."""

    form = re.compile(r"[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}|[0-9]{6}[ -]?[0-9]{4}")
    alone_form = re.compile(r"[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}")
    told = label(r"(?:nhs(?:[ -]?(?:number|no|num))?|health service number|chi(?: number)?)")

    def valid(self, compact: str) -> bool:
        """Check the last digit."""
        return bool(nhs.is_valid(compact))
