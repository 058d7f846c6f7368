"""What real text has been through: case, umlauts, escapes and typing errors; spans move along."""

import html
import random

from examples import Example, rewrite

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_FLAT = str.maketrans("äöüéèêàâçñóíáúôîûłńśżźćęąÄÖÜÉ", "aoueeeaacnoiauoiulnszzceaAOUE")
_ENTITIES = {
    "ä": "&auml;",
    "ö": "&ouml;",
    "ü": "&uuml;",
    "Ä": "&Auml;",
    "Ö": "&Ouml;",
    "Ü": "&Uuml;",
    "ß": "&szlig;",
    "é": "&eacute;",
    "è": "&egrave;",
    "à": "&agrave;",
    "ç": "&ccedil;",
    "ñ": "&ntilde;",
}


def disguise(example: Example, rng: random.Random) -> Example:
    """Now and then: lower case, capitals, umlauts written out or flattened."""
    if (dice := rng.random()) < 0.10:
        example = rewrite(example, str.lower)
    elif dice < 0.13:
        example = rewrite(example, str.upper)
    if (dice := rng.random()) < 0.06:
        example = rewrite(example, lambda text: text.translate(_UMLAUTS))
    elif dice < 0.09:
        example = rewrite(example, lambda text: text.translate(_FLAT))
    return example


def worn(example: Example, rng: random.Random) -> Example:
    """The wear of real text: case, umlauts, escapes, typing errors."""
    example = disguise(example, rng)
    if (dice := rng.random()) < 0.02:
        example = rewrite(
            example, lambda text: html.escape(text, quote=False).encode("ascii", "xmlcharrefreplace").decode()
        )
    elif dice < 0.04:
        example = rewrite(example, lambda text: text.encode("ascii", "backslashreplace").decode())
    elif dice < 0.06:
        example = rewrite(example, _named_entities)
    if rng.random() < 0.06:
        example = rewrite(example, lambda text: _mistyped(text, rng))
    return example


def _named_entities(text: str) -> str:
    return "".join(_ENTITIES.get(sign, sign) for sign in text)


def _mistyped(text: str, rng: random.Random) -> str:
    """One letter in sixty swapped with its neighbour, doubled or left out."""
    signs = list(text)
    for i in range(len(signs) - 1):
        if signs[i].isalpha() and signs[i + 1].isalpha() and rng.random() < 1 / 60:
            match rng.randint(0, 2):
                case 0:
                    signs[i], signs[i + 1] = signs[i + 1], signs[i]
                case 1:
                    signs[i] *= 2
                case _:
                    signs[i] = ""
    return "".join(signs)
