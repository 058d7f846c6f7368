"""Keys of cloud services and tokens, those of documentation included."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.api_key import ApiKeyRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = ApiKeyRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "aws key AKIAIOSFODNN7EXAMPLE, github token ghp_EXAMPLENOTAREALGITHUBTOKEN0000000000",
            ["AKIAIOSFODNN7EXAMPLE", "ghp_EXAMPLENOTAREALGITHUBTOKEN0000000000"],
        ),
        ("slack xoxb-00000-00000-EXAMPLENOTAREALTOKEN", ["xoxb-00000-00000-EXAMPLENOTAREALTOKEN"]),
        ("Authorization: Bearer abcDEF123456789.x-y", ["abcDEF123456789.x-y"]),
        ("Basic dXNlcjpwYXNz", ["dXNlcjpwYXNz"]),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_1", ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_1"]),
        ("k=sk-ant-api03-AbCdEf1234567890AbCd", ["sk-ant-api03-AbCdEf1234567890AbCd"]),
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", ["sk_live_4eC39HqLyjWDarjtT1zdp7dc"]),
        ("AccountKey=abcdefghijklmnopqrstuvwxyz0123456789ABCD==;", ["abcdefghijklmnopqrstuvwxyz0123456789ABCD=="]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "bearer of bad news token",
        "Basic understanding of",
        "task-sk-abcdefghijklmnopqrstuvwxyz",
        "risk-management-and-more-things-x",
        "sk-learn-is-a-python-library",
        "AKIA",
        "eyJ",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
