"""The British unique taxpayer reference (UTR), ten digits; it needs its name."""

import re

from stdnum.gb import utr

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class TaxReferenceRecognizer(IdentifierRecognizer):
    """Finds taxpayer references after their name."""

    alone = False
    form = re.compile(r"[0-9]{5}[ ]?[0-9]{5}K?|[0-9]{3}[ ][0-9]{3}[ ][0-9]{4}")
    told = label(r"(?:utr|unique taxpayer(?: reference)?(?: number| no)?|tax(?:payer)? reference(?: number| no)?)")

    def valid(self, compact: str) -> bool:
        """Check the first digit, which is the check digit."""
        return bool(utr.is_valid(compact))
