"""Recognizers of what has the same form in every country."""

from recognizers.base import TextRecognizer
from recognizers.generic.access_code import AccessCodeRecognizer
from recognizers.generic.api_key import ApiKeyRecognizer
from recognizers.generic.bank_account import BankAccountRecognizer
from recognizers.generic.birth_date import BirthDateRecognizer
from recognizers.generic.card import CardRecognizer
from recognizers.generic.customer_no import CustomerNumberRecognizer
from recognizers.generic.dictated_address import DictatedAddressRecognizer
from recognizers.generic.dictated_email import DictatedEmailRecognizer
from recognizers.generic.dictated_number import DictatedNumberRecognizer
from recognizers.generic.email import EmailRecognizer
from recognizers.generic.iban import IbanRecognizer
from recognizers.generic.identity_document import IdentityDocumentRecognizer
from recognizers.generic.ip import IpRecognizer
from recognizers.generic.mac import MacRecognizer
from recognizers.generic.numbered import NumberedRecognizer
from recognizers.generic.password import PasswordRecognizer
from recognizers.generic.pem import PemRecognizer
from recognizers.generic.phone import PhoneRecognizer
from recognizers.generic.profile_url import ProfileUrlRecognizer
from recognizers.generic.spoken_date import SpokenDateRecognizer
from recognizers.generic.username import UsernameRecognizer


def recognizers() -> list[TextRecognizer]:
    """Return one of each, ready to use."""
    return [
        AccessCodeRecognizer(),
        ApiKeyRecognizer(),
        BankAccountRecognizer(),
        BirthDateRecognizer(),
        CardRecognizer(),
        CustomerNumberRecognizer(),
        DictatedEmailRecognizer(),
        DictatedNumberRecognizer(),
        DictatedAddressRecognizer(),
        EmailRecognizer(),
        IbanRecognizer(),
        IdentityDocumentRecognizer(),
        IpRecognizer(),
        MacRecognizer(),
        NumberedRecognizer(),
        PasswordRecognizer(),
        PemRecognizer(),
        PhoneRecognizer(),
        ProfileUrlRecognizer(),
        SpokenDateRecognizer(),
        UsernameRecognizer(),
    ]
