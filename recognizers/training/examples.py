"""Labelled texts, and how they become piece ids and label ids.

A span's label is one of the model's kinds, or "?" where the corpus cannot tell which: no loss is taken there. Only our
own messages say which numbers are whose; in other texts a word with a digit that has no label may be any of NUMBERS or
nothing, and is labelled UNTOLD.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tokenizers import Tokenizer

from recognizers.name_model import LABELS, NEWLINE, PIECES_A_WORD, TAB, WINDOW, Word, split_words

IGNORED = -100
UNTOLD = -1
NUMBERS = ("CUSTOMER_NO", "DOB", "USERNAME", "SECRET")
Spans = list[tuple[int, int, str]]
Part = tuple[str, str]  # text, label or ""


@dataclass(slots=True)
class Example:
    text: str
    spans: Spans = field(default_factory=list)


class Window(NamedTuple):
    ids: list[int]
    labels: list[int]


class Pieces:
    """The pieces of a word, remembered, because training sees the same words again and again."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {"\n": [NEWLINE], "\n\n": [NEWLINE, NEWLINE], "\t": [TAB]}

    def __call__(self, word: Word) -> list[int]:
        found = self._known.get(word.form)
        if found is None:
            found = self._tokenizer.encode(word.form, add_special_tokens=False).ids[:PIECES_A_WORD]
            if len(self._known) < 400_000:
                self._known[word.form] = found
        return found


def windows(example: Example, pieces: Pieces, *, told: bool = False) -> Iterator[Window]:
    """Cut an example into windows of whole words, labelled piece by piece; ``told``: all NUMBERS in it are labelled."""
    ids: list[int] = []
    labels: list[int] = []
    for word, label in zip(words := split_words(example.text), word_labels(example, words), strict=True):
        found = pieces(word)
        if not (told or label) and any(map(str.isdigit, word.form)):
            label = UNTOLD  # noqa: PLW2901
        if len(ids) + len(found) > WINDOW:
            yield Window(ids, labels)
            ids, labels = [], []
        ids += found
        labels += [label] * len(found)
    if ids:
        yield Window(ids, labels)


def word_labels(example: Example, words: list[Word]) -> list[int]:
    """One label id a word; a word that only touches a span belongs to it."""
    labels = [0] * len(words)
    at = 0
    for start, end, kind in sorted(example.spans):
        while at < len(words) and words[at].end <= start:
            at += 1
        place = "B"
        while at < len(words) and words[at].start < end:
            labels[at] = IGNORED if kind == "?" else LABELS.index(f"{place}-{kind}")
            place = "I"
            at += 1
    return [IGNORED if word.is_break else label for word, label in zip(words, labels, strict=True)]


def rewrite(example: Example, change: Callable[[str], str]) -> Example:
    """Apply ``change`` to the text between and inside the spans, and move the spans along."""
    text, spans, at = "", [], 0
    for start, end, kind in sorted(example.spans):
        if start < at:
            continue
        text += change(example.text[at:start])
        moved = change(example.text[start:end])
        spans.append((len(text), len(text) + len(moved), kind))
        text += moved
        at = end
    return Example(text + change(example.text[at:]), spans)


def join(parts: list[Example], between: str) -> Example:
    text, spans = "", []
    for part in parts:
        if text:
            text += between
        spans += [(start + len(text), end + len(text), kind) for start, end, kind in part.spans]
        text += part.text
    return Example(text, spans)


def build(parts: list[Part]) -> Example:
    """Put parts together; a part with a label is a span."""
    text, spans = "", []
    for part, label in parts:
        if label and part:
            spans.append((len(text), len(text) + len(part), label))
        text += part
    return Example(text, spans)


def cut(example: Example) -> list[Part]:
    """Take an example apart, to be set into a larger text."""
    parts, at = [], 0
    for start, end, label in sorted(example.spans):
        parts += [(example.text[at:start], ""), (example.text[start:end], label)]
        at = end
    return [*parts, (example.text[at:], "")]
