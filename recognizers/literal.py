"""Text that already has the form of a token, in any disguise that would be restored.

Such text is hidden like a value, under the kind LITERAL, so that what a user types as `[PERSON_1]` comes back as typed
and is never mistaken for a token of ours. Only known kinds count: `MAX_2` and `[TODO_1]` are nobody's token.
"""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from recognizers import finding as kinds_of_ours
from recognizers.base import TextRecognizer
from recognizers.finding import LITERAL, Finding
from recognizers.scores import CHECKSUM_SCORE

KNOWN_KINDS = tuple(
    sorted(value for name, value in vars(kinds_of_ours).items() if name.isupper() and isinstance(value, str))
)

# Escapes, entities, full-width and zero-width characters are gone from the shadow this recognizer reads.
_FILL = r"[\s>*`]{0,22}"  # line breaks, the marks of quoted lines, emphasis
_GAP = r"(?=[_\s>\\-])[\s>]{0,16}\\{0,8}[_-]?[\s>]{0,16}"
_PART = r"(?:FULL|GIVEN|FAMILY|ALT)(?:[1-9][0-9]{0,5})?"
_NUMBER = r"[1-9][0-9]{0,8}"


class LiteralRecognizer(TextRecognizer):
    """Finds tokens in text: bracketed in any case and spacing, or bare in upper case with underscores.

    It finds at least what a restorer reads, in the shadow of a text.
    """

    kinds: ClassVar[tuple[str, ...]] = (LITERAL,)
    needs: ClassVar[re.Pattern[str] | None] = re.compile(r"[_\[［【⟦]")

    def __init__(self, extra_kinds: Iterable[str] = ()) -> None:
        super().__init__()
        known = sorted({*KNOWN_KINDS, *extra_kinds}, key=len, reverse=True)
        loose = "|".join(kind.replace("_", _GAP) for kind in known)
        strict = "|".join(known)
        self._pattern = re.compile(
            rf"[\[［【⟦]{{1,2}}{_FILL}(?i:(?:{loose}){_GAP}{_NUMBER}(?:{_GAP}{_PART})?)"
            rf"(?:{_FILL}[\]］】⟧]{{1,2}}|(?![.,]?\d))"
            rf"|(?<![A-Za-z0-9_])(?:{strict})_{_NUMBER}(?:_{_PART})?(?!(?!s\b)[A-Za-z0-9])[\]］】⟧]?"
        )

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every token form of ``text``."""
        for match in self._pattern.finditer(text):
            yield Finding(match.start(), match.end(), LITERAL, CHECKSUM_SCORE, self.name)
