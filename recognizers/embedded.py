"""Texts inside a text: runs of base64 or hexadecimal digits that decode to something a person could read.

A piece is decoded only if its beginning already reads as text, so images and keys cost a few bytes each. What is found
in a piece hides the whole run, since no part of an encoding can be replaced by itself.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

# RFC 4648 base64 and its URL-safe form, MIME lines of up to 76 characters (RFC 2045) taken together, and hexadecimal.
_RUN: Final = re.compile(
    r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{16,}+(?:\r?\n[A-Za-z0-9+/]{4,76}+(?=[=\r\n]|\Z))*+={0,2}(?![A-Za-z0-9+/=_-])"
)
_TRIAL: Final = 24  # characters decoded to see whether the run is text
_LARGEST: Final = 1 << 20  # characters of one run that are decoded
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+")
_UNREADABLE: Final = re.compile("[^\\w\\s!-~\u00a0-\u00ff\u2010-\u2044\u20ac]")


class Piece(NamedTuple):
    """The run at ``start:end`` decodes to ``text``."""

    start: int
    end: int
    text: str


def pieces(text: str) -> Iterator[Piece]:
    """Yield the encoded texts inside ``text``."""
    for match in _RUN.finditer(text):
        run = match[0]
        if run.isalpha() and (run.islower() or run[1:].islower()):
            continue  # a long word
        decoded = _from_hex(run) if _HEX.fullmatch(run) else _from_base64(run)
        if decoded:
            yield Piece(match.start(), match.end(), decoded)


def _from_base64(run: str) -> str | None:
    digits = run[:_LARGEST].translate(_STANDARD)
    if _readable(digits[:_TRIAL]) is None:
        return None
    return _readable(digits.rstrip("="))


def _readable(digits: str) -> str | None:
    """Decode base64 ``digits`` (without padding) if they hold plain text."""
    whole = digits[: len(digits) // 4 * 4 if len(digits) % 4 == 1 else len(digits)]
    try:
        return _plausible(base64.b64decode(whole + "=" * (-len(whole) % 4)))
    except (binascii.Error, ValueError):
        return None


def _from_hex(run: str) -> str | None:
    return _plausible(bytes.fromhex(run[:_LARGEST]))


def _plausible(octets: bytes) -> str | None:
    """Decode UTF-8 (a character may be cut at the end) if it reads as text: printable, with letters or an address."""
    try:
        text = octets.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.start < len(octets) - 3:
            return None
        text = octets[: error.start].decode("utf-8")
    return None if _UNREADABLE.search(text) or not text else text


_STANDARD: Final = str.maketrans("-_", "+/", "\r\n")
