"""National account numbers and bank codes (Bankleitzahl, sort code, routing number) by the word before them."""

import re

from recognizers.finding import ID
from recognizers.generic.context import words
from recognizers.generic.labelled import LabelledRecognizer, Told
from recognizers.generic.reading import DIGIT


class BankAccountRecognizer(LabelledRecognizer):
    """Finds account numbers and bank codes that are no IBAN."""

    kinds = (ID,)
    needs = DIGIT
    stems = words(
        """
        kontonummer konto-nr kontonr konto_nr konto ktonr kto-nr kto.-nr kto. kto blz bankleitzahl bank_account
        account_number account_no acct sort_code routing_number aba_number clearing-nr numéro_de_compte
        número_de_cuenta numero_di_conto rekeningnummer numer_konta numer_rachunku nr_rachunku rachunek
        compte_bancaire cuenta_bancaria
        """
    )
    value = re.compile(r"[0-9](?:[ \u00a0./-]?[0-9]){4,27}(?![0-9A-Za-z]|[.,][0-9])")

    def accepts(self, text: str, told: Told) -> bool:
        """Want six to twenty-six digits that are no date."""
        value = text[told.start : told.end]
        if re.match(r"[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)?[0-9]{2}\Z|(?:19|20)[0-9]{2}-[0-9]{2}-", value):
            return re.match(r"(?:sort|bank ?code)", told.label, re.IGNORECASE) is not None
        return 6 <= sum(c.isdigit() for c in value) <= 26
