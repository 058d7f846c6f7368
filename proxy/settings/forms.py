"""How settings are written: addresses, durations, sizes, lists and tables, as one string or as a TOML value.

Every form takes what a person would type and says in plain words what is wrong with anything else. A message
never quotes the value of a secret, so the forms that may hold one quote nothing.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator

_SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)")
_BYTES = {"": 1, "b": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}
_SIZE = re.compile(r"(\d+)\s*(b|kib|mib|gib|)", re.IGNORECASE)
_KIND = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen: a host name or IP address and a port (0 lets the system choose one)."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can connect to it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def address(value: object) -> Address:
    """Read ``host:port``; an IPv6 host stands in brackets."""
    if isinstance(value, Address):
        return value
    host, colon, port = str(value).strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{str(value)!r} is not an address of the form host:port")
    return Address(host, int(port))


def seconds(value: object) -> float:
    """Read a duration: a number of seconds, or a number followed by ms, s, m, h or d."""
    found = _DURATION.fullmatch(str(value).strip())
    if isinstance(value, bool) or found is None:
        raise ValueError(f"{value!r} is not a duration such as 90, 90s, 15m, 12h or 30d")
    return float(found[1]) * _SECONDS[found[2]]


def size(value: object) -> int:
    """Read a number of bytes, which may be followed by KiB, MiB or GiB."""
    found = _SIZE.fullmatch(str(value).strip())
    if isinstance(value, bool) or found is None:
        raise ValueError(f"{value!r} is not a size such as 33554432 or 32MiB")
    return int(found[1]) * _BYTES[found[2].lower()]


def base_url(value: object) -> str:
    """Read the base URL of an API; it ends in ``/v1``, as the OpenAI and Anthropic clients write it."""
    text = server_url(value)
    if not text.endswith("/v1"):
        raise ValueError("it does not end in /v1")
    return text


def server_url(value: object) -> str:
    """Read the address of a server, which may have a path."""
    text = str(value).strip().rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it is not a URL that begins with http:// or https://")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("it must hold no user, password, query or fragment (the key has a setting of its own)")
    return text


def items(value: object) -> object:
    """Read a list written as ``a,b`` or as JSON; anything that is not a string passes as it is."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return _json(value)
    return [part.strip() for part in value.split(",") if part.strip()]


def table(value: object) -> object:
    """Read a table written as ``A=x,B=y`` or as JSON; anything that is not a string passes as it is."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("{"):
        return _json(value)
    pairs = [part.partition("=") for part in value.split(",") if part.strip()]
    if not all(equals and name.strip() and text.strip() for name, equals, text in pairs):
        raise ValueError("it is neither a JSON object nor of the form NAME=value,NAME=value")
    return {name.strip(): text.strip() for name, _, text in pairs}


def kind(value: object) -> str:
    """Read the name of a kind of personal data, such as EMAIL."""
    if not isinstance(value, str) or not _KIND.fullmatch(value):
        raise ValueError(f"{value!r} is not the name of a kind: capital letters, digits and _, such as CUSTOMER_NO")
    return value


def network(value: object) -> str:
    """Read an IP address or a network in CIDR form, and write it in CIDR form."""
    try:
        return str(ipaddress.ip_network(str(value).strip()))
    except ValueError:
        raise ValueError(f"{str(value)!r} is not an IP address or a network such as 10.0.0.0/8") from None


def header(value: object) -> str:
    """Read the name of an HTTP header; it is kept in lower case."""
    text = str(value).strip()
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", text):  # RFC 9110, section 5.1: a token
        raise ValueError(f"{text!r} is not the name of an HTTP header")
    return text.lower()


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError("it begins like JSON but is not valid JSON") from None


def written(value: object) -> str:
    """Write a setting's value the way a person would type it."""
    if isinstance(value, Mapping):
        return ",".join(f"{name}={written(item)}" for name, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(written(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    return "" if value is None else str(value)


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def written_seconds(value: float) -> str:
    """Write a duration in its largest whole unit: 2592000 seconds are ``30d``."""
    for unit in ("d", "h", "m"):
        if value and not value % _SECONDS[unit]:
            return f"{_number(value / _SECONDS[unit])}{unit}"
    return f"{_number(value)}s"


def written_size(value: int) -> str:
    """Write a number of bytes in its largest whole unit: 33554432 bytes are ``32MiB``."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if value and not value % unit:
            return f"{value // unit}{name}"
    return str(value)


@dataclass(frozen=True, slots=True)
class Written:
    """Marks an annotated type with the function that writes its values."""

    write: Callable[[Any], str]


Listen = Annotated[Address, BeforeValidator(address)]
Seconds = Annotated[float, BeforeValidator(seconds), Written(written_seconds)]
Size = Annotated[int, BeforeValidator(size), Written(written_size)]
BaseUrl = Annotated[str, BeforeValidator(base_url)]
ServerUrl = Annotated[str, BeforeValidator(server_url)]
Kind = Annotated[str, BeforeValidator(kind)]
Network = Annotated[str, BeforeValidator(network)]
Header = Annotated[str, BeforeValidator(header)]
Names = Annotated[tuple[str, ...], BeforeValidator(items)]
Kinds = Annotated[tuple[Kind, ...], BeforeValidator(items)]
Networks = Annotated[tuple[Network, ...], BeforeValidator(items)]
Headers = Annotated[tuple[Header, ...], BeforeValidator(items)]
Paths = Annotated[tuple[Path, ...], BeforeValidator(items)]
ByKind = Annotated[Mapping[Kind, str], BeforeValidator(table)]
PathsByKind = Annotated[Mapping[Kind, Path], BeforeValidator(table)]
UrlsByModel = Annotated[Mapping[str, BaseUrl], BeforeValidator(table)]
