"""How a personal name is put together, as far as its written form tells: which word is given, which is family name.

Names are compared by keys: without case, marks and spelling of umlauts, so that Müller, MÜLLER and Mueller are one.
"""

import re
import unicodedata
from pathlib import Path
from typing import Final, NamedTuple

_DATA: Final = Path(__file__).parent / "data"
_GAP: Final = "\0"  # between the literals of an expression


def word_list(name: str) -> frozenset[str]:
    """Read one of this package's lists of words; lines that begin with # say what it is."""
    lines = (_DATA / name).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def alternatives(name: str) -> str:
    """Read one of this package's lists of regular expressions, as one expression for any of them, longest first."""
    lines = (_DATA / name).read_text("utf-8").splitlines()
    return "(?:" + "|".join(sorted((line for line in lines if not line.startswith("# ")), key=len, reverse=True)) + ")"


def literals(name: str) -> tuple[str, ...]:
    """Return of each expression of such a list the longest literal that all it matches contains, in lower case."""
    lines = (_DATA / name).read_text("utf-8").splitlines()
    return tuple(_literal(line) for line in lines if not line.startswith("# "))


def _literal(expression: str) -> str:
    plain = re.sub(r"\[[^\]]*\][?*+]?", _GAP, expression)
    while (outer := re.sub(r"\([^()]*\)[?*+]?", _GAP, plain)) != plain:
        plain = outer
    plain = re.sub(r"\\?.[?*]", _GAP, plain)
    return max(re.sub(r"\\(.)", r"\1", plain).replace("+", _GAP).split(_GAP), key=len).lower()


PARTICLES: Final = word_list("name_particles.txt")
WORDS: Final = word_list("name_words.txt")
NO_NAMES: Final = word_list("no_names.txt")  # words that stand where a name could and name nobody
OPENING_WORDS: Final = word_list("opening_words.txt")
GIVEN_NAMES: Final = word_list("given_names.txt")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’‘`´‐‑][^\W\d_]+)*\.?")
_SPELLINGS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"}
    | {"ł": "l", "đ": "d", "ı": "i"}
    | dict.fromkeys("’‘`´", "'")
)


class Name(NamedTuple):
    """The keys of a name's words. A name of one word is neither given nor family name but ``single``."""

    given: tuple[str, ...]
    family: tuple[str, ...]  # particles included, the name proper last
    single: str | None


def key(word: str) -> str:
    """Return what is equal for all spellings of ``word``."""
    if word.isascii() and "`" not in word:
        return word.lower()
    folded = unicodedata.normalize("NFC", word.casefold()).translate(_SPELLINGS)
    if folded.isascii():
        return folded
    return "".join(char for char in unicodedata.normalize("NFD", folded) if not unicodedata.combining(char))


def words(name: str) -> list[str]:
    """Return the words of a name as written, initials with their full stop."""
    return [word if len(word) == 2 else word.rstrip(".") for word in _WORD.findall(name)]


def parse(name: str) -> Name:
    """Take a name apart: ``Max von der Au``, ``Au, Max``, ``M. Au`` or a single word."""
    before, comma, after = name.partition(",")
    if comma and words(before) and words(after):
        return Name(tuple(map(key, words(after))), tuple(map(key, words(before))), None)
    keys = [key(word) for word in words(name)]
    if len(keys) < 2:
        return Name((), (), keys[0] if keys else key(name))
    cut = next((i for i, word in enumerate(keys) if i and word in PARTICLES), len(keys) - 1)
    if all(word in PARTICLES for word in keys[:cut]):  # "von der Au": a family name with its particles
        return Name((), tuple(keys), keys[-1])
    return Name(tuple(keys[:cut]), tuple(keys[cut:]), None)


def holds_given_name(name: str) -> bool:
    """Tell whether one of the words of ``name`` is a common given name, or half of one, or its genitive."""
    halves = (half for word in words(name.casefold()) for half in (word, *word.split("-")))
    return any(half in GIVEN_NAMES or (half[-1:] == "s" and half[:-1] in GIVEN_NAMES) for half in halves)
