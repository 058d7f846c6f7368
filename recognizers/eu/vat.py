"""Value added tax identification numbers of the European Union, Switzerland and Great Britain."""

import re

from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as british_vat

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class VatIdRecognizer(IdentifierRecognizer):
    """Finds VAT ids by their country and check digits."""

    form = re.compile(
        r"(?:DE[ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}|ATU[ ]?[0-9]{8}|"
        r"CHE[- ]?[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}(?:[ ]?(?:MWST|TVA|IVA))?|"
        r"FR[ ]?[0-9A-Z]{2}[ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}|IT[ ]?[0-9]{11}|ES[ ]?[A-Z0-9][0-9]{7}[A-Z0-9]|"
        r"NL[ ]?[0-9]{9}B[0-9]{2}|PL[ ]?[0-9]{10}|PL[ ]?[0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{2}|"
        r"GB[ ]?[0-9]{3}[ ]?[0-9]{4}[ ]?[0-9]{2}|BE[ ]?[01][0-9]{3}[ .]?[0-9]{3}[ .]?[0-9]{3}|LU[ ]?[0-9]{8}|"
        r"DK[ ]?[0-9]{8}|SE[ ]?[0-9]{12}|CZ[ ]?[0-9]{8,10}|IE[ ]?[0-9][0-9A-Z][0-9]{5}[A-Z]{1,2}|PT[ ]?[0-9]{9}|"
        r"FI[ ]?[0-9]{8}|HU[ ]?[0-9]{8}|SK[ ]?[0-9]{10}|SI[ ]?[0-9]{8}|HR[ ]?[0-9]{11}|RO[ ]?[0-9]{4,10}|"
        r"BG[ ]?[0-9]{9,10}|EL[ ]?[0-9]{9})"
    )
    back = (2, 3, 4, 5)
    told = label(
        r"(?:(?:ust|umsatzsteuer|mwst|uid|tva|btw|vat|iva|"
        r"mehrwertsteuer)\.?[ -]?(?:id(?:ent(?:ifikations)?)?)?[. -]{0,2}"
        r"(?:nr|nummer|number|no|intracommunautaire|reg(?:istration)? ?(?:no|number)?)?|partita iva|p\.?[ ]?iva|nif|"
        r"cif|nip)"
    )

    def valid(self, compact: str) -> bool:
        """Check with the rules of the country."""
        if compact.startswith("CH"):  # what says of itself that it is one may be mistyped
            return compact[-1].isalpha() or bool(swiss_vat.is_valid(compact + "MWST"))
        if compact.startswith("GB"):
            return bool(british_vat.is_valid(compact))
        return bool(eu_vat.is_valid(compact))
