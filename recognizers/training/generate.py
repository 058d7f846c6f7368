"""Draws invented texts of every language and genre, labelled as they are written.

python recognizers/training/generate.py --corpora DIR --count 20        prints some, spans in brackets
"""

import argparse
import random
from pathlib import Path

from corpora import LANGUAGE, training
from examples import Example, join
from genres import GENRES
from names import LANGUAGES, People
from places import Places
from scene import Found, Scene, full_form
from sources import interface_texts
from wear import worn
from wordlists import sections

_OWN = sections("scene")
_SHARES = {"de": 34, "en": 21, "fr": 10, "es": 9, "it": 9, "nl": 8, "pl": 9}


class Generator:
    """Draws texts for ever; the same seed gives the same texts."""

    def __init__(self, corpora: Path, rng: random.Random) -> None:
        self.people = People(corpora / "names")
        self.places = Places(self.people.families)
        self.rng = rng
        corpus = training(corpora)
        self._found = {
            language: Found(
                [
                    e
                    for name, examples in corpus.items()
                    if LANGUAGE[name] == language and "europeana" not in name
                    for e in examples
                    if 30 < len(e.text) < 220 and not any(kind in {"PERSON", "?"} for *_, kind in e.spans)
                ],
                interface_texts(language),
            )
            for language in LANGUAGES
        }

    def another(self, name: str, language: str) -> str:
        """A name to stand for a name: full for full, given or family for one word."""
        who = self.people.one(language, self.rng)
        if len(name) < 3 or any(sign.isdigit() for sign in name):
            return name
        return full_form(who, self.rng) if " " in name else self.rng.choice((who.family, who.family, who.given))

    def one(self, language: str | None = None, genre: str | None = None) -> tuple[str, str, Example]:
        rng = self.rng
        language = language or rng.choices(list(_SHARES), list(_SHARES.values()))[0]
        genre = genre or rng.choices(list(GENRES), [share for share, _ in GENRES.values()])[0]
        scene = Scene(language, self.people, self.places, rng, self._found[language])
        example = GENRES[genre][1](scene)
        if genre in {"mail", "thread", "chat", "note", "table"} and rng.random() < 0.08:
            example = join([Example(rng.choice(_OWN[f"prompts {language}"])), example], rng.choice(("\n\n", "\n", " ")))
        return language, genre, worn(example, rng)


def shown(example: Example) -> str:
    text, at = "", 0
    for start, end, label in sorted(example.spans):
        text += f"{example.text[at:start]}[{label[0]}:{example.text[start:end]}]"
        at = end
    return text + example.text[at:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    generator = Generator(options.corpora, random.Random(options.seed))
    for _ in range(options.count):
        language, genre, example = generator.one()
        print(f"--- {language} {genre}\n{shown(example)}")


if __name__ == "__main__":
    main()
