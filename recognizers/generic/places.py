"""Names of towns, to tell `10115 Berlin` from `10115 Besucher`. They are evidence beside a number, never a finding."""

import re
from functools import cache
from importlib import resources

_WORDS = re.compile(r"[^\W\d_][\w.'’]*(?:[ -][^\W\d_][\w.'’]*){0,3}")


@cache
def _towns() -> frozenset[str]:
    names = resources.files("recognizers.generic").joinpath("places.txt").read_text("utf-8").splitlines()
    return frozenset(name.casefold() for name in names)


def town_end(text: str, start: int) -> int | None:
    """Return where the longest known town's name beginning at ``start`` ends, whatever its case, or None."""
    words = _WORDS.match(text, start)
    if words is None:
        return None
    value = words.group()
    ends = [m.start() for m in re.finditer(r"[ -]", value)][::-1]
    for end in [len(value), *ends]:
        name = value[:end].rstrip(".'’")
        if name.casefold() in _towns():
            return start + len(name)
    return None


def town_start(text: str, end: int) -> int | None:
    """Return where a known town's name ending at ``end`` begins, or None."""
    window = text[max(0, end - 40) : end]
    for begin in sorted(m.start() for m in re.finditer(r"(?<![^\W\d_])[^\W\d_]", window))[-4:]:
        if window[begin:].casefold() in _towns():
            return end - len(window) + begin
    return None
