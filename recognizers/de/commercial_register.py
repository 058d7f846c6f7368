"""Entries of the German commercial register (§ 9 HGB). They name companies, so an operator switches this one on."""

import re
from collections.abc import Iterator

from recognizers.base import TextRecognizer
from recognizers.finding import ID, Finding
from recognizers.scores import PATTERN_SCORE

_ENTRY = re.compile(
    r"(?:HRA|HRB|GnR|PR|VR|GsR)[ \u00a0]?(?:Nr\.?[ ]?)?([0-9]{1,6}(?:[ ](?:[A-Z]|HB|FL|NM|KI|PI|RZ)(?!\w))?)(?!\w)"
)


class CommercialRegisterRecognizer(TextRecognizer):
    """Finds the number of an entry, with the letter of its court's place and without `HRB`."""

    kinds = (ID,)
    needs = re.compile(r"HR[AB]|GnR|PR|VR|GsR")

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every register number of ``text``."""
        for entry in _ENTRY.finditer(text):
            if not text[entry.start() - 1 : entry.start()].isalnum():
                yield Finding(*entry.span(1), ID, PATTERN_SCORE, self.name)
