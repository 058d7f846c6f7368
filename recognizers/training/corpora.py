"""Reads the public corpora (one JSON object a line: text, lang, spans) and joins their sentences into longer texts.

A place of the corpora is LOC, which is not personal; where digits stand in it or beside it, it may be an address, which
the corpora do not tell apart, so no loss is taken there.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from examples import Example, build, join
from substitute import Substitutes
from wear import disguise

# The share of each file that training sees, and the number of lines at its end kept for measuring.
TRAIN = {
    "germeval_dev": (1.0, 0),
    "germeval_part": (1.0, 800),
    "mobie_train": (0.6, 0),
    "ler_dev": (0.4, 400),
    "wikigold": (1.0, 200),
    "wnut17": (0.5, 200),
    "btc": (0.3, 400),
    "europeana_de": (0.25, 200),
    "europeana_fr": (0.15, 300),
    "europeana_nl": (0.2, 200),
    "presidio_synth": (1.0, 150),
}
LANGUAGE = {
    name: name[-2:]
    if name.startswith("europeana")
    else "de"
    if name in {"germeval_dev", "germeval_part", "mobie_train", "ler_dev"}
    else "en"
    for name in TRAIN
}
_KINDS = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC"}


def read(path: Path) -> list[Example]:
    """All examples of one file."""
    examples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        text = item["text"]
        trimmed = [(*_trimmed(text, start, end), label) for start, end, label in item["spans"]]
        spans = [(start, end, _kind(text, start, end, label)) for start, end, label in trimmed if start < end]
        if path.stem == "presidio_synth":
            spans = [(s, e, "ADDRESS" if k == "?" else k) for s, e, k in spans]
        examples.append(Example(text, sorted(spans)))
    return examples


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the signs some corpora leave at its ends."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _kind(text: str, start: int, end: int, label: str) -> str:
    if "@" in text[max(0, start - 2) : end]:  # user names, which the corpora label in different ways
        return "?"
    if label == "LOC" and re.search(r"\d", text[max(0, start - 7) : end + 6]):
        return "?"
    return _KINDS[label]


def training(folder: Path) -> dict[str, list[Example]]:
    """What training may see of each file."""
    return {name: (found := read(folder / f"{name}.jsonl"))[: len(found) - kept] for name, (_, kept) in TRAIN.items()}


def held_out(folder: Path) -> dict[str, list[Example]]:
    """What training never sees: the last lines of each file, and MobIE's dev part."""
    kept = {name: read(folder / f"{name}.jsonl")[-count:] for name, (_, count) in TRAIN.items() if count}
    return kept | {"mobie_dev": read(folder / "mobie_dev.jsonl")}


def endless(folder: Path, rng: random.Random, another: Callable[[str, str], str]) -> Iterator[Example]:
    """Texts of one to six sentences for ever, some in lower case, in capitals, without umlauts, or with other names.

    ``another`` gives a name to stand for a name in a language, so that real sentences hold all the world's names.
    """
    files = training(folder)
    clean = {name: examples for name, examples in files.items() if not name.startswith("europeana")}
    substitutes = Substitutes(((LANGUAGE[name], one) for name, examples in clean.items() for one in examples), rng)
    while True:
        bag: list[tuple[str, int, int]] = []
        for name, examples in files.items():
            order = sorted(range(len(examples)), key=lambda _: rng.random())[: int(TRAIN[name][0] * len(examples))]
            at = 0
            while at < len(order):
                count = rng.choice((1, 2, 3, 4, 6))
                bag.append((name, at, count))
                at += count
            files[name] = [examples[i] for i in order] + [examples[i] for i in set(range(len(examples))) - set(order)]
        rng.shuffle(bag)
        for name, at, count in bag:
            joined = join(files[name][at : at + count], rng.choice((" ", " ", "\n")))
            if rng.random() < 0.6:
                joined = renamed(joined, another, LANGUAGE[name])
            joined = substitutes.put(joined, LANGUAGE[name])
            yield disguise(joined, rng)


def renamed(example: Example, another: Callable[[str, str], str], language: str) -> Example:
    """The same text with other people in it, the same for the same name."""
    known: dict[str, str] = {}
    parts, at = [], 0
    for start, end, kind in example.spans:
        parts.append((example.text[at:start], ""))
        name = example.text[start:end]
        if kind == "PERSON" and name not in known:
            known[name] = another(name, language)
        parts.append((known.get(name, name) if kind == "PERSON" else name, kind))
        at = end
    return build([*parts, (example.text[at:], "")])
