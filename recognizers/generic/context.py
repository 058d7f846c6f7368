"""What stands beside a value: the labels that say what a number is, and the units that say what it is not.

Everything here looks at a bounded slice of the text, so a recognizer that asks once per candidate stays linear.
"""

import re
from typing import Final

# Blanks that may stand inside a number: space, tab, no-break, figure, thin and narrow no-break spaces.
BLANK: Final = " \\t\\u00a0\\u2007\\u2009\\u202f"
# Hyphens and dashes as people type or typeset them (the soft hyphen is gone before recognizers run).
DASH: Final = "\\-\\u2010\\u2011\\u2012\\u2013\\u2014\\u2212"

# Between a label and its value: `Tel.: `, `"iban": "`, `phone=`, `Nummer lautet `, `is `.
_IS: Final = r"(?:(?:ist|lautet|war|is|was|est|es|è|is|to|jest|als|von|unter|:)[:\s]{1,2})?"
_LINK: Final = rf"[\"'`*_]{{0,3}}\)?[.:=#|>º°\t ]{{0,4}}{_IS}[\"'`*_\[(<\s#:=]{{0,5}}"

_LINK_ENDS: Final = " \t\r\n.:=#|>\"'`*_([<)]º°-–\u00a0"
_UNIT = re.compile(
    rf"[{BLANK}]?(?:%|‰|€|\$|£|EUR|CHF|USD|GBP|PLN|zł|Euro|euros?|Franken|Stück|Stk|pcs|pieces|units|kg|g\b|km|"
    rf"m[²³]?\b|cm|mm|"
    r"ml|l\b|kWh|MWh|Wh\b|W\b|kW\b|MB|GB|TB|KB|kB|ms\b|s\b|Mio|Mrd|million|Prozent|percent|Einwohner|Besucher|Seiten|"
    r"Zeichen|°)"
)


def words(listed: str) -> tuple[str, ...]:
    """Split a list of words; one with an underscore stands for itself and for the same with a blank."""
    listed_words = listed.split()
    return tuple(dict.fromkeys([*listed_words, *(word.replace("_", " ") for word in listed_words)]))


def any_of(listed: str) -> str:
    """Return a pattern for any of the words of such a list; the words may be patterns."""
    return f"(?:{'|'.join(listed.split())})"


def label(words: str) -> re.Pattern[str]:
    """Compile a pattern that matches where a text ends in one of ``words`` (an alternation) and its link.

    Case is ignored. The pattern is meant for `labelled`; its group 1 is the label itself.
    """
    return re.compile(rf"(?<![^\W\d_])({words}){_LINK}\Z", re.IGNORECASE)


def before(text: str, start: int, reach: int = 48) -> str:
    """Return up to ``reach`` characters that stand before ``start``."""
    return text[max(0, start - reach) : start]


def labelled(text: str, start: int, pattern: re.Pattern[str], reach: int = 48) -> bool:
    """Tell whether the value at ``start`` has one of the pattern's labels directly before it."""
    window = before(text, start, reach)
    if not any(c.isalpha() for c in window.rstrip(_LINK_ENDS)[-3:]):
        return False  # another number stands there
    return pattern.search(window) is not None


def measured(text: str, end: int) -> bool:
    """Tell whether a unit or a currency follows the number that ends at ``end``."""
    return _UNIT.match(text, end) is not None
