"""E-mail addresses as people say them: `max punkt mueller at gmx punkt de`, `m dot miller at example dot com`.

The word for the at-sign with a spoken domain behind it is the anchor; the words before it belong to the address as far
as words for dots and dashes, single letters or digits join them.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import EMAIL, Finding
from recognizers.generic.context import words
from recognizers.generic.reading import Marks
from recognizers.generic.spoken import AT, DOT, DOUBLE, JOINERS, TOP_LEVEL
from recognizers.scores import PATTERN_SCORE

_WORD: Final = r"[^\W_][\w]{0,40}"
_SIGN = re.compile(
    rf"[\s,]{{1,3}}{AT}(?:[ -]zeichen)?[\s,]{{1,3}}(?=[^\W_])", re.IGNORECASE
)
_DOMAIN = re.compile(
    # gmx punkt de, t minus online punkt de, example dot co dot uk, firma.de
    rf"(?:{_WORD}(?:(?:\s(?:{JOINERS}|{DOT})\s|[-.]|\s(?=\w\s)|(?<=\s\w)\s){_WORD}){{0,8}}?(?:,?\s{DOT}\s){TOP_LEVEL}|"
    rf"{_WORD}(?:[-.]{_WORD}){{0,3}}\.[a-z]{{2,6}})(?:\s{DOT}\s(?:uk|de|at|com))?(?!\w)",
    re.IGNORECASE,
)
_JOINER = re.compile(rf"(?:{DOT}|{JOINERS})\Z", re.IGNORECASE)
_DOUBLE = re.compile(rf"{DOUBLE}\Z", re.IGNORECASE)
_TOKEN = re.compile(r"\S+")
_GLUED = re.compile(r"[\w.+-]*[._+0-9-][\w.+-]*\Z")
_ANCHORS: Final = Marks(
    " at ", " ät ", " @ ", "arroba", "arobas", "chiocciola", "apenstaart", "małpa", "klammeraffe", "affenschwanz"
)
# Words that end the walk to the left.
_STOP: Final = frozenset(
    words("ist lautet is an unter mail email e-mail adresse address est es jest to mich me look see find")
)


class DictatedEmailRecognizer(TextRecognizer):
    """Finds spoken e-mail addresses; the span covers all their words."""

    kinds = (EMAIL,)
    needs = _ANCHORS

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every dictated address of ``text``."""
        if not _ANCHORS.search(text):
            return
        for sign in _SIGN.finditer(text):
            domain = _DOMAIN.match(text, sign.end())
            start = _local_start(text, sign.start()) if domain else None
            if domain and start is not None and (" " in domain.group() or _GLUED.match(text[start : sign.start()])):
                yield Finding(start, domain.end(), EMAIL, PATTERN_SCORE, self.name)


def _local_start(text: str, end: int) -> int | None:
    """Walk left over the words of the local part and return where it begins."""
    window_start = max(0, end - 160)
    tokens = list(_TOKEN.finditer(text, window_start, end))
    start: int | None = None
    taken: list[str] = []
    for token in reversed(tokens):
        word = token.group().strip(",")
        if start is not None and not _belongs(word, taken[-1], tokens_left=len(taken)):
            break
        if not re.match(r"[\w.+-]+\Z", word) or (taken and word.endswith((".", ":"))):
            break
        start = token.start()
        taken.append(word)
    while taken and _JOINER.match(taken[-1]):  # a joiner joins two words
        taken.pop()
        start = tokens[-len(taken)].start() if taken else None
    return start


def _belongs(word: str, right: str, tokens_left: int) -> bool:
    """Tell whether ``word`` goes with the word to its right into one local part."""
    if tokens_left > 24 or word.casefold() in _STOP:
        return False
    if _JOINER.match(word) or _JOINER.match(right):
        return True
    if _DOUBLE.match(right):
        return len(word) == 1
    if len(right) == 1 or right.isdigit():
        joins = len(word) == 1 or word.isdigit() or _DOUBLE.match(word) is not None
        return joins or (right.isdigit() and word.islower())
    return False
