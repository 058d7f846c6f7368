"""The measuring of one subject, in a process of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from benchmarks.detection import corpora, measure, report, speed, subjects
from benchmarks.detection.goldset import Message, Split

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Task:
    """What to measure: messages by split, what to time it on (nothing: not timed), a folder of corpora."""

    messages: dict[Split, list[Message]]
    timed: Sequence[Message]
    corpora: Path | None
    errors: bool


def perform(make: Callable[[], subjects.Subject], task: Task) -> tuple[list[measure.Result], list[str]]:
    """Measure one subject: its speed and the corpora once, given with its first split, then every split.

    Mistakes are listed for dev alone.
    """
    if task.timed:
        speed.pin_to_one_core()
    subject = make()
    fast = speed.measure(subject, task.timed) if task.timed else None
    matches = measure.on_corpora(subject, corpora.corpora(task.corpora)) if task.corpora else {}
    results: list[measure.Result] = []
    lines: list[str] = []
    for split, messages in task.messages.items():
        judgements = measure.run(subject, messages)
        first = not results
        results.append(
            measure.result(subject.name, split, judgements, matches if first else {}, fast if first else None)
        )
        if task.errors and split == "dev":
            lines += [f"{subject.name}: {line}" for line in report.mistakes(judgements)]
    return results, lines


def apart(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``function`` in a fresh process of its own.

    So that memory is one subject's, and because Presidio picks recognizers by name among all classes that are loaded:
    beside Deckname it would not be plain Presidio any more.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()
