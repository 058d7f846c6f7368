"""Pages that are about one person."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.profile_url import ProfileUrlRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = ProfileUrlRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "https://www.linkedin.com/in/max-muster-123/ und xing.com/profile/Max_Muster.",
            ["https://www.linkedin.com/in/max-muster-123/", "xing.com/profile/Max_Muster"],
        ),
        ("github.com/maxm und github.com/maxm/repo", ["github.com/maxm"]),
        ("https://x.com/max_m/status/123", ["https://x.com/max_m/status/123"]),
        ("(https://mastodon.social/@maxm)", ["https://mastodon.social/@maxm"]),
        ("https://uni-x.de/~mmuster/ hier", ["https://uni-x.de/~mmuster/"]),
        ("https://shop.de/profile/max.muster", ["https://shop.de/profile/max.muster"]),
        ("t.me/maxm, wa.me/491712345678", ["t.me/maxm", "wa.me/491712345678"]),
        ("https://www.facebook.com/profile.php?id=1000123", ["https://www.facebook.com/profile.php?id=1000123"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/features",
        "https://example.com/login?x=1",
        "https://docs.python.org/3/library/re.html",
        "https://api.example.com/users/{id}",
        "und/oder",
        "linkedin.com/company/beispiel",
        "http://fb.me/FZVzm8H9",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
