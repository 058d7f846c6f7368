"""German tax numbers (Steuernummer) in the forms of the states and the uniform one of 13 digits."""

import re

from stdnum.de import stnr

from recognizers.generic.context import label
from recognizers.generic.identifier import FormRecognizer


class GermanTaxNumberRecognizer(FormRecognizer):
    """Finds tax numbers written with slashes, or after their name."""

    form = re.compile(r"[0-9]{2,5}(?:/[0-9]{3,4}/[0-9]{4,5}|[ /]?[0-9]{3,4}[ /]?[0-9]{4,5})")
    alone_form = re.compile(r"[0-9]{2,5}/[0-9]{3,4}/[0-9]{4,5}")
    told = label(
        r"(?:steuer-?(?:nummer|nr)|st\.?-?[ ]?(?:nr|nummer)|st-nr|stnr|steuer[ _]?nr|steuernr|umsatzsteuernummer|"
        r"tax[ _]number)\.?"
    )

    def valid(self, compact: str) -> bool:
        """Accept ten, eleven or thirteen digits; there is no check digit that all states share."""
        return bool(stnr.is_valid(compact))
