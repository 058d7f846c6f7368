"""Private keys in PEM form."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.pem import PemRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = PemRecognizer()
BLOCK = "-----BEGIN RSA PRIVATE KEY-----\nTk9UQVJFQUxLRVkK\n-----END RSA PRIVATE KEY-----"
ON_ONE_LINE = "-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            f"x {BLOCK} y",
            [BLOCK],
        ),
        ("-----BEGIN PRIVATE KEY-----\nMIIEvQ\nabc== and then", ["-----BEGIN PRIVATE KEY-----\nMIIEvQ\nabc=="]),
        (
            f'k="{ON_ONE_LINE}\\n"',
            [ON_ONE_LINE],
        ),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


def test_two_blocks_in_a_row_are_two() -> None:
    text = f"{BLOCK}\n{BLOCK}"
    assert [text[f.start : f.end] for f in RECOGNIZER.find(text)] == [BLOCK, BLOCK]


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
        "----- BEGIN -----",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
