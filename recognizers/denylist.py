"""An organisation's own list of values, thousands of them, found in one pass over the text (Aho and Corasick, 1975).

Entries match as whole words, in any case and with any run of blanks where the entry has one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import ahocorasick

from recognizers.base import CHECKSUM_SCORE, TextRecognizer
from recognizers.errors import ConfigurationError
from recognizers.finding import Finding

KIND: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")  # the names of which tokens can be minted
_BLANKS: Final = re.compile(r"\s+")


def fold(text: str) -> str:
    """Lower-case ``text`` and turn every blank into a space, character by character, so that offsets stay."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return _SPACE.sub(" ", lower)


_SPACE: Final = re.compile("[\t\n\r\f\v\u00a0\u2007\u2009\u202f]")


class DenyList(TextRecognizer):
    """Finds the given values. They live in an automaton of some 100 bytes a character, and appear in no message."""

    def __init__(
        self, kind: str, entries: Iterable[str], name: str | None = None, score: float = CHECKSUM_SCORE
    ) -> None:
        if not KIND.fullmatch(kind):
            raise ConfigurationError("a deny list's kind is upper-case words and digits joined by underscores")
        self.kinds = (kind,)  # type: ignore[misc]  # one class, many lists
        super().__init__(name)
        self._kind = kind
        self._score = score
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
        for entry in entries:
            if folded := _BLANKS.sub(" ", fold(entry)).strip():
                self._automaton.add_word(folded)
        if not self._automaton:
            raise ConfigurationError(f"the deny list of kind {kind} has no entries")
        self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every entry that stands in ``text`` as a whole word or words."""
        folded = fold(text)
        for last, length in self._automaton.iter(folded):
            start, end = last + 1 - length, last + 1
            if whole_words(folded, start, end):
                yield Finding(start, end, self._kind, self._score, self.name)


def whole_words(text: str, start: int, end: int) -> bool:
    """Tell whether no letter or digit continues ``start:end`` on either side."""
    return not (
        (start > 0 and text[start - 1].isalnum() and text[start].isalnum())
        or (end < len(text) and text[end].isalnum() and text[end - 1].isalnum())
    )
