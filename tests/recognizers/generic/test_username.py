"""Names of accounts."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.username import UsernameRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = UsernameRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Benutzername: mmueller", ["mmueller"]),
        ("user: max.m42 und login=anna_k", ["max.m42", "anna_k"]),
        ('"username": "mmueller",', ["mmueller"]),
        ("@maxm kannst du das prüfen? cc @anna.k", ["maxm", "anna.k"]),
        ("/home" + "/mmueller/projekt und C:\\Users\\anna.k\\Desktop", ["mmueller", "anna.k"]),
        ("Accepted password for mmueller7 from 10.1.2.3", ["mmueller7"]),
        ("mein Instagram ist max.muster_88", ["max.muster_88"]),
        ("Login: mmueller", ["mmueller"]),
        ("Discord: max#1234", ["max#1234"]),
        ("Benutzername im Portal: l_horn77", ["l_horn77"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "user: Please help me with this",
        "User: Hallo",
        "username: str = None",
        "user = get_user()",
        "user = request.user",
        "@Override",
        '@app.route("/x")',
        "@dataclass",
        "npm i @angular/core @types/node",
        "@media (max-width: 3px)",
        "invalid user admin from",
        "der Login ist fehlgeschlagen",
        "Account: 12345",
        "@all @channel",
        "Telegram ist super",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
