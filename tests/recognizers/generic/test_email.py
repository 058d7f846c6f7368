"""E-mail addresses, plain and disguised."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.email import EmailRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = EmailRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("max.mueller+news@example.com,", ["max.mueller+news@example.com"]),
        ("mailto:jörg@müller-gmbh.de?subject=x", ["jörg@müller-gmbh.de"]),
        ("<a.b@c.co.uk>", ["a.b@c.co.uk"]),
        ('"max m"@example.org', ['"max m"@example.org']),
        ("max [at] example [dot] com", ["max [at] example [dot] com"]),
        ("max.mueller(at)gmx.de", ["max.mueller(at)gmx.de"]),
        ("max punkt m (at) web punkt de", ["max punkt m (at) web punkt de"]),
        ("user=max@ex.org&b=1", ["max@ex.org"]),
        ("x @ example.com", ["x @ example.com"]),
        ("o'brien@ex.ie", ["o'brien@ex.ie"]),
        ("'max@ex.org'", ["max@ex.org"]),
        ("max@\nexample.org", ["max@\nexample.org"]),
        ("max@[192.168.0.1]", ["max@[192.168.0.1]"]),
        ("user@example.com user@test.invalid", ["user@example.com", "user@test.invalid"]),
        ("an a@xn--mller-kva.de.", ["a@xn--mller-kva.de"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "postgres://u:pw@db.example.org:5432/x",
        "git@github.com:org/repo",
        "logo@2x.png",
        "lodash@4.17.21",
        "foo(at)bar",
        "f(a) b.c",
        "vec<a> x.y",
        "@handle allein",
        "meet @ noon",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
