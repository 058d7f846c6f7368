"""One measurement: a subject, run over messages and corpora, as a plain value that tables and JSON are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, TypeVar

from benchmarks.detection.corpora import Corpus, compare
from benchmarks.detection.goldset import GENRES, KINDS, LANGUAGES, Message, Span
from benchmarks.detection.score import Damage, Judgement, SpanMatch, Tally, damage, judge, tally
from benchmarks.detection.speed import Speed
from benchmarks.detection.subjects import Subject
from recognizers.finding import ADDRESS, EMAIL, PERSON, PHONE

T = TypeVar("T")

CORE: Final = (PERSON, ADDRESS, EMAIL, PHONE)
ALL: Final = "all"
_BATCH: Final = 32


@dataclass(frozen=True, slots=True)
class Result:
    """What one subject reached on one set of messages.

    ``core`` counts names, addresses, e-mails and phones by language, ``other`` every other kind together, each with an
    entry ``all``; ``damage`` is by language, ``genre_damage`` by genre.
    """

    subject: str
    split: str
    messages: int
    kinds: dict[str, Tally]
    core: dict[str, Tally]
    other: Tally
    languages: dict[str, Tally]
    genres: dict[str, Tally]
    damage: dict[str, Damage]
    genre_damage: dict[str, Damage]
    corpora: dict[str, SpanMatch] = field(default_factory=dict)
    speed: Speed | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the result as JSON data, with the shares that its tables show."""
        return asdict(self) | {
            "shares": {
                "kinds": {kind: t.share for kind, t in self.kinds.items()},
                "core": {language: t.share for language, t in self.core.items()},
                "other": self.other.share,
                "harmless_characters_changed": self.damage[ALL].share,
                "corpora": {name: {"recall": m.recall, "f1": m.f1} for name, m in self.corpora.items()},
            }
        }


def run(subject: Subject, messages: Sequence[Message]) -> list[Judgement]:
    """Let ``subject`` find what is in ``messages``, and judge each."""
    return [
        judge(message, findings)
        for first in range(0, len(messages), _BATCH)
        for message, findings in zip(
            messages[first : first + _BATCH],
            subject.find([m.text for m in messages[first : first + _BATCH]]),
            strict=True,
        )
    ]


def result(
    subject: str,
    split: str,
    judgements: Sequence[Judgement],
    corpora: dict[str, SpanMatch] | None = None,
    speed: Speed | None = None,
) -> Result:
    """Count what judgements say, by kind, language and genre."""

    def core(message: Message, span: Span) -> str | None:
        return message.language if span.kind in CORE else None

    def other(_message: Message, span: Span) -> str | None:
        return None if span.kind in CORE else ALL

    by_language = _ordered(tally(judgements, core), LANGUAGES)
    return Result(
        subject,
        split,
        len(judgements),
        kinds=_ordered(tally(judgements, lambda _, span: span.kind), KINDS),
        core={ALL: _total(by_language.values())} | by_language,
        other=tally(judgements, other).get(ALL, Tally()),
        languages=_ordered(tally(judgements, lambda message, _: message.language), LANGUAGES),
        genres=_ordered(tally(judgements, lambda message, _: message.genre), GENRES),
        damage=damage(judgements, lambda _: ALL) | _ordered(damage(judgements, lambda m: m.language), LANGUAGES),
        genre_damage=_ordered(damage(judgements, lambda m: m.genre), GENRES),
        corpora=corpora or {},
        speed=speed,
    )


def on_corpora(subject: Subject, corpora: Iterable[Corpus]) -> dict[str, SpanMatch]:
    """Run ``subject`` over corpora, by their names."""
    return {corpus.name: compare(subject, corpus) for corpus in corpora}


def _total(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for one in tallies:
        total = Tally(total.hidden + one.hidden, total.partly + one.partly, total.missed + one.missed)
    return total


def _ordered(counts: dict[str, T], order: Sequence[str]) -> dict[str, T]:
    return {name: counts[name] for name in order if name in counts}
