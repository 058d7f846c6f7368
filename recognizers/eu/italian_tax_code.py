"""The Italian codice fiscale (DM 23/12/1976): letters of the name, birthday, place, check letter."""

import re

from stdnum.it import codicefiscale

from recognizers.generic.context import label
from recognizers.generic.identifier import FormRecognizer


class ItalianTaxCodeRecognizer(FormRecognizer):
    """Finds tax codes; their form is unmistakable, so a mistyped check letter counts too."""

    form = re.compile(
        r"[A-Za-z]{3}[ ]?[A-Za-z]{3}[ ]?[0-9LMNP-V]{2}[A-EHLMPRSTa-ehlmprst][0-9LMNP-V]{2}[ "
        r"]?[A-Za-z][0-9LMNP-V]{3}[A-Za-z]"
    )
    alone_form = re.compile(r"[^a-z]+")
    back = (6, 7, 8)
    told = label(r"(?:codice fiscale|c\.?f\.?|cod\. ?fisc\.?)")

    def valid(self, compact: str) -> bool:
        """Accept what has digits where they belong, whatever the check letter says."""
        return bool(codicefiscale.is_valid(compact)) or compact[6:8].isdigit()
