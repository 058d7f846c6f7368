"""Recognizers of what has the same form in every country."""

from recognizers.base import TextRecognizer
from recognizers.generic.api_key import ApiKeyRecognizer
from recognizers.generic.card import CardRecognizer
from recognizers.generic.email import EmailRecognizer
from recognizers.generic.iban import IbanRecognizer
from recognizers.generic.ip import IpRecognizer
from recognizers.generic.mac import MacRecognizer
from recognizers.generic.password import PasswordRecognizer
from recognizers.generic.pem import PemRecognizer
from recognizers.generic.phone import PhoneRecognizer


def recognizers() -> list[TextRecognizer]:
    """Return one of each, ready to use."""
    return [
        ApiKeyRecognizer(),
        CardRecognizer(),
        EmailRecognizer(),
        IbanRecognizer(),
        IpRecognizer(),
        MacRecognizer(),
        PasswordRecognizer(),
        PemRecognizer(),
        PhoneRecognizer(),
    ]
