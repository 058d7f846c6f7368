"""Scoring by characters: what of the personal data stayed visible, and what harmless text was changed.

Kinds do not matter here, because a name hidden as an address is hidden. Only letters and digits count: whether a
comma or a line break between two parts is replaced too makes no difference to anybody.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from benchmarks.detection.goldset import Message, Span
from recognizers.finding import Finding

K = TypeVar("K", bound=Hashable)


class Verdict(StrEnum):
    """What became of a gold span."""

    HIDDEN = "hidden"  # every letter and digit is covered; of a dictated value, any
    PARTLY = "partly"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A message, its spans' verdicts in their order, and its letters and digits outside of every span.

    ``changed`` holds the offsets of those among the ``harmless`` ones that a finding covers.
    """

    message: Message
    verdicts: tuple[Verdict, ...]
    harmless: int
    changed: tuple[int, ...]


def judge(message: Message, findings: Iterable[Finding]) -> Judgement:
    """Compare a message's spans with what was found in it; findings may overlap and come in any order."""
    text = message.text
    covered = bytearray(len(text))
    for finding in findings:
        covered[finding.start : finding.end] = b"\1" * (min(finding.end, len(text)) - finding.start)
    personal = bytearray(len(text))
    for span in message.spans:
        personal[span.start : span.end] = b"\1" * (span.end - span.start)
    harmless = [i for i, character in enumerate(text) if character.isalnum() and not personal[i]]
    return Judgement(
        message,
        tuple(_verdict(text, span, covered) for span in message.spans),
        len(harmless),
        tuple(i for i in harmless if covered[i]),
    )


def _verdict(text: str, span: Span, covered: Sequence[int]) -> Verdict:
    hits = [bool(covered[i]) for i in range(span.start, span.end) if text[i].isalnum()]
    if all(hits) or (span.dictated and any(hits)):
        return Verdict.HIDDEN
    return Verdict.PARTLY if any(hits) else Verdict.MISSED


@dataclass(slots=True)
class Tally:
    """How many spans were hidden, partly hidden and missed."""

    hidden: int = 0
    partly: int = 0
    missed: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count one more span."""
        setattr(self, verdict.value, getattr(self, verdict.value) + 1)

    @property
    def spans(self) -> int:
        return self.hidden + self.partly + self.missed

    @property
    def share(self) -> float | None:
        """The fully hidden share, 0..1; None without any span."""
        return self.hidden / self.spans if self.spans else None


@dataclass(slots=True)
class Damage:
    """How much harmless text was changed: in all messages, and how many harmless messages were touched at all."""

    characters: int = 0
    changed: int = 0
    messages: int = 0
    touched: int = 0

    def add(self, judgement: Judgement) -> None:
        """Count one more message."""
        self.characters += judgement.harmless
        self.changed += len(judgement.changed)
        if judgement.message.harmless:
            self.messages += 1
            self.touched += bool(judgement.changed)

    @property
    def share(self) -> float:
        """The changed share of the harmless letters and digits, 0..1."""
        return self.changed / self.characters if self.characters else 0.0


def tally(judgements: Iterable[Judgement], key: Callable[[Message, Span], K | None]) -> dict[K, Tally]:
    """Count verdicts by ``key``, in the order in which keys first appear; a key of None leaves the span out."""
    tallies: dict[K, Tally] = {}
    for judgement in judgements:
        for span, verdict in zip(judgement.message.spans, judgement.verdicts, strict=True):
            name = key(judgement.message, span)
            if name is not None:
                tallies.setdefault(name, Tally()).add(verdict)
    return tallies


def damage(judgements: Iterable[Judgement], key: Callable[[Message], K | None]) -> dict[K, Damage]:
    """Count damage by ``key``; a key of None leaves the message out."""
    damages: dict[K, Damage] = {}
    for judgement in judgements:
        name = key(judgement.message)
        if name is not None:
            damages.setdefault(name, Damage()).add(judgement)
    return damages


@dataclass(frozen=True, slots=True)
class SpanMatch:
    """Agreement of found with gold spans over a corpus: exact spans, and gold spans that any found one overlaps."""

    gold: int
    found: int
    exact: int
    overlapped: int

    @property
    def f1(self) -> float:
        """F1 of exact spans, 0..1."""
        return 2 * self.exact / (self.gold + self.found) if self.gold + self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of gold spans that a found span overlaps, 0..1."""
        return self.overlapped / self.gold if self.gold else 0.0


def match(gold: Sequence[Sequence[tuple[int, int]]], found: Sequence[Sequence[tuple[int, int]]]) -> SpanMatch:
    """Compare the spans of two lists of texts, pairwise."""
    exact = overlapped = 0
    for wanted, given in zip(gold, found, strict=True):
        exact += len(set(wanted) & set(given))
        overlapped += sum(any(s < end and start < e for s, e in given) for start, end in wanted)
    return SpanMatch(sum(map(len, gold)), sum(map(len, found)), exact, overlapped)
