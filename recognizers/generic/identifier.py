"""Official numbers with a form of their own: the check digits decide, a label makes up for mistyped ones."""

import re
from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from recognizers.base import TextRecognizer
from recognizers.finding import ID, Finding
from recognizers.generic.context import labelled
from recognizers.generic.reading import DIGIT, at_numbers
from recognizers.scores import CHECKSUM_SCORE, CONTEXT_SCORE, PATTERN_SCORE

_GLUED_BEFORE = re.compile(r"(?:\w|[0-9][.,/:-]|[A-Za-z]-|[#@$])\Z")
_GLUED_BEHIND = re.compile(r"\w|[-/.,:][0-9]|-[A-Za-z]")


class IdentifierRecognizer(TextRecognizer):
    """Finds numbers of the ``form`` that ``valid`` accepts, or that one of the words of ``told`` introduces.

    ``alone``: right check digits are enough without a label, where the number is written like ``alone_form``.
    ``form`` begins with a digit, or as many characters before its first digit as ``back`` says.
    """

    kinds = (ID,)
    needs = DIGIT
    form: ClassVar[re.Pattern[str]]
    told: ClassVar[re.Pattern[str]]
    back: ClassVar[tuple[int, ...]] = (0,)
    alone: ClassVar[bool] = True
    alone_form: ClassVar[re.Pattern[str]] = re.compile(r"[\s\S]+")
    alone_score: ClassVar[float] = CHECKSUM_SCORE

    @abstractmethod
    def valid(self, compact: str) -> bool:
        """Tell whether a number, without its separators and in upper case, has the right check digits."""

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every number of ``text``, without its label."""
        for match in at_numbers(text, self.form, self.back):
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
