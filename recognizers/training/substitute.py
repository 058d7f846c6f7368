"""Puts other organisations, places and nouns into a text, so that what stands around a name is learned, not the text.

Mentions are replaced by mentions of the same kind and form from other texts (Dai and Adel 2020, "mention replacement");
German nouns, which are written with a capital like names, by nouns with the same ending.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable

from examples import Example, Part, build, cut

_NOUN = re.compile(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][a-zäöüß]{3,}(?=[ .,;:!?)\n]|$)")
_KINDS = ("ORG", "LOC")
_MENTION = re.compile(r"[^\W\d_][^\d\n@/]*")
_TEXTS, _NOUNS = 0.5, 0.3  # share of texts that are changed, and of their nouns
_ENDING = 2  # letters that two nouns share at their end


def _form(mention: str) -> tuple[int, bool]:
    return min(mention.count(" "), 3), mention.isupper()


class Substitutes:
    """Mentions and nouns of the texts it was given: ``(language, example)``."""

    def __init__(self, texts: Iterable[tuple[str, Example]], rng: random.Random) -> None:
        self._rng = rng
        self._mentions: dict[tuple[str, str, tuple[int, bool]], list[str]] = defaultdict(list)
        nouns: dict[str, None] = {}  # each once, in the order in which they appear
        named: set[str] = set()
        for language, example in texts:
            for text, kind in cut(example):
                if kind in _KINDS and _MENTION.fullmatch(text):
                    self._mentions[language, kind, _form(text)].append(text)
                elif kind:
                    named.update(text.split())
                elif language == "de":
                    nouns.update(dict.fromkeys(_NOUN.findall(text)))
        self._nouns: dict[str, list[str]] = defaultdict(list)
        for noun in nouns:
            if noun not in named and noun.removesuffix("s") not in named:
                self._nouns[noun[-_ENDING:]].append(noun)

    def put(self, example: Example, language: str) -> Example:
        """The text with others in it, the same for the same mention; half of the texts stay as they are."""
        if self._rng.random() > _TEXTS:
            return example
        known: dict[tuple[str, str], str] = {}
        parts: list[Part] = []
        pieces = cut(example)
        for at, (text, kind) in enumerate(pieces):
            if kind in _KINDS and (text, kind) not in known:
                others = self._mentions.get((language, kind, _form(text))) or [text]
                known[text, kind] = self._rng.choice(others)
            if not kind and language == "de":
                by_name = at + 1 < len(pieces) and pieces[at + 1][1] == "PERSON"
                parts.append((self._renouned(text, spared=12 if by_name else 0), ""))
            else:
                parts.append((known.get((text, kind), text), kind))
        return build(parts)

    def _renouned(self, text: str, spared: int) -> str:
        """Other nouns, but not within ``spared`` letters of the end, where a name's title or office stands."""

        def other(noun: re.Match[str]) -> str:
            others = self._nouns.get(noun[0][-_ENDING:])
            if not others or noun.end() + spared > len(text) or self._rng.random() > _NOUNS:
                return noun[0]
            return self._rng.choice(others)

        return _NOUN.sub(other, text)
