"""Internet addresses of clients."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.ip import IpRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = IpRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("client 192.168.1.17:8080", ["192.168.1.17"]),
        ("203.0.113.9, 10.1.2.33", ["203.0.113.9", "10.1.2.33"]),
        (
            "2001:db8::8a2e:370:7334 und fe80::1ff:fe23:4567:890a%eth0",
            ["2001:db8::8a2e:370:7334", "fe80::1ff:fe23:4567:890a"],
        ),
        ("http://[2001:db8::1]:8080/", ["2001:db8::1"]),
        ("IP: 8.8.8.8", ["8.8.8.8"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1 und ::1 und 0.0.0.0",
        "255.255.255.0",
        "10.0.0.0/8",
        "Version 10.0.19.41",
        "chrome/120.0.6099.71",
        "v1.2.30.4",
        "§ 1.2.3.4",
        "Abschnitt 1.2.13.4",
        "12:30:45",
        "std::vector",
        "300.1.2.3",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
