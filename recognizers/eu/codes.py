"""Places with a postcode of five digits (France, Spain, Italy) and of four (Belgium, the Netherlands)."""

import re
from collections.abc import Iterator

from recognizers.generic.places import town_end
from recognizers.generic.postal import Part
from recognizers.generic.reading import at_numbers

_FIVE = re.compile(r"[0-9]{5}[ \u00a0]{1,2}(?=[^\W\d_])")
_FOUR = re.compile(r"[1-9][0-9]{3}[ \u00a0]{1,2}(?=[^\W\d_])")
_DUTCH = re.compile(
    r"[1-9][0-9]{3}[ \u00a0]?(?!SA|SD|SS)[A-Z]{2}(?!\w)(?:[ \u00a0]{1,3}(?P<town>[A-Z'’][\w'’.-]{1,30}(?:[ ](?:aan|"
    r"den|de|der|a/d|op|bij|[A-Z][\w'’-]{1,30})){0,3}))?"
)
_TOWN = re.compile(
    r"[^\W\d_][\w'’.-]{1,30}(?:[- ](?:sur|sous|en|la|le|les|de|del|della|di|d'|l'|los|las|el|"
    r"[A-ZÀ-Þ])[\w'’]{0,24}){0,4}"
)
_TAIL = re.compile(r"(?:[ ](?:CEDEX|Cedex)(?:[ ][0-9]{1,2})?|[ ]?\([A-ZÀ-Þ][\w -]{1,20}\)|[ ](?:[A-Z]{2})(?!\w))?")
_GLUED = re.compile(r"(?:[\w#$€£/]|[0-9][.,:]|[.,:-])\Z")


def five_digit_places(text: str) -> Iterator[Part]:
    """Yield five digits and what may be a town, as possible; the German recognizer says which are sure."""
    return _places(text, _FIVE)


def four_digit_places(text: str) -> Iterator[Part]:
    """Yield four digits and what may be a town, as possible: years look alike."""
    return _places(text, _FOUR)


def dutch_places(text: str) -> Iterator[Part]:
    """Yield `1234 AB` with the town behind it; a year before two capitals needs a street."""
    for code in at_numbers(text, _DUTCH):
        before = text[max(0, code.start() - 2) : code.start()]
        if _GLUED.search(before):
            continue
        town = code["town"]
        known = town is not None and town_end(text, code.start("town")) is not None
        year = text[code.start() : code.start() + 2] in {"19", "20"}
        alone = town is not None and not year and re.search(r"(?:\A|[\n,>])[ ]?\Z", before) is not None
        yield Part(code.start(), code.end(), "place", sure=known or alone, shy=year)


def _places(text: str, form: re.Pattern[str]) -> Iterator[Part]:
    for code in at_numbers(text, form):
        if _GLUED.search(text[max(0, code.start() - 2) : code.start()]):
            continue
        known, town = town_end(text, code.end()), _TOWN.match(text, code.end())
        end = known or (code.end() + len(town.group().rstrip(".'’-")) if town else None)
        if end:
            tail = _TAIL.match(text, end)
            shy = form is _FOUR and (known is None or code.group()[:2] in {"19", "20"})  # it may be a year
            yield Part(code.start(), tail.end() if tail else end, "place", sure=False, shy=shy)
