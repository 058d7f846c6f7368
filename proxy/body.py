"""JSON bodies, byte-faithful: what was not changed comes out as it came in, apart from white space and escapes.

Key order and the text of every number are kept, because prompt caches and signatures depend on them. Whatever two
parsers could read differently (duplicate keys, NaN, a byte order mark, trailing data) is refused. Errors carry a reason
and a position, never the text.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from json.encoder import encode_basestring
from typing import Final, Literal, NoReturn, TypeAlias

import msgspec

MAX_DEPTH: Final = 100
MAX_NODES: Final = 1_000_000
MAX_DIGITS: Final = 1000

Reason = Literal[
    "not_utf8", "byte_order_mark", "not_json", "trailing_data", "duplicate_key", "not_a_number", "number_too_large",
    "too_deep", "too_many_values",
]


class Number:
    """A number whose text an encoder would not write the same way: `1.10`, `1e5`, `-0`.

    It is no `float`, and no dataclass, on purpose: the encoder has a form for those, whereas it hands this back to us.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __float__(self) -> float:
        return float(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Number({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


JSON: TypeAlias = "bool | int | float | Number | str | list[JSON] | dict[str, JSON] | None"


class BodyError(ValueError):
    """A body that is not acceptable JSON.

    `reason` says why, `position` where, as far as known: in bytes for `not_utf8`, in characters else.
    """

    def __init__(self, reason: Reason, position: int = 0) -> None:
        super().__init__(f"{reason} at {position}")
        self.reason: Reason = reason
        self.position = position


def decode(data: bytes, *, max_depth: int = MAX_DEPTH, max_nodes: int = MAX_NODES) -> JSON:
    """Read one JSON document (RFC 8259); raises BodyError.

    `max_depth` counts nested arrays and objects, `max_nodes` values. Numbers keep their text (see Number).
    """
    text = _text(data)
    _check_size(text, max_nodes)
    reason, position = "not_json", 0  # raised outside the handlers: a parser's own exception holds the whole text
    try:
        value: JSON = _DECODER.decode(text)
    except BodyError as error:
        reason, position = error.reason, error.position
    except json.JSONDecodeError as error:
        reason, position = ("trailing_data" if error.msg == "Extra data" else "not_json"), error.pos
    except RecursionError:
        reason = "too_deep"
    else:
        if _deeper_than(value, max_depth):
            raise BodyError("too_deep")
        return value
    raise BodyError(reason, position)  # type: ignore[arg-type]


def encode(value: JSON) -> bytes:
    """Write compact JSON in UTF-8; nothing is escaped that JSON does not require, lone surrogates excepted."""
    with suppress(UnicodeEncodeError):
        return _ENCODER.encode(value)
    pieces: list[str] = []
    _write(value, pieces)
    return "".join(pieces).encode("utf-8", "backslashreplace")  # a lone surrogate is in a string, \ud800 is right


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        position = error.start
    else:
        if text.startswith("\ufeff"):
            raise BodyError("byte_order_mark")
        return text
    raise BodyError("not_utf8", position)


_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)  # to the end if unterminated: linear


def _check_size(text: str, max_nodes: int) -> None:
    """Refuse, before parsing, too many Python objects: every value but the first follows `,`, `[` or `{`."""
    if len(text) >= max_nodes and _openings(text) >= max_nodes and _openings(_STRING.sub("", text)) >= max_nodes:
        raise BodyError("too_many_values")


def _openings(text: str) -> int:
    return text.count(",") + text.count("[") + text.count("{")


def _deeper_than(value: JSON, depth: int) -> bool:
    level: list[dict[str, JSON] | list[JSON]] = [value] if isinstance(value, dict | list) else []
    for _ in range(depth):
        if not level:
            return False
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    return bool(level)


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BodyError("duplicate_key")
    return members


def _integer(text: str) -> int | Number:
    if text == "-0":
        return Number(text)
    if len(text) > MAX_DIGITS:
        raise BodyError("number_too_large")
    return int(text)


def _fraction(text: str) -> float | Number:
    if len(text) > MAX_DIGITS:
        raise BodyError("number_too_large")
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise BodyError("number_too_large")
    return number if repr(number) == text and "e" not in text else Number(text)


def _constant(_: str) -> NoReturn:
    raise BodyError("not_a_number")


def _own_text(value: object) -> msgspec.Raw:
    if isinstance(value, Number):
        return msgspec.Raw(value.text.encode())
    raise TypeError(f"{type(value).__name__} is not JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)
_ENCODER: Final = msgspec.json.Encoder(enc_hook=_own_text)


def _write(value: JSON, out: list[str]) -> None:
    """Write `value` as the encoder would if it took lone surrogates."""
    if isinstance(value, str):
        out.append(encode_basestring(value))
    elif isinstance(value, dict):
        opening = "{"
        for key, member in value.items():
            out.append(f"{opening}{encode_basestring(key)}:")
            _write(member, out)
            opening = ","
        out.append("}" if value else "{}")
    elif isinstance(value, list):
        opening = "["
        for element in value:
            out.append(opening)
            _write(element, out)
            opening = ","
        out.append("]" if value else "[]")
    else:
        out.append(_ENCODER.encode(value).decode())
