"""One piece of personal data in a text, as offsets only.

A finding never carries the text it was found in, so it may be logged, cached and sent between processes.
"""

from dataclasses import dataclass
from typing import Final

# The kinds the shipped recognizers use. An organisation's own recognizers may add any name of the form
# [A-Z][A-Z0-9_]*, because tokens are minted from the kind: PERSON becomes [PERSON_1].
PERSON: Final = "PERSON"
ADDRESS: Final = "ADDRESS"
EMAIL: Final = "EMAIL"
PHONE: Final = "PHONE"
IBAN: Final = "IBAN"
CARD: Final = "CARD"
IP: Final = "IP"
MAC: Final = "MAC"
DOB: Final = "DOB"
ID: Final = "ID"
CUSTOMER_NO: Final = "CUSTOMER_NO"
USERNAME: Final = "USERNAME"
URL_PROFILE: Final = "URL_PROFILE"
PLATE: Final = "PLATE"
SECRET: Final = "SECRET"  # noqa: S105 - the name of a kind, not a secret
LITERAL: Final = "LITERAL"  # text a user typed in the form of a token; it must come back as typed


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A span of a text that holds personal data.

    ``start`` and ``end`` count code points of the text, end exclusive. ``kind`` is one of the names above or an
    organisation's own, ``score`` lies in 0..1, ``recognizer`` names what found it.
    """

    start: int
    end: int
    kind: str
    score: float
    recognizer: str
