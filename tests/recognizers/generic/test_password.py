"""Passwords where they are written down."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.password import PasswordRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = PasswordRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("postgres://app:S3cr%21t@db.example.org:5432/x", ["S3cr%21t"]),
        ("password=hunter2", ["hunter2"]),
        ('"pwd": "Sommer2024!"', ["Sommer2024!"]),
        ("Passwort: sommerwind\n", ["sommerwind"]),
        ("mein Passwort ist Sommer2024!", ["Sommer2024!"]),
        ('api_key = "abc123def"', ["abc123def"]),
        ("PIN: 4821", ["4821"]),
        ("PIN 4711", ["4711"]),
        ("curl -u max:geheim99 https://x", ["geheim99"]),
        (
            "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
        ),
        ("Server=db;User Id=app;Password=Xy#9!k;", ["Xy#9!k"]),
        ("das WLAN-Kennwort lautet: blaue-Katze-77", ["blaue-Katze-77"]),
        ("hasło: Kotek123", ["Kotek123"]),
        ("mot de passe : Soleil42", ["Soleil42"]),
        ("mysql -u root -pGeheim77 db", ["Geheim77"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "Passwort: mindestens 8 Zeichen",
        "Das Passwort ist falsch.",
        "password: str = None",
        "password = get_password()",
        "password=password",
        "token: string",
        'secret = os.environ["X"]',
        "DB_PASSWORD=${DB_PASSWORD}",
        "Passwort vergessen? Hier",
        "Passwort: ********",
        "max_tokens: 4096",
        "tokens=500",
        '"token": 12',
        "const token = await getToken(x)",
        "https://user:$PASS@host/",
        "PIN eingeben",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
