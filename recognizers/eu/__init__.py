"""Recognizers of what has the form of a European country other than Germany and Great Britain."""

from recognizers.base import TextRecognizer
from recognizers.eu.austrian_social_security import AustrianSocialSecurityRecognizer
from recognizers.eu.belgian_national_number import BelgianNationalNumberRecognizer
from recognizers.eu.dutch_address import DutchAddressRecognizer
from recognizers.eu.dutch_citizen_number import DutchCitizenNumberRecognizer
from recognizers.eu.french_address import FrenchAddressRecognizer
from recognizers.eu.french_social_security import FrenchSocialSecurityRecognizer
from recognizers.eu.italian_address import ItalianAddressRecognizer
from recognizers.eu.italian_tax_code import ItalianTaxCodeRecognizer
from recognizers.eu.plate import PlateRecognizer
from recognizers.eu.polish_address import PolishAddressRecognizer
from recognizers.eu.polish_id import NipRecognizer, PeselRecognizer
from recognizers.eu.spanish_address import SpanishAddressRecognizer
from recognizers.eu.spanish_id import SpanishIdRecognizer
from recognizers.eu.swiss_social_security import SwissSocialSecurityRecognizer
from recognizers.eu.vat import VatIdRecognizer


def recognizers() -> list[TextRecognizer]:
    """Return one of each, ready to use."""
    return [
        AustrianSocialSecurityRecognizer(),
        BelgianNationalNumberRecognizer(),
        DutchAddressRecognizer(),
        DutchCitizenNumberRecognizer(),
        FrenchAddressRecognizer(),
        FrenchSocialSecurityRecognizer(),
        ItalianAddressRecognizer(),
        ItalianTaxCodeRecognizer(),
        NipRecognizer(),
        PeselRecognizer(),
        PlateRecognizer(),
        PolishAddressRecognizer(),
        SpanishAddressRecognizer(),
        SpanishIdRecognizer(),
        SwissSocialSecurityRecognizer(),
        VatIdRecognizer(),
    ]
