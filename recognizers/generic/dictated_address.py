"""Streets whose house number is said in words, as people dictate them: `Lindenweg siebzehn a`, `via Mazzini diciotto`.

A word for a street and a number beside it in the country's order are needed, so that a number of things is none.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import ADDRESS, Finding
from recognizers.generic.reading import folded
from recognizers.generic.spoken import DIGITS, TENS
from recognizers.scores import PATTERN_SCORE

_ARTICLES: Final = frozenset({"ein", "eins", "een", "één", "un", "uno", "one", "oh"})
# How a language says hundreds in front of a number, as one word with it.
_HUNDREDS: Final = {"de": ("hundert", "einhundert", "zweihundert"), "nl": ("honderd", "tweehonderd"), "it": ("cento",)}


def _numbers(language: str) -> list[str]:
    """Return the words of which a number up to some hundreds is said, the longest first."""
    plain = f"{TENS[language]} {DIGITS[language]}".split()
    hundreds = _HUNDREDS.get(language, ())
    return sorted({*plain, *hundreds, *(hundred + word for hundred in hundreds for word in plain)}, key=len)[::-1]


def _said(language: str) -> str:
    word = rf"(?:{'|'.join(_numbers(language))})(?![^\W\d_])"
    return rf"(?:(?:a|one|two)[ ])?{word}(?:[ -](?:und[ ]|and[ ]|y[ ])?{word}){{0,3}}"


_WORDS: Final = frozenset(word for language in DIGITS for word in _numbers(language)) - _ARTICLES
_CAPITAL: Final = r"(?-i:[A-ZÀ-Þ])[\w'’.-]{0,20}"
_NAMED: Final = r"(?!(?:le|lo|il|i|gli|una?|con|per|da|che|chi|e|in|non|di|que|por|y|en|va|vai)[ ])[\w'’.]{1,20}[ ]"
_NO_STREET: Final = (
    r"(?:park|stell|arbeits|sitz|spiel|liege|zelt|steh|tabellen|start|lager|koch|rast|heim|hin|rück|rad|um|super|bau|jahr|"
    r"floh|weihnachts|bahn|kabel)"
)
_STREETS: Final = {
    "de": (
        rf"(?!{_NO_STREET}(?:platz|weg|markt|ring|damm|graben)[ ])"
        r"(?:[^\W\d_][\w-]{1,30}(?:stra(?:ß|ss)e|weg|gasse|platz|allee|ring|ufer|damm|steig|chaussee|graben)"
        rf"|{_CAPITAL}[ ]Stra(?:ß|ss)e)[ ](?:(?:haus)?nummer[ ])?{_said('de')}(?:[ ]?[a-h])?"
        r"(?=[ ]*(?:[,.;:!?)\n]|\Z|in[ ]))"
    ),
    "en": (
        rf"{_said('en')},?[ ](?:{_CAPITAL}[ ]){{1,3}}(?-i:Road|Street|Lane|Terrace|Grove|Avenue|Drive|Close|Court|"
        rf"Crescent|Gardens|Square|Mews)(?:,?[ ](?:flat|apartment|unit)[ ]{_said('en')})?(?!\w)"
    ),
    "es": (
        rf"(?:calle|avenida|ronda|plaza|paseo|camino)[ ](?:{_NAMED}){{1,4}}?(?:número[ ])?{_said('es')}"
        r"(?=[ ]*(?:[,.;:!?)\n]|\Z|en[ ]))"
    ),
    "fr": (
        rf"(?!un[ ]){_said('fr')}(?:[ ](?:bis|ter))?,?[ ]"
        r"(?:rue|avenue|boulevard|place|chemin|impasse|allée|quai)[ ]"
        rf"(?:(?:de[ ]la|de[ ]l['’]|des|du|de|d['’])[ ]?)?{_CAPITAL}(?:[ ]{_CAPITAL}){{0,3}}"
    ),
    "it": (
        rf"(?:via|viale|piazza|piazzale|corso|largo|vicolo|contrada)[ ](?:{_NAMED}){{1,3}}?(?:(?:numero|civico)[ ])?"
        rf"{_said('it')}(?:[ ]barra[ ]\w{{1,4}})?(?:,?[ ]interno[ ]{_said('it')})?(?!\w)"
    ),
    "nl": (
        rf"[^\W\d_][\w-]{{2,30}}(?:straat|laan|plein|gracht|kade|dijk|singel)[ ](?:nummer[ ])?{_said('nl')}"
        r"(?:[ ][a-h])?(?![\w-])"
    ),
    "pl": (
        r"(?:ul\.|ulic[aęyą]|al\.|alej[ai]|os\.|osiedl[eu]|placu?)[ ]?(?:[^\W\d_][\w.]{1,20}[ ]){1,3}?"
        rf"{_said('pl')}(?:[ ](?:łamane[ ])?(?:przez|mieszkani[ae]|lokal)[ ]{_said('pl')})?(?!\w)"
    ),
}
_PATTERNS: Final = [re.compile(rf"(?<![\w-])(?:{street})", re.IGNORECASE) for street in _STREETS.values()]
_SIGNS: Final = str.maketrans(",.;:!?()-", "         ")


class _NumberInWords:
    """The condition that a number is said that is no article."""

    def search(self, text: str) -> bool | None:
        """Return True where one is."""
        return not _WORDS.isdisjoint(folded(text).translate(_SIGNS).split()) or None


class DictatedAddressRecognizer(TextRecognizer):
    """Finds streets with a house number in words."""

    kinds = (ADDRESS,)
    needs = _NumberInWords()

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every such street of ``text``, its number and the number of the flat included."""
        if self.needs.search(text):
            for pattern in _PATTERNS:
                for street in pattern.finditer(text):
                    yield Finding(*street.span(), ADDRESS, PATTERN_SCORE, self.name)
