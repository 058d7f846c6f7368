"""Texts compared without case and kinds of blanks, as whole words. Offsets stay what they are."""

import re
from typing import Final

_SPACE: Final = re.compile("[\t\n\r\f\v\u00a0\u2007\u2009\u202f]")


def fold(text: str) -> str:
    """Lower-case ``text`` and turn every blank into a space, character by character, so that offsets stay."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return _SPACE.sub(" ", lower)


def whole_words(text: str, start: int, end: int) -> bool:
    """Tell whether no letter or digit continues ``start:end`` on either side."""
    return not (
        (start > 0 and text[start - 1].isalnum() and text[start].isalnum())
        or (end < len(text) and text[end].isalnum() and text[end - 1].isalnum())
    )
