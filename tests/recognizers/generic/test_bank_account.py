"""National account numbers and bank codes."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.bank_account import BankAccountRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = BankAccountRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Konto 1234567, BLZ 100 100 10", ["1234567", "100 100 10"]),
        ("sort code 20-00-00, account number 55779911", ["20-00-00", "55779911"]),
        ("Kontonummer: 0532013000", ["0532013000"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "Konto am 12.03.2026 geschlossen",
        "Kontostand 1.250,00 EUR",
        "Konto gesperrt",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
