"""British national insurance numbers (HMRC NIM39110): two letters, six digits, a letter A to D."""

import re

from recognizers.generic.context import label
from recognizers.generic.identifier import FormRecognizer


class NationalInsuranceRecognizer(FormRecognizer):
    """Finds numbers such as `AB 12 34 56 C`; the `QQ` of examples counts."""

    form = re.compile(r"[A-Za-z]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[A-Da-d]")
    alone_form = re.compile(r"[^a-z]+")
    back = (2, 3)
    told = label(r"(?:nino|ni(?: number| no)?|national insurance(?: number| no)?)")

    def valid(self, compact: str) -> bool:
        """Check the letters that may stand in front."""
        prefix = compact[:2]
        if prefix in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}:
            return False
        return prefix == "QQ" or (prefix[0] not in "DFIQUV" and prefix[1] not in "DFIOQUV")
