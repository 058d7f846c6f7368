"""British national insurance numbers."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.en.national_insurance import NationalInsuranceRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = NationalInsuranceRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("AB 12 34 56 C", ["AB 12 34 56 C"]),
        ("QQ123456A", ["QQ123456A"]),
        ("ni number ab123456c", ["ab123456c"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "GB123456A",
        "ab123456c",
        "AB 12 34 56 X",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
