"""Public corpora and German mail, where they are at hand: how well persons are found in other people's text.

The folder is given by DECKNAME_CORPORA. A corpus is a file of JSON lines with ``text`` and ``spans`` as
``[start, end, label]``, labels PER, LOC, ORG. CodE Alltag carries no labels: the persons of 80 of its mails are
marked here in ``codealltag_persons.json`` by their offsets alone, so that none of its text is repeated. Only lines that
the training of the name model leaves out (``recognizers/training/corpora.py``) are measured.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.detection.score import SpanMatch, match
from benchmarks.detection.subjects import Subject
from recognizers.finding import PERSON

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
    found = [
        [(f.start, f.end) for f in findings if f.kind == PERSON]
        for first in range(0, len(corpus.texts), _BATCH)
        for findings in subject.find(corpus.texts[first : first + _BATCH])
    ]
    return match(corpus.persons, found)


def _labelled(path: Path, lines: int | None) -> Corpus:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][-(lines or 0) :]
    persons = tuple(tuple((s, e) for s, e, label in row["spans"] if label == "PER") for row in rows)
    return Corpus(path.stem, tuple(row["text"] for row in rows), persons)


def _mails(path: Path) -> Corpus:
    marked: dict[str, list[tuple[int, int]]] = json.loads(MAIL_PERSONS.read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["id"] in marked]
    persons = tuple(tuple((s, e) for s, e in marked[row["id"]]) for row in rows)
    return Corpus("German mail (CodE Alltag)", tuple(row["text"] for row in rows), persons)
