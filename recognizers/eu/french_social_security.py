"""The French number of inscription (NIR, INSEE): sex, year, month, place, order, and a key by modulus 97."""

import re

from stdnum.fr import nir

from recognizers.generic.context import label
from recognizers.generic.identifier import IdentifierRecognizer


class FrenchSocialSecurityRecognizer(IdentifierRecognizer):
    """Finds social security numbers such as `2 85 05 78 006 084 36`, with and without the key."""

    form = re.compile(
        r"[1-478][ .]?[0-9]{2}[ .]?[0-9]{2}[ .]?[0-9][0-9AB][ .]?[0-9]{3}[ .]?[0-9]{3}(?:[ .]?[0-9]{2})?"
    )
    told = label(
        r"(?:nir|(?:n[°o]|numéro)?[ ]?(?:de )?sécurité sociale|n[°o][ ]?sécu|sécu(?:rité sociale)?|numéro de sécu|"
        r"insee|carte vitale|immatriculation)"
    )

    def valid(self, compact: str) -> bool:
        """Check the key; a number without one needs its name."""
        return len(compact) == 15 and bool(nir.is_valid(compact))
