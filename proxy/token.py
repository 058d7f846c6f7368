"""Tokens: what the model sees instead of a value, such as `[PERSON_1]` or `[PERSON_1_FAMILY]`.

A token is kind, number and optionally part, joined by underscores inside square brackets. The written form is
unambiguous: the last group is either the number (all digits) or a part (begins with a letter).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

KIND: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
PART: Final = re.compile(r"(?:FULL|GIVEN|FAMILY|ALT)(?:[1-9][0-9]{0,5})?")
MAX_NUMBER: Final = 10**9 - 1
MAX_KIND_LENGTH: Final = 64
_REMEMBERED: Final = 1 << 14  # tokens, which every turn of a chat writes and reads anew; they are no personal data

_TOKEN: Final = re.compile(
    rf"\[(?P<kind>{KIND.pattern})_(?P<number>[1-9][0-9]{{0,8}})(?:_(?P<part>{PART.pattern}))?\]"
)


@lru_cache(_REMEMBERED)
def mint(kind: str, number: int, part: str = "") -> str:
    """Write a token: `mint("TAX_ID", 3, "ALT2")` is `[TAX_ID_3_ALT2]`.

    `number` counts from 1 per kind and scope. `part` is empty or FULL, GIVEN, FAMILY or ALT, with an optional number.
    Raises ValueError for anything that `parse` could not read back.
    """
    if len(kind) > MAX_KIND_LENGTH or not KIND.fullmatch(kind):
        raise ValueError("a kind is upper-case ASCII words and digits joined by underscores, at most 64 characters")
    if not 1 <= number <= MAX_NUMBER:
        raise ValueError("a token's number is between 1 and 999,999,999")
    if part and not PART.fullmatch(part):
        raise ValueError("a part is FULL, GIVEN, FAMILY or ALT, with an optional number")
    return f"[{kind}_{number}_{part}]" if part else f"[{kind}_{number}]"


@lru_cache(_REMEMBERED)
def bare(token: str) -> str:
    """Give the form for fields restricted to `[a-zA-Z0-9_-]`: `[PERSON_1]` becomes `PERSON_1`."""
    parse(token)
    return token[1:-1]


@lru_cache(_REMEMBERED)
def parse(token: str) -> tuple[str, int, str]:
    """Read kind, number and part back from a token; raises ValueError if it is none."""
    match = _TOKEN.fullmatch(token)
    if match is None or len(match["kind"]) > MAX_KIND_LENGTH:
        raise ValueError("not a token")
    return match["kind"], int(match["number"]), match["part"] or ""
