"""The Belgian national register number (loi du 8 août 1983): birthday, serial, check by modulus 97."""

import re

from stdnum.be import nn

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class BelgianNationalNumberRecognizer(IdentifierRecognizer):
    """Finds numbers such as `85.07.30-033.28`."""

    form = re.compile(r"[0-9]{2}[. ]?[01][0-9][. ]?[0-3][0-9][- ]?[0-9]{3}[. ]?[0-9]{2}")
    alone_form = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}[- ][0-9]{3}[. ][0-9]{2}")
    told = label(
        r"(?:rijksregisternummer|nationaal nummer|numéro (?:de registre )?national|registre national|"
        r"insz|niss)"
    )

    def valid(self, compact: str) -> bool:
        """Check birthday and modulus."""
        return bool(nn.is_valid(compact))
