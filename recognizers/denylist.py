"""An organisation's own list of values, thousands of them, found in one pass over the text (Aho and Corasick, 1975).

Entries match as whole words, in any case and with any run of blanks where the entry has one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import ahocorasick

from recognizers.base import TextRecognizer
from recognizers.errors import ConfigurationError
from recognizers.finding import Finding
from recognizers.fold import fold, whole_words
from recognizers.scores import CHECKSUM_SCORE

KIND: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")  # the names of which tokens can be minted
_BLANKS: Final = re.compile(r"\s+")


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
