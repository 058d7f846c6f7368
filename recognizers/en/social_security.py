"""United States social security numbers and the taxpayer numbers of the same form (ITIN, 9xx).

The 9xx range was never given out and stands in examples and tests; nobody can tell by looking, so it counts.
"""

import re

from recognizers.generic.context import label
from recognizers.generic.identifier import FormRecognizer


class AmericanSocialSecurityRecognizer(FormRecognizer):
    """Finds `123-45-6789` anywhere, and nine digits in other groupings after their name."""

    form = re.compile(r"[0-9]{3}[-\u2010-\u2013. ]?[0-9]{2}[-\u2010-\u2013. ]?[0-9]{4}")
    alone_form = re.compile(r"[0-9]{3}([-\u2010-\u2013])[0-9]{2}\1[0-9]{4}")
    told = label(
        r"(?:ssn|itin|social[ _-]security(?:[ _-](?:number|no|num|#))?|social|"
        r"tax(?:payer)?[ _-]id(?:entification)?(?:[ _-](?:number|no))?|"
        r"tin|ss#)"
    )

    def valid(self, compact: str) -> bool:
        """Accept any digits but zeros where a number cannot have them."""
        return compact[:3] != "000" and compact[3:5] != "00" and compact[5:] != "0000"
