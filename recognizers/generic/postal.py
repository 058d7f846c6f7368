"""How the parts of a postal address join to one span, whatever the country.

A country's recognizer names streets with their numbers and places with their postcodes, each either sure or only
possible. Parts between which nothing but a comma, blanks or one line break stands are one address; what was only
possible counts where its counterpart stands beside it.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from recognizers.base import TextRecognizer
from recognizers.finding import ADDRESS, Finding
from recognizers.generic.places import town_end, town_start
from recognizers.scores import CONTEXT_SCORE, PATTERN_SCORE

_GAP = re.compile(r"(?:[ \t\u00a0\u2009\u202f]{0,4},)?[ \t\u00a0\u2009\u202f]{0,8}(?:\r?\n[ \t\u00a0>|]{0,12}){0,2}")
_SMALL_GAP = re.compile(r"(?:,[ \u00a0]?|[ \u00a0]|,?[ ]?\r?\n[ >]{0,8})")


class Part(NamedTuple):
    """A street with its number, or a place with its postcode.

    ``sure`` parts count alone; ``shy`` ones only beside a sure part, the rest beside any counterpart.
    """

    start: int
    end: int
    role: Literal["street", "place"]
    sure: bool
    shy: bool = False


class PostalRecognizer(TextRecognizer):
    """Joins the parts a country's subclass names, and adds a known town beside a sure street."""

    kinds = (ADDRESS,)

    @abstractmethod
    def parts(self, text: str) -> Iterable[Part]:
        """Yield the streets and places of ``text`` in any order; they may overlap."""

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every address of ``text``, its country left out."""
        for group in _groups(text, _disjoint(self.parts(text))):
            kept = _kept(group)
            if kept:
                start, end = kept[0].start, kept[-1].end
                if all(part.role == "street" for part in kept):
                    start, end = _with_town(text, start, end)
                score = CONTEXT_SCORE if len(kept) > 1 else PATTERN_SCORE
                yield Finding(start, end, ADDRESS, score, self.name)


def _disjoint(parts: Iterable[Part]) -> list[Part]:
    """Sort the parts; of those that overlap keep the sure one, else the longer."""
    kept: list[Part] = []
    for part in sorted(parts, key=lambda p: (p.start, -p.end)):
        while kept and kept[-1].end > part.start:
            before = kept[-1]
            if (before.sure, before.end - before.start) >= (part.sure, part.end - part.start):
                break
            kept.pop()
        else:
            kept.append(part)
    return kept


def _groups(text: str, parts: list[Part]) -> Iterator[list[Part]]:
    group: list[Part] = []
    for part in parts:
        if group and (any(p.role == part.role for p in group) or not _GAP.fullmatch(text, group[-1].end, part.start)):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _kept(group: list[Part]) -> list[Part]:
    """Drop the possible parts that have no counterpart beside them, and what they would have joined."""
    kept: list[Part] = []
    for i, part in enumerate(group):
        after = group[i + 1] if i + 1 < len(group) else None
        before = group[i - 1] if i else None
        beside = (after, before) if part.role == "place" else (after,)
        if part.sure or any(other and _support(part, other) for other in beside):
            kept.append(part)
        elif kept:
            break
    return kept


def _support(one: Part, other: Part) -> bool:
    if one.role == other.role:
        return False
    return other.sure or not (one.shy or other.shy)


def _with_town(text: str, start: int, end: int) -> tuple[int, int]:
    gap = _SMALL_GAP.match(text, end)
    town = town_end(text, gap.end()) if gap else None
    if town:
        return start, town
    behind = re.search(r"(?:,[ ]?|\n)\Z", text[max(0, start - 2) : start])
    before = town_start(text, start - len(behind.group())) if behind else None
    return (before if before is not None else start), end
