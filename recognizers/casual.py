"""Names in messages that nobody bothered to write with capitals: "frag mal die anja", "can u tell kofi".

Only a given name that is no word, right after a word that leads to names, in a surrounding without a capital letter.
With a capital a German article leads to one as well: "grüß mir den Manni".
"""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from recognizers.base import TextRecognizer
from recognizers.finding import PERSON, Finding
from recognizers.generic.places import town_end
from recognizers.person import GIVEN_NAMES, WORDS, word_list
from recognizers.scores import MODEL_SCORE, PATTERN_SCORE

_NAMES: Final = word_list("casual_names.txt")
CUES: Final = word_list("name_cues.txt")
_CUED: Final = re.compile(r"(?<![\w@#./'’-])([^\W\d_]+(?:'[^\W\d_]+)?),?[ ]+(?=([^\W\d_]{3,20})(?![\w@/'’-]|\.\w))")
_ARTICLED: Final = re.compile(
    r"(?<![\w@#./'’-])(?:der|die|den|dem|vom|beim)[ ]([A-ZÄÖÜ][a-zäöüß]{2,19})(?![\w@&/'’-]|[ ][&A-ZÄÖÜ]|\.\w)"
)
_AROUND: Final = 120  # characters on either side that must be without capitals


class CasualNameRecognizer(TextRecognizer):
    """Finds given names written small among small letters."""

    kinds: ClassVar[tuple[str, ...]] = (PERSON,)
    needs: ClassVar[re.Pattern[str] | None] = re.compile(r"[^\W\d_A-ZÀ-Þ],? +[^\W\d_]")

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every given name after a word that leads to one."""
        for match in _ARTICLED.finditer(text):
            name = match[1].casefold()
            if name in GIVEN_NAMES and name not in WORDS and town_end(text, match.start(1)) != match.end(1):
                yield Finding(*match.span(1), PERSON, MODEL_SCORE, self.name)
        for match in _CUED.finditer(text):
            name = match[2]
            if match[1] not in CUES or not (name in _NAMES or (name[-1] == "s" and name[:-1] in _NAMES)):
                continue
            start, end = match.span(2)
            if text[max(0, start - _AROUND) : end + _AROUND].islower():
                end -= name not in _NAMES
                yield Finding(start, end, PERSON, PATTERN_SCORE, self.name)
