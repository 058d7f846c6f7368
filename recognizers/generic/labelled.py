"""Values that only the word before them tells: `Kundennummer: 4711-22`, `order_id=88123`, `n° de commande 12345`.

The words are looked for first, as plain strings, because most texts hold none of them; what follows is then read with
patterns of bounded length. The label stays outside the span.
"""

import re
from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Final, NamedTuple

from recognizers.base import TextRecognizer
from recognizers.finding import Finding
from recognizers.generic.context import BLANK
from recognizers.generic.reading import occurrences_before_digits
from recognizers.scores import CONTEXT_SCORE

_NUMBER_WORD: Final = (
    r"(?:nummern?|nr|no|num|number|numbers|id|ids|ref|reference|referenz|numéro|numero|número|numer|n[°º]|n\.|kennung|"
    r"kennzeichen|zeichen|codes?)"
)
_AMOUNT: Final = (
    r"(?![^\W\d]{0,8}?[ _-]?(?:menge|wert|betr[aä]g|summe|volumen|größe|zahl|quantity|total|amount|value|size|count|"
    r"stand(?!\w)|datum|date|preis|price|importo?|montant|kwot|bedrag|aantal)(?!\w*(?:nummer|nr)))"
)
_TAGS: Final = r"(?:[ ]?</?[A-Za-z][^<>\n]{0,120}>[ ]?){0,3}"
_TAIL = re.compile(
    # the rest of the word, a second word at most, then the number word and what links it to the value
    rf"{_AMOUNT}"
    rf"(?:[^\W\d]{{0,18}}?(?P<said>[ \t_.-]{{0,2}}{_NUMBER_WORD}(?!\w)\.?(?:[ ](?:der|des|vom|of|de|du)[ ]\w{{2,16}})?|"
    rf"[ ](?:der|des|von|of|de|du|del|di|van)[ ][^\d\n:;,.]{{2,30}}:|"
    rf"[:=#]|/(?=[\w-]*[0-9])|[\"'][ ]?:|[ ](?:lautet|ist|is)\b)|"
    rf"[^\W\d]{{0,18}}){_TAGS}"
    rf"(?:[ ]?\([^)\n]{{1,20}}\))?[\"'`*_]{{0,3}}\)?[ \t]?[.:=#|>]{{0,2}}(?:[ ]:)?[{BLANK}]{{0,3}}"
    rf"(?:(?:lautet|ist|war|is|was|says|est|es|è|to|jest|hat|trägt|has|tiene)[ :]{{1,2}}"
    rf"(?:(?:die|der|das|the|la|le|el|il|de)[ ])?)?"
    rf"[\"'`*_\[(<#]{{0,3}}"
    rf"(?:nr\.?|no\.?|n[°º]|number|nummer)?[:#]?[ ]?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:n[°º]|num[ée]ro|número|numero|numer|nr|no|number|nummer|id|sygn)\.?[ ]?(?:(?:de|du|di|del|della|dello|van|of|"
    r"des|der)[ ]"
    r"(?:la[ ]|le[ ]|l['’])?|d['’]|dell['’])?\Z",
    re.IGNORECASE,
)
_MORE = re.compile(r"[\"']?(?:[ ]?[,;/&+][ ]?|[ ](?:und|and|et|y|e|en|i|oder|or|sowie|sondern|statt|but|not|nicht|"
    r"instead of|mais|sino|maar|"
    r"lecz)[ ](?:(?:um|auf|die|der|das|nicht|for|to|rather)[ ]){0,2})[#\"'`]?")


# What people say between a number word and the number: `die Nummer von der Kollegin ist`, `hab ich:`, and the answer to
# a question on the next line. Another kind of value named there breaks it off.
_BRIDGE = re.compile(
    r"(?:[^\d\n.;!?|{}<>=]{1,44}|[?.:!)]{0,3}[ ]?\n{1,2}[ \t>*-]{0,4}(?:[^\W\d_][\w ().@-]{0,30}:[ \t]*)?"
    r"[^\d\n.;!?|{}<>=]{0,30})"
)
_OTHER_VALUE = re.compile(
    r"(?<![^\W\d_])(?:tel|fon|(?<!the[ ])phone|mobil|handy|fax|art[ií]|part|teil|serie|serial|modell?|typ|ean|isbn|"
    r"sku|version|plz|zip|betrag|preis|price|amount|total|importe?|montant|kwota|betreft|seit|since|dal|depuis|desde|"
    r"sinds|charge|lot|batch|iban|card|karte|code\b|gutschein|coupon|voucher|punkt|points)",
    re.IGNORECASE,
)
_TOKEN_START = re.compile(r"(?:(?<!\w)[A-Z]{1,4}[ ])?[A-Za-z0-9/._-]*\Z")
_NUMBER_WORD_ONLY = re.compile(rf"{_NUMBER_WORD}(?!\w)", re.IGNORECASE)

_BRIDGED_DIGITS: Final = 4


class Told(NamedTuple):
    """A value and how it was introduced: ``label`` as written, ``said`` if a number word, a colon or a hash says so."""

    start: int
    end: int
    label: str
    said: bool


class LabelledRecognizer(TextRecognizer):
    """Reads the value behind each of its ``stems``.

    ``stems`` are folded beginnings of words; ``tail`` matches what may stand between a stem and its value and has a
    group ``said``; ``value`` matches the value.
    """

    stems: ClassVar[tuple[str, ...]]
    tail: ClassVar[re.Pattern[str]] = _TAIL
    value: ClassVar[re.Pattern[str]]
    heads: ClassVar[frozenset[str]] = frozenset()  # stems that also end compounds: `Stromzähler`
    before: ClassVar[re.Pattern[str]] = _BEFORE  # what before a stem says the same as a number word behind it

    @abstractmethod
    def accepts(self, text: str, told: Told) -> bool:
        """Tell whether the value is one."""

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every value of ``text`` that one of the stems introduces."""
        seen: set[int] = set()
        for start, end in occurrences_before_digits(text, self.stems):
            inside = text[start:end].lower() in self.heads and text[start - 2 : start].isalpha()
            told = self._told(text, start, end) if inside or _begins_word(text, start) else None
            while told and told.start not in seen and self.accepts(text, told):
                seen.add(told.start)
                yield Finding(told.start, told.end, self.kinds[0], CONTEXT_SCORE, self.name)
                told = self._listed(text, told)

    def _told(self, text: str, start: int, end: int) -> Told | None:
        tail = self.tail.match(text, end)
        value = self.value.match(text, tail.end()) if tail else None
        if tail is not None and value is None:
            value = self._bridged(text, start, tail)
        if tail is None or value is None:
            return None
        end = value.end()
        if text[tail.end() - 1] == "/":  # in the path of a URL
            end = value.start() + len(value.group().partition("/")[0])
        said = bool(tail["said"]) or self.before.search(text[max(0, start - 24) : start]) is not None
        return Told(value.start(), end, text[start : tail.end()], said)

    def _bridged(self, text: str, start: int, tail: re.Match[str]) -> re.Match[str] | None:
        """Return the value that a few more words divide from a number word."""
        said = _NUMBER_WORD_ONLY.search(text, start, tail.end())
        if not said and not self.before.search(text[max(0, start - 24) : start]):
            return None
        at = said.end() if said else tail.end()
        bridge = _BRIDGE.match(text, at)
        token = _TOKEN_START.search(text, at, bridge.end()) if bridge else None
        if bridge is None or token is None or _OTHER_VALUE.search(text, at, token.start()):
            return None
        value = self.value.match(text, token.start())
        return value if value and sum(c.isdigit() for c in value.group()) >= _BRIDGED_DIGITS else None

    def _listed(self, text: str, told: Told) -> Told | None:
        """Return the next value of a list (`orders 88123, 88124 and 88125`): one written like the first."""
        more = _MORE.match(text, told.end)
        value = self.value.match(text, more.end()) if more else None
        if value is None or _shape(value.group()) != _shape(text[told.start : told.end]):
            return None
        return Told(value.start(), value.end(), told.label, told.said)


def _shape(value: str) -> str:
    return re.sub(r"[^\W\d_]", "a", re.sub(r"[0-9]", "0", value))


def _begins_word(text: str, start: int) -> bool:
    """Tell whether a word begins here, a part of a camel-case or snake-case name included."""
    if not start or not text[start - 1].isalpha():
        return True
    return text[start].isupper() and text[start - 1].islower()
