"""From overlapping findings to the spans that are replaced: sorted, disjoint, trimmed.

Overlapping findings become one that covers them all, under the kind of the strongest; nothing is ever dropped to a
shorter one. What the name model holds to be an organisation or a place is never reported: it only outweighs weak
guesses at persons inside it, and a place beside a street belongs to the address.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from recognizers.finding import ADDRESS, LITERAL, PERSON, Finding
from recognizers.scores import PATTERN_SCORE
from recognizers.trim import is_country, trim

ORG: Final = "ORG"
LOC: Final = "LOC"

_BETWEEN_PARTS: Final = re.compile(r"[ \t]*,?[ \t]*\r?\n?[ \t]*")  # what may stand inside one address
_TO_POSTCODE: Final = re.compile(r",?[ ](?:in|à|a|en|te|w)[ ]")  # "Burgweg 2 in 71735 Eberdingen"
_POSTCODE: Final = re.compile(r"(?:[A-Z]{1,2}-)?[0-9]")
_BETWEEN_NAMES: Final = re.compile(r" ")
_LONGEST_NAME: Final = 4  # words


def resolve(text: str, findings: Iterable[Finding], places: Iterable[Finding] = ()) -> list[Finding]:
    """Return the findings of ``text`` in order, without overlaps, trimmed to the value.

    ``places`` are what the name model took for ORG or LOC; they do not overlap each other.
    """
    negatives = sorted(places)
    cover = Cover(negatives)
    kept = [f for f in findings if not _outweighed(f, cover)]
    result = united(f for f in (trim(text, f) for f in kept) if f is not None)
    if any(f.kind == ADDRESS for f in result):
        result = _with_places(text, result, negatives)
    return united(f for f in (trim(text, f) for f in with_whole_names(text, result)) if f is not None)


def united(findings: Iterable[Finding]) -> list[Finding]:
    """Unite overlapping findings; the highest score, then the longest, gives kind and recognizer."""
    result: list[Finding] = []
    for finding in sorted(findings):
        if result and finding.start < result[-1].end:
            result[-1] = _union(result[-1], finding)
        else:
            result.append(finding)
    return result


def with_whole_names(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Unite findings, and join persons with one blank between them: given and family name found one by one."""

    def belong(one: Finding, other: Finding) -> bool:
        return one.kind == other.kind == PERSON and text.count(" ", one.start, other.end) < _LONGEST_NAME

    return _join(text, united(findings), _BETWEEN_NAMES, belong)


class Cover:
    """Answers which of disjoint, sorted findings overlaps a span."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._findings = findings
        self._starts = [f.start for f in findings]

    def at(self, start: int, end: int) -> Finding | None:
        """Return the last finding that overlaps ``start:end``."""
        index = bisect_right(self._starts, end - 1) - 1
        return self._findings[index] if index >= 0 and self._findings[index].end > start else None

    def holds(self, start: int, end: int) -> bool:
        """Tell whether the span lies inside one of them."""
        found = self.at(start, end)
        return found is not None and found.start <= start and end <= found.end


def _outweighed(finding: Finding, negatives: Cover) -> bool:
    """Tell whether a weak guess at a person lies inside what the model takes for something else."""
    return finding.kind == PERSON and finding.score < PATTERN_SCORE and negatives.holds(finding.start, finding.end)


def _union(one: Finding, other: Finding) -> Finding:
    stronger = max(one, other, key=_strength)
    return replace(stronger, start=min(one.start, other.start), end=max(one.end, other.end))


def _strength(finding: Finding) -> tuple[bool, bool, float, int]:
    return finding.kind == LITERAL, finding.kind != LOC, finding.score, finding.end - finding.start


def _with_places(text: str, findings: Sequence[Finding], negatives: Sequence[Finding]) -> list[Finding]:
    """Join the parts of addresses, the model's places among them; places that join nothing go again."""
    others = Cover([f for f in findings if f.kind != ADDRESS])
    places = [
        p
        for p in negatives
        if p.kind == LOC
        and others.at(p.start, p.end) is None
        and not (is_country(text, p) or text.startswith((":", "="), p.end))
    ]
    parts = _join(text, united([*findings, *places]), _BETWEEN_PARTS, _are_parts)

    def is_postcode(one: Finding, other: Finding) -> bool:
        return one.kind == other.kind == ADDRESS and _POSTCODE.match(text, other.start) is not None

    return _join(text, (f for f in parts if f.kind != LOC), _TO_POSTCODE, is_postcode)


def _are_parts(one: Finding, other: Finding) -> bool:
    return {one.kind, other.kind} in ({ADDRESS}, {ADDRESS, LOC})


def _join(
    text: str,
    findings: Iterable[Finding],
    between: re.Pattern[str],
    belong: Callable[[Finding, Finding], bool],
) -> list[Finding]:
    """Join neighbours that ``belong`` together where the text from one to the next matches ``between``."""
    result: list[Finding] = []
    for finding in findings:
        last = result[-1] if result else None
        if last is not None and belong(last, finding) and between.fullmatch(text, last.end, finding.start):
            result[-1] = _union(last, finding)
        else:
            result.append(finding)
    return result
