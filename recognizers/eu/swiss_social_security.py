"""The Swiss social security number (AHV, AVS; Art. 50c AHVG): 756 and ten digits, the last by EAN-13."""

import re

from stdnum.ch import ssn

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class SwissSocialSecurityRecognizer(IdentifierRecognizer):
    """Finds numbers such as `756.9217.0769.85`."""

    form = re.compile(r"756[. \u00a0]?[0-9]{4}[. \u00a0]?[0-9]{4}[. \u00a0]?[0-9]{2}")
    told = label(r"(?:ahv|avs|ahvn13|sozialversicherungs)(?:[ -]?(?:nr|nummer|n°|numéro|no))?")

    def valid(self, compact: str) -> bool:
        """Check the last digit."""
        return bool(ssn.is_valid(compact))
