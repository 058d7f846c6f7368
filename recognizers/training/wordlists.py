"""Reads the word lists under ``words/``: sections in brackets, items parted by "|" or a line end."""

from functools import cache
from pathlib import Path


@cache
def sections(name: str) -> dict[str, list[str]]:
    """All lists of one file by section."""
    found: dict[str, list[str]] = {}
    items: list[str] = []
    for line in (Path(__file__).parent / "words" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            items = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            items += line.split("|")
    return found


def lines(name: str) -> list[str]:
    """The lines of one file."""
    text = (Path(__file__).parent / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
