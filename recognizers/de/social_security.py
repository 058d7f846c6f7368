"""The German pension insurance number (§ 147 SGB VI, VKVV): area, birthday, initial, serial, check digit."""

import re

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer

_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


class GermanSocialSecurityRecognizer(IdentifierRecognizer):
    """Finds pension insurance numbers such as `12 190367 K 006`."""

    form = re.compile(r"[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[A-Za-z][ ]?[0-9]{2}[ ]?[0-9]")
    alone_form = re.compile(r"[0-9 ]+[A-Z][0-9 ]+")
    told = label(
        r"(?:(?:deutsche )?renten(?:vers(?:icherungs?)?)?\.?-?(?:nummer|nr)|"
        r"sozialversicherungs(?:nummer|-?nr|ausweis)|rv-?(?:nummer|nr)|rvnr|sv-?(?:nummer|nr)|svnr|"
        r"versicherungs(?:nummer|-?nr)|vsnr)\.?"
    )

    def valid(self, compact: str) -> bool:
        """Check the sum of the digits of the weighted products, the letter read as its place in the alphabet."""
        digits = f"{compact[:8]}{ord(compact[8]) - ord('A') + 1:02d}{compact[9:11]}"
        products = (int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
        return sum(product // 10 + product % 10 for product in products) % 10 == int(compact[11])
