"""Measures a model on what training never saw: the kept messages and corpora, and invented texts of another seed.

    python recognizers/training/measure.py --corpora DIR --model recognizers/models/names7

Per set: exact F1 a kind, recall by overlap (a span counts where any of it is found), share of harmless letters and
digits inside a span found. Only the messages say which numbers are whose; elsewhere persons and addresses alone count.
Unlabelled mail is not scored here; see the card.
"""

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

from corpora import held_out
from examples import Example
from generate import Generator
from genres import GENRES
from messages import read
from names import LANGUAGES

from recognizers.name_model import KINDS, NameModel

NAMED = ("PERSON", "ADDRESS", "ORG", "LOC")
OTHERS = {"ORG", "LOC"}


class Tally:
    def __init__(self) -> None:
        self.found = self.right = self.gold = self.touched = self.hidden = self.letters = self.damaged = 0

    def line(self) -> dict[str, float]:
        precision, recall = self.right / max(1, self.found), self.right / max(1, self.gold)
        return {
            "n": self.gold,
            "p": 100 * precision,
            "r": 100 * recall,
            "f1": 200 * precision * recall / max(1e-9, precision + recall),
            "overlap": 100 * self.touched / max(1, self.gold),
            "hidden": 100 * self.hidden / max(1, self.gold),
        }


def score(model: NameModel, examples: list[Example], kinds: tuple[str, ...] = NAMED) -> dict[str, Tally]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    wanted = set(kinds) - OTHERS
    for example, found in zip(examples, model.entities([example.text for example in examples]), strict=True):
        unclear = [(s, e) for s, e, k in example.spans if k == "?"]
        covered = {i for entity in found if entity.label in wanted for i in range(entity.start, entity.end)}
        for kind in kinds:
            gold = {(s, e) for s, e, k in example.spans if k == kind}
            got = {
                (f.start, f.end)
                for f in found
                if f.label == kind and not any(f.start < e and s < f.end for s, e in unclear)
            }
            tally = tallies[kind]
            tally.gold += len(gold)
            tally.found += len(got)
            tally.right += len(gold & got)
            if kind in wanted:
                for start, end in gold:
                    letters = [i for i in range(start, end) if example.text[i].isalnum()]
                    tally.touched += any(i in covered for i in letters)
                    tally.hidden += all(i in covered for i in letters)
        personal = {i for s, e, k in example.spans if k not in OTHERS for i in range(s, e)}
        harmless = [i for i, sign in enumerate(example.text) if sign.isalnum() and i not in personal]
        tallies["damage"].letters += len(harmless)
        tallies["damage"].damaged += sum(i in covered for i in harmless)
    return tallies


def invented(corpora: Path, count: int) -> dict[str, list[Example]]:
    """Invented texts by language and by genre, of a seed that training does not use."""
    generator = Generator(corpora, random.Random(20261122))
    sets: dict[str, list[Example]] = defaultdict(list)
    for language in LANGUAGES:
        for genre in GENRES:
            for _ in range(count):
                example = generator.one(language, genre)[2]
                sets[f"lang {language}"].append(example)
                sets[f"genre {genre}"].append(example)
    return sets


def kept_messages() -> dict[str, list[Example]]:
    """The messages that training leaves out, as a whole and by language."""
    sets: dict[str, list[Example]] = defaultdict(list)
    for language, example in read(kept=True):
        known = Example(example.text, [(s, e, k if k in KINDS else "?") for s, e, k in example.spans])
        sets["messages"].append(known)
        sets[f"messages {language}"].append(known)
    return sets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    model = NameModel(options.model)
    table = {}
    sets = kept_messages() | held_out(options.corpora) | invented(options.corpora, options.count)
    for name, examples in sets.items():
        tallies = score(model, examples, KINDS if name.startswith("messages") else NAMED)
        damage = tallies.pop("damage")
        row = {kind: tally.line() for kind, tally in tallies.items() if tally.gold}
        table[name] = row | {"damage": 100 * damage.damaged / max(1, damage.letters)}
        cells = " ".join(
            f"{kind} {r['f1']:.1f} (r {r['r']:.1f} p {r['p']:.1f}"
            + (")" if kind in OTHERS else f" ov {r['overlap']:.1f} hid {r['hidden']:.1f})")
            for kind, r in row.items()
        )
        print(f"{name:18} damage {table[name]['damage']:.2f} {cells}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
