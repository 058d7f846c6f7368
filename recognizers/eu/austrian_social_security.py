"""The Austrian social insurance number (§ 460d ASVG): serial, check digit, birthday."""

import re

from stdnum.at import vnr

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class AustrianSocialSecurityRecognizer(IdentifierRecognizer):
    """Finds numbers such as `1237 010180`."""

    form = re.compile(r"[1-9][0-9]{3}[ \u00a0/-]?[0-3][0-9][ .]?[01][0-9][ .]?[0-9]{2}")
    alone_form = re.compile(r"[0-9]{4}[ \u00a0/-][0-9]{6}")
    told = label(
        r"(?:sv-?(?:nummer|nr)|svnr|sozialversicherungs-?(?:nummer|nr)|versicherungs-?(?:nummer|nr)|vsnr|"
        r"e-card(?:-nummer)?)\.?"
    )

    def valid(self, compact: str) -> bool:
        """Check the weighted sum and that the rest is a day of a year."""
        day, month = int(compact[4:6]), int(compact[6:8])
        return 1 <= day <= 31 and 1 <= month <= 15 and bool(vnr.is_valid(compact))
