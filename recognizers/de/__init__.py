"""Recognizers of what has a German form."""

from recognizers.base import TextRecognizer
from recognizers.de.address import GermanAddressRecognizer
from recognizers.de.commercial_register import CommercialRegisterRecognizer
from recognizers.de.health_insurance import GermanHealthInsuranceRecognizer
from recognizers.de.plate import GermanPlateRecognizer
from recognizers.de.social_security import GermanSocialSecurityRecognizer
from recognizers.de.tax_id import GermanTaxIdRecognizer
from recognizers.de.tax_number import GermanTaxNumberRecognizer


def recognizers() -> list[TextRecognizer]:
    """Return one of each, ready to use."""
    return [
        GermanAddressRecognizer(),
        GermanHealthInsuranceRecognizer(),
        GermanPlateRecognizer(),
        GermanSocialSecurityRecognizer(),
        GermanTaxIdRecognizer(),
        GermanTaxNumberRecognizer(),
    ]


def optional_recognizers() -> list[TextRecognizer]:
    """Return those that an operator may switch on: numbers of companies rather than of people."""
    return [CommercialRegisterRecognizer()]
