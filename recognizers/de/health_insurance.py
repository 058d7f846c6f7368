"""The number of a member of a German statutory health insurance (§ 290 SGB V): a letter and nine digits."""

import re

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class GermanHealthInsuranceRecognizer(IdentifierRecognizer):
    """Finds insurance numbers after their name; a letter and nine digits alone may be anything."""

    alone = False
    back = (1, 2)
    form = re.compile(r"[A-Z][ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}")
    told = label(
        r"(?:(?:kranken)?versicherten-?(?:nummer|nr)|krankenversicherungs-?(?:nummer|nr)|krankenversichertennummer|"
        r"krankenkassen-?(?:nummer|nr)|kv-?(?:nummer|nr)|kvnr|egk(?:-nummer)?|gesundheitskarte|"
        r"versicherungs-?(?:nummer|nr)|krankenkasse|kk-nr|vers\.?[ -]?(?:nummer|nr))\.?"
    )

    def valid(self, compact: str) -> bool:
        """Check the last digit: digit sums of alternately weighted digits, the letter as two digits."""
        digits = f"{ord(compact[0]) - ord('A') + 1:02d}{compact[1:9]}"
        products = (int(digit) * (1 + i % 2) for i, digit in enumerate(digits))
        return sum(product // 10 + product % 10 for product in products) % 10 == int(compact[9])
