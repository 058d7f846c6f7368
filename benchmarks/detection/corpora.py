"""Public corpora and German mail, where they are at hand: how well persons are found in other people's text.

The folder is given by DECKNAME_CORPORA. A corpus is a file of JSON lines with ``text`` and ``spans`` as
``[start, end, label]``, labels PER, LOC, ORG. CodE Alltag carries no labels: the persons of 80 of its mails are
marked here in ``codealltag_persons.json`` by their offsets alone, so that none of its text is repeated. Only lines that
the training of the name model leaves out (``recognizers/training/corpora.py``) are measured. The labelled corpora draw
titles, genitives and full stops into a name as each likes: what stands outside a name here is trimmed from theirs, too,
and from everybody's findings.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.detection.score import SpanMatch, match
from benchmarks.detection.subjects import Subject
from recognizers.finding import PERSON, Finding
from recognizers.trim import trim

UNSEEN: Final = {"germeval_part": 800, "ler_dev": 400, "wikigold": 200, "mobie_dev": None}  # last lines; None: all
MAILS: Final = Path("codealltag_s", "mails.jsonl")
MAIL_PERSONS: Final = Path(__file__).parent / "codealltag_persons.json"
_BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts with the offsets of their persons."""

    name: str
    texts: tuple[str, ...]
    persons: tuple[tuple[tuple[int, int], ...], ...]


def corpora(folder: Path) -> Iterator[Corpus]:
    """Yield the corpora that ``folder`` holds."""
    if (folder / MAILS).exists():
        yield _mails(folder / MAILS)
    for name, lines in UNSEEN.items():
        path = folder / f"{name}.jsonl"
        if path.exists():
            yield _labelled(path, lines)


def compare(subject: Subject, corpus: Corpus) -> SpanMatch:
    """Run ``subject`` on a corpus and compare the persons it finds."""
    batches = [corpus.texts[first : first + _BATCH] for first in range(0, len(corpus.texts), _BATCH)]
    found = [
        [_bare(text, f.start, f.end) for f in findings if f.kind == PERSON]
        for batch in batches
        for text, findings in zip(batch, subject.find(batch), strict=True)
    ]
    return match(corpus.persons, found)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a person's span without what is no part of the name; one that would be nothing then stays whole."""
    trimmed = trim(text, Finding(start, end, PERSON, 1.0, ""))
    return (trimmed.start, trimmed.end) if trimmed else (start, end)


def _labelled(path: Path, lines: int | None) -> Corpus:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][-(lines or 0) :]
    persons = tuple(tuple(_bare(row["text"], s, e) for s, e, label in row["spans"] if label == "PER") for row in rows)
    return Corpus(path.stem, tuple(row["text"] for row in rows), persons)


def _mails(path: Path) -> Corpus:
    marked: dict[str, list[tuple[int, int]]] = json.loads(MAIL_PERSONS.read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["id"] in marked]
    persons = tuple(tuple((s, e) for s, e in marked[row["id"]]) for row in rows)
    return Corpus("German mail (CodE Alltag)", tuple(row["text"] for row in rows), persons)
