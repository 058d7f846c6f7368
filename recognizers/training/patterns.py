"""Patterns of numbers and words: ``<1-40>`` is a number, ``<05:1-99>`` one of five digits, ``<name>`` a list's item."""

import random
import re

_SLOT = re.compile(r"<([^<>]+)>")
_NUMBER = re.compile(r"(?:0(\d):)?(\d+)-(\d+)")


class Patterns:
    """Draws from lists whose items may hold further slots; ``<family de>`` is one of the family names handed in."""

    def __init__(self, lists: dict[str, list[str]], families: dict[str, list[str]]) -> None:
        self.lists = lists
        self._families = families

    def one(self, name: str, rng: random.Random) -> str:
        if name.startswith("family "):
            return rng.choice(self._families[name.removeprefix("family ")]).replace(" ", "-")
        return self.filled(rng.choice(self.lists[name]), rng)

    def filled(self, pattern: str, rng: random.Random) -> str:
        return _SLOT.sub(lambda match: self._slot(match[1], rng), pattern)

    def _slot(self, name: str, rng: random.Random) -> str:
        if number := _NUMBER.fullmatch(name):
            width, low, high = number.groups()
            return f"{rng.randint(int(low), int(high)):0{width or 1}d}"
        if re.fullmatch(r"[A-Za-z]-[A-Za-z]", name):
            return chr(rng.randint(ord(name[0]), ord(name[2])))
        return self.one(name, rng)
