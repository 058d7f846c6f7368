"""Account numbers by ISO 13616."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.iban import IbanRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = IbanRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("IBAN DE89 3704 0044 0532 0130 00 Bank", ["DE89 3704 0044 0532 0130 00"]),
        ("DE89370400440532013000.", ["DE89370400440532013000"]),
        ("de89 3704 0044 0532 0130 00", ["de89 3704 0044 0532 0130 00"]),
        ("DE89-3704-0044-0532-0130-00", ["DE89-3704-0044-0532-0130-00"]),
        ("DE89 3704 0044 0532 0130 01", ["DE89 3704 0044 0532 0130 01"]),
        ("GB82WEST12345698765432 NL91 ABNA 0417 1643 00", ["GB82WEST12345698765432", "NL91 ABNA 0417 1643 00"]),
        ("FR14 2004 1010 0505 0001 3M02 606 in", ["FR14 2004 1010 0505 0001 3M02 606"]),
        ("IBAN: FR14 2004 1010 0505 0001 3M02 607", ["FR14 2004 1010 0505 0001 3M02 607"]),
        ("IBAN DE12 3456 7890 12", ["DE12 3456 7890 12"]),
        ("CH93 0076 2011 6238 5295 7", ["CH93 0076 2011 6238 5295 7"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "am 12 34 und so weiter",
        "Gläubiger-ID DE98ZZZ09999999999",
        "USt DE136695976",
        "Modell AB12 3456",
        "IBAN auf Anfrage",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []


@pytest.mark.parametrize(
    "mistyped",
    [
        "de21 8605 5592 1090 4471 23", "FR58 1470 7000 3130 2199 4418 523", "IT 28 W 08901 11100 000000778841",
        "ES12 3456 7890 1234 5678 9012", "PL83 1240 6292 1111 0010 6654 2217", "NL12 ABNA 0417 1643 01",
    ],
)  # fmt: skip
def test_a_mistyped_one_is_known_by_its_form(found: Found, mistyped: str) -> None:
    assert found(RECOGNIZER, f"bitte auf {mistyped}, danke") == [mistyped]
