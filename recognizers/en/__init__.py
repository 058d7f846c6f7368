"""Recognizers of what has a British, Irish or American form."""

from recognizers.base import TextRecognizer
from recognizers.en.address import EnglishAddressRecognizer
from recognizers.en.national_insurance import NationalInsuranceRecognizer
from recognizers.en.nhs_number import NhsNumberRecognizer
from recognizers.en.social_security import AmericanSocialSecurityRecognizer
from recognizers.en.tax_reference import TaxReferenceRecognizer


def recognizers() -> list[TextRecognizer]:
    """Return one of each, ready to use."""
    return [
        AmericanSocialSecurityRecognizer(),
        EnglishAddressRecognizer(),
        NationalInsuranceRecognizer(),
        NhsNumberRecognizer(),
        TaxReferenceRecognizer(),
    ]
