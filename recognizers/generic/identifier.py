"""Official numbers with a form of their own: the check digits decide, a label makes up for mistyped ones."""

import re
from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Final

from recognizers.base import CHECKSUM_SCORE, CONTEXT_SCORE, PATTERN_SCORE, TextRecognizer
from recognizers.finding import ID, Finding
from recognizers.generic.context import labelled

# One object, so that a detector may search for it once for all recognizers that need it.
NINE_DIGITS: Final = re.compile(r"[0-9](?:[ \u00a0./\-\u2010-\u2013]?[0-9]){8}")
_GLUED_BEFORE = re.compile(r"(?:\w|[0-9][.,/:-]|[A-Za-z]-|[#@$])\Z")
_GLUED_BEHIND = re.compile(r"\w|[-/.,:][0-9]|-[A-Za-z]")


class IdentifierRecognizer(TextRecognizer):
    """Finds numbers of the ``form`` that ``valid`` accepts, or that one of the words of ``told`` introduces.

    ``alone``: right check digits are enough without a label, where the number is written like ``alone_form``.
    ``form`` begins with what is cheap to search for.
    """

    kinds = (ID,)
    form: ClassVar[re.Pattern[str]]
    told: ClassVar[re.Pattern[str]]
    alone: ClassVar[bool] = True
    alone_form: ClassVar[re.Pattern[str]] = re.compile(r"[\s\S]+")
    alone_score: ClassVar[float] = CHECKSUM_SCORE

    def __init_subclass__(cls) -> None:
        """Share one necessary condition: what has none of its own has nine digits."""
        super().__init_subclass__()
        if "form" in vars(cls) and "needs" not in vars(cls):
            cls.needs = NINE_DIGITS

    @abstractmethod
    def valid(self, compact: str) -> bool:
        """Tell whether a number, without its separators and in upper case, has the right check digits."""

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every number of ``text``, without its label."""
        for match in self.form.finditer(text):
            start, end = match.span()
            if _GLUED_BEFORE.search(text[max(0, start - 2) : start]) or _GLUED_BEHIND.match(text, end):
                continue
            valid = self.valid(re.sub(r"[^0-9A-Za-z]", "", match.group()).upper())
            if valid and self.alone and self.alone_form.fullmatch(text, start, end):
                yield Finding(start, end, ID, self.alone_score, self.name)
            elif labelled(text, start, self.told):
                yield Finding(start, end, ID, CHECKSUM_SCORE if valid else CONTEXT_SCORE, self.name)


class FormRecognizer(IdentifierRecognizer):
    """Finds numbers whose form hardly means anything else; ``valid`` may refuse some."""

    alone_score = PATTERN_SCORE
