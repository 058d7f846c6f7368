"""Our own messages: written by hand, every span of every kind marked, drawn again and again with other values in them.

The files under ``messages/`` have the markup of the gold set (``=== slug genre``, ``⟦KIND|value⟧``), with ORG and LOC
besides. A drawn message keeps its words; numbers, dates of birth, user names and secrets are replaced by others of the
same form or by those of another message, people by others.
"""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from examples import Example, Part, build, cut, join
from substitute import Substitutes
from wear import worn

from benchmarks.detection.goldset import read_markup

FOLDER = Path(__file__).parent / "messages"
LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl")  # a file's name begins with its language, or with "mixed"
KEPT = 8  # one message in so many is never trained on, but measured
_HEADER = re.compile(r"(?m)^=== .*\n")
_DIGITS = re.compile(r"\d+")
_CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z]{1,3}(?![A-Za-z])")
_LEARNED = {"PERSON", "ADDRESS", "ORG", "LOC", "CUSTOMER_NO", "DOB", "USERNAME", "SECRET"}
_SWAPPED = {
    "CUSTOMER_NO": 0.3,
    "USERNAME": 0.4,
    "SECRET": 0.4,
    "DOB": 0.2,
}  # how often another message's value is taken
# Patterns find these whatever the model says of them, so it need not tell them from numbers of other kinds.
_UNTOLD = {"ID", "URL_PROFILE"}


def read(*, kept: bool, folder: Path = FOLDER) -> Iterator[tuple[str, Example]]:
    """The messages that are kept for measuring, or those that are not, with their language and the markup's kinds."""
    for path in sorted(folder.glob("*.txt")):
        for number, source in enumerate(_HEADER.split(path.read_text(encoding="utf-8"))[1:], 1):
            if (number % KEPT == 0) == kept:
                text, spans = read_markup(source.strip("\n"))
                yield path.stem.partition("-")[0], Example(text, [(s.start, s.end, s.kind) for s in spans])


class Messages:
    """Draws messages for ever; ``another`` gives a name to stand for a name in a language."""

    def __init__(self, another: Callable[[str, str], str], rng: random.Random) -> None:
        self._another, self._rng = another, rng
        self._all = list(read(kept=False))
        self._substitutes = Substitutes(self._all, rng)
        self._values: dict[str, list[str]] = {kind: [] for kind in _SWAPPED}
        for _, example in self._all:
            for start, end, kind in example.spans:
                if kind in _SWAPPED:
                    self._values[kind].append(example.text[start:end])

    def one(self) -> Example:
        """A message, or a part of it, or two."""
        rng = self._rng
        drawn = self._varied(*rng.choice(self._all))
        if rng.random() < 0.25:
            drawn = _part(drawn, rng)
        if rng.random() < 0.2:
            drawn = join([drawn, self._varied(*rng.choice(self._all))], rng.choice(("\n\n", "\n", "\n---\n")))
        return worn(drawn, rng)

    def _varied(self, language: str, example: Example) -> Example:
        if language not in LANGUAGES:
            language = self._rng.choice(LANGUAGES)
        known: dict[str, str] = {}
        parts: list[Part] = []
        for text, kind in cut(example):
            value = self._other(text, kind, language, known) if kind else self._loose(text)
            parts.append((value, kind if kind in _LEARNED else "?" if kind in _UNTOLD else ""))
        return self._substitutes.put(build(parts), language)

    def _other(self, value: str, kind: str, language: str, known: dict[str, str]) -> str:
        rng = self._rng
        if value in known:
            return known[value]
        if kind in _SWAPPED and rng.random() < _SWAPPED[kind]:
            value_, value = value, rng.choice(self._values[kind])
        else:
            value_ = value
        if kind == "PERSON" and rng.random() < 0.6:
            value = self._renamed(value, language)
        elif kind == "DOB":
            value = _DIGITS.sub(lambda run: _dated(run.group(), rng), value)
        elif kind not in {"PERSON", "ORG", "LOC"} and rng.random() < 0.8:
            value = _DIGITS.sub(lambda run: _dialled(run.group(), rng), value)
            if kind == "CUSTOMER_NO" and rng.random() < 0.4:
                value = _CAPITALS.sub(lambda run: "".join(rng.choices("ABCDEFGHKLMNPRSTUVWXZ", k=len(run[0]))), value)
        known[value_] = value
        return value

    def _renamed(self, name: str, language: str) -> str:
        if not all(len(word) > 1 and word.isalpha() for word in name.replace(",", "").split()):
            return name
        new = self._another(name.replace(",", ""), language)
        if "," in name and " " in new:
            given, _, family = new.rpartition(" ")
            new = f"{family}, {given}"
        return new.lower() if name.islower() else new.upper() if name.isupper() else new

    def _loose(self, text: str) -> str:
        """Text between spans; long numbers in it are mostly others."""
        if self._rng.random() < 0.4:
            return text
        return _DIGITS.sub(lambda run: _dialled(run[0], self._rng) if len(run[0]) > 4 else run[0], text)


def _part(example: Example, rng: random.Random) -> Example:
    """Some neighbouring lines of a message."""
    ends = [at for at, sign in enumerate(example.text) if sign == "\n"]
    inside = [at for at in ends if not any(start < at < end for start, end, _ in example.spans)]
    if not inside:
        return example
    first = rng.choice([0, *(at + 1 for at in inside)])
    last = rng.choice([at for at in [*inside, len(example.text)] if at > first] or [len(example.text)])
    spans = [(start - first, end - first, kind) for start, end, kind in example.spans if first <= start and end <= last]
    return Example(example.text[first:last], spans)


def _dialled(digits: str, rng: random.Random) -> str:
    """As many digits, the first of them no nought unless it was one."""
    return "".join(
        digit if digit == "0" and at == 0 else rng.choice("123456789" if at == 0 else "0123456789")
        for at, digit in enumerate(digits)
    )


def _dated(digits: str, rng: random.Random) -> str:
    """A number as it may stand in its place in a date."""
    if len(digits) == 4:
        return str(rng.randint(1932, 2014))
    if len(digits) > 2:
        return digits
    number = int(digits)
    if number > 31 or number == 0:
        return f"{rng.randint(32, 99):02d}"
    drawn = rng.randint(1, 9) if len(digits) == 1 else rng.randint(1, 12) if number < 13 else rng.randint(13, 28)
    return str(drawn).zfill(len(digits))
