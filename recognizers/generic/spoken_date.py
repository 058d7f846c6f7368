"""Dates of birth in words, as they are dictated and as deeds write them: `am dritten Mai neunzehnhundertachtzig`.

Like `birth_date`, only beside a word that says somebody was born; the span covers the words from the day to the year.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import DOB, Finding
from recognizers.generic.birth_date import MONTH
from recognizers.generic.context import any_of
from recognizers.generic.reading import Marks, folded, occurrences
from recognizers.scores import CONTEXT_SCORE

_BORN: Final = (
    "geboren", "geburtsdatum", "geburtstag", "born", "birth", "né le", "née le", "né(e) le", "naissance", "nacido",
    "nacida", "nacimiento", "nací", "nato", "nata", "nascita", "geboortedatum", "urodzon", "urodzenia",
)  # fmt: skip
_UNIT: Final = r"(?:one|two|three|four|five|six|seven|eight|nine|oh)"
_YEAR: Final = (
    # German, English, Dutch, Polish, French, Spanish, Italian; German speakers also leave out the century
    r"(?:neunzehnhundert[a-zäöüß]*|zweitausend[a-zäöüß]*|[a-zäöüß]{0,14}(?:zig|ßig)|"
    rf"(?:nineteen|twenty|two[ ]thousand)(?:[ -](?:and[ ])?(?:[a-z]{{3,6}}ty|[a-z]{{3,6}}teen|ten|eleven|twelve|"
    rf"hundred|{_UNIT})(?:[ -]{_UNIT})?)?|negentienhonderd[a-zë]*|negentien[ ][a-zë]{{5,20}}tig|tweeduizend[a-zë]*|"
    r"(?:tysiąc[ ]dziewięćset|dwa[ ]tysiące|dwutysięczn)[\w ]{0,40}|"
    r"(?:mille[ -]neuf[ -]cents?|deux[ -]mille|mil[ ]novecientos|dos[ ]mil|millenovecento|duemila)"
    r"(?:[\w-]|[ ](?:[yi][ ]|et[ ])?(?=[a-zé]{2,14}(?:\W|\Z))(?!à|a[ ]|en[ ]|in[ ]|et[ ]|e[ ]|y[ ])){0,40})"
)
_DATE = re.compile(
    rf"(?:[0-3]?[0-9]\.?|[^\W\d_]{{2,18}}(?:[ -](?:y[ ]|et[ ])?[^\W\d_]{{2,12}})?)[ ](?:of[ ]|de[ ])?"
    rf"(?:{MONTH}|[a-zäöüß]{{2,14}}te[nr]),?[ ](?:de[ ]|del[ ])?{_YEAR}(?![^\W\d_])",
    re.IGNORECASE,
)
_NEAR: Final = 60
_DAY_BEGINS = re.compile(r"(?<![\w.])(?!(?:am|on|the|le|el|il|op|der|den|dem|is|ist|was|war)\b)[^\W_]", re.IGNORECASE)
_CENTURY = re.compile(
    any_of(
        r"neunzehn zweitausend zig\b ßig\b nineteen twenty two\sthousand negentien tweeduizend tysiąc dwa\styś mille"
        r" mil\s millenovecento duemila"
    ),
    re.IGNORECASE,
)


class SpokenDateRecognizer(TextRecognizer):
    """Finds dates of birth in words."""

    kinds = (DOB,)
    needs = Marks(*_BORN)

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every such date of ``text``, without the words before the day."""
        for _, end in occurrences(folded(text), _BORN):
            near = text[end : end + 2 * _NEAR]
            if not _CENTURY.search(near):
                continue
            for word in _DAY_BEGINS.finditer(near[:_NEAR]):
                date = _DATE.match(near, word.start())
                if date:
                    yield Finding(end + date.start(), end + date.end(), DOB, CONTEXT_SCORE, self.name)
                    break
