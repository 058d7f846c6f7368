"""Results as tables: one set of rows, drawn by rich on a terminal and written as Markdown for the README."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from rich.console import Console
from rich.table import Table

from benchmarks.detection.goldset import GENRES, KINDS, LANGUAGES, Message, Span
from benchmarks.detection.measure import ALL, Result
from benchmarks.detection.score import Damage, Judgement, Tally, Verdict

T = TypeVar("T")

NAMES: Final = {"de": "German", "en": "English", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch",
                "pl": "Polish"}  # fmt: skip
_AROUND: Final = 24  # characters shown on each side of a damaged place


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: ``section`` groups lines, ``cells`` go with the results one by one."""

    section: str
    label: str
    cells: tuple[str, ...]


def rows(results: Sequence[Result]) -> Iterator[Row]:
    """Yield the table of ``results``, section by section."""

    def row(section: str, label: str, cell: Callable[[Result], str]) -> Row:
        return Row(section, label, tuple(map(cell, results)))

    together = "Fully hidden"
    yield row(together, "names, addresses, e-mails, phones", lambda r: _tally(r.core.get(ALL)))
    yield row(together, "every other kind", lambda r: _tally(r.other))
    for kind in _present(KINDS, (r.kinds for r in results)):
        yield row("by kind", kind, lambda r, k=kind: _tally(r.kinds.get(k)))  # type: ignore[misc]
    for language in _present(LANGUAGES, (r.core for r in results)):
        label = f"{NAMES[language]}: names, addresses, e-mails, phones"
        yield row("by language", label, lambda r, k=language: _tally(r.core.get(k)))  # type: ignore[misc]
    for genre in _present(GENRES, (r.genres for r in results)):
        yield row("by genre", genre, lambda r, k=genre: _tally(r.genres.get(k)))  # type: ignore[misc]
    harmless = "Harmless text"
    yield row(harmless, "letters and digits changed", lambda r: _percent(r.damage[ALL].share, 2))
    yield row(harmless, "harmless messages changed at all", lambda r: _touched(r.damage[ALL]))
    for language in _present(LANGUAGES, (r.damage for r in results)):
        label = f"{NAMES[language]}: letters and digits changed"
        yield row(harmless, label, lambda r, k=language: _damage(r.damage.get(k)))  # type: ignore[misc]
    for genre in _present(GENRES, (r.genre_damage for r in results)):
        label = f"{genre}: letters and digits changed"
        yield row("damage by genre", label, lambda r, k=genre: _damage(r.genre_damage.get(k)))  # type: ignore[misc]
    yield from _corpora(results)
    yield from _speed(results)


def _corpora(results: Sequence[Result]) -> Iterator[Row]:
    persons = {name: match.gold for r in results for name, match in r.corpora.items()}
    for name, gold in persons.items():
        matches = [r.corpora.get(name) for r in results]
        recall, f1 = (_percent(m.recall) if m else "" for m in matches), (_percent(m.f1) if m else "" for m in matches)
        yield Row("Public corpora", f"{name}: {gold} persons, found (overlap)", tuple(recall))
        yield Row("Public corpora", f"{name}: {gold} persons, F1 (exact)", tuple(f1))


def _speed(results: Sequence[Result]) -> Iterator[Row]:
    speeds = [r.speed for r in results]
    if not any(speeds):
        return
    section = "Speed, one core, processor time"
    yield Row(section, "words a second, in batches", tuple(f"{s.words_per_second:,.0f}" if s else "" for s in speeds))
    yield Row(section, "150-word German message, median", tuple(f"{s.message_ms:.1f} ms" if s else "" for s in speeds))
    yield Row(section, "peak memory of the process", tuple(f"{s.peak_mib:,.0f} MiB" if s else "" for s in speeds))


def draw(console: Console, results: Sequence[Result]) -> None:
    """Draw the whole table; a cell ``97.5 % (3/1)`` says 97.5 % fully hidden, 3 spans partly, 1 missed."""
    table = Table(title="Detection: fully hidden (partly/missed)", title_justify="left")
    table.add_column("")
    for result in results:
        table.add_column(f"{result.subject}\n{result.split}, {result.messages} messages", justify="right")
    section = ""
    for row in rows(results):
        if row.section != section:
            section = row.section
            table.add_section()
            table.add_row(f"[bold]{section}[/bold]")
        table.add_row(f"  {row.label}", *row.cells)
    console.print(table)


def markdown(results: Sequence[Result], command: str, machine: str) -> str:
    """Write the table for the README, genres left out, with the command and the machine it was made with."""
    head = [f"{r.subject}, {r.split.replace('_', '-')} ({r.messages})" for r in results]
    lines = ["| | " + " | ".join(head) + " |", "| --- |" + " ---: |" * len(head)]
    section = ""
    for row in rows(results):
        if "by genre" in row.section:
            continue
        if row.section != section:
            section = row.section
            lines.append(f"| **{section}** |" + " |" * len(head))
        lines.append(f"| {row.label} | " + " | ".join(row.cells) + " |")
    note = "Share of gold spans fully hidden; in brackets those partly hidden / missed."
    return "\n".join([*lines, "", f"{note} Made by `{command}` on {machine}.", ""])


def mistakes(judgements: Iterable[Judgement]) -> Iterator[str]:
    """Yield a line for each span not fully hidden and each stretch of harmless text that was changed."""
    for judgement in judgements:
        message = judgement.message
        for span, verdict in zip(message.spans, judgement.verdicts, strict=True):
            if verdict is not Verdict.HIDDEN:
                yield f"{verdict.value:7} {span.kind:11} {message.id}: {_line(message, span)}"
        for start, end in _stretches(judgement.changed):
            before, after = message.text[max(0, start - _AROUND) : start], message.text[end : end + _AROUND]
            yield f"damage  {'':11} {message.id}: {before!r} >{message.text[start:end]!r}< {after!r}"


def _line(message: Message, span: Span) -> str:
    return repr(message.text[span.start : span.end])


def _stretches(offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Join offsets that lie no further than two characters apart."""
    start = last = -3
    for offset in offsets:
        if offset > last + 2:
            if start >= 0:
                yield start, last + 1
            start = offset
        last = offset
    if start >= 0:
        yield start, last + 1


def _present(order: Sequence[str], counts: Iterable[dict[str, T]]) -> list[str]:
    names = {name for count in counts for name in count}
    return [name for name in order if name in names]


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"


def _tally(tally: Tally | None) -> str:
    if tally is None or tally.share is None:
        return "–"
    return f"{_percent(tally.share)} ({tally.partly}/{tally.missed})"


def _damage(damage: Damage | None) -> str:
    return "–" if damage is None else _percent(damage.share, 2)


def _touched(damage: Damage) -> str:
    return f"{damage.touched} of {damage.messages}"
