"""Dutch and Flemish addresses: `Keizersgracht 12-hs, 1015 CS Amsterdam`, `Kerkstraat 5 bus 3, 2000 Antwerpen`."""

import re
from collections.abc import Iterator

from recognizers.eu.codes import dutch_places, four_digit_places
from recognizers.generic.postal import Part, PostalRecognizer
from recognizers.generic.reading import DIGIT, at_numbers

_NUMBER = re.compile(
    r"[0-9]{1,4}(?:[ ]?[a-zA-Z](?!\w)|[-–][0-9]{1,4}|[- ]?(?:hs|huis|bis|rood|zwart|I{1,3}V?)(?!\w))?(?![0-9]|"
    r"[.:,][0-9]|\w)(?:(?:,[ ]?|[ ])(?:bus|bte|toevoeging|appartement|verdieping)[ ]?[0-9A-Z]{1,4}(?!\w))?"
)
_NAMED = re.compile(r"[^\W\d_][ ]\Z")  # every street ends in a letter
_SURE = re.compile(
    r"(?<!\w)[\w'’.-]*(?:straat|laan|plein|gracht|kade|singel|dijk|steeg|dreef|plantsoen|steenweg|"
    r"straatje)\Z", re.IGNORECASE,
)
_WEAK = re.compile(
    r"(?<!\w)[A-Z][\w'’.-]*(?:weg|hof|pad|park|markt|wal|poort|dam|ring|vaart|boulevard|veld|berg|hoek|lei|baan|"
    r"akker)\Z|(?<!\w)(?:Markt|Singel|Plein)\Z"
)
_OPENING = re.compile(
    r"(?<!\w)(?:(?:van|de|den|der|het|'t|Van|De|Den|Het|Eerste|Tweede|Derde|1e|2e|3e|Oude|Nieuwe|Lange|Korte|Grote|"
    r"Kleine|Burgemeester|Prins|Koningin|Sint|[A-Z][\w'’.-]{1,24})[ ]){1,4}\Z"
)


class DutchAddressRecognizer(PostalRecognizer):
    """Finds addresses as they are written in Dutch."""

    needs = DIGIT

    def parts(self, text: str) -> Iterator[Part]:
        """Yield streets, then places."""
        for number in at_numbers(text, _NUMBER):
            street = _street(text, number) if _NAMED.search(text, max(0, number.start() - 2), number.start()) else None
            if street:
                yield street
        yield from dutch_places(text)
        yield from four_digit_places(text)


def _street(text: str, number: re.Match[str]) -> Part | None:
    window = text[max(0, number.start() - 60) : number.start() - 1]
    line = window[window.rfind("\n") + 1 :]
    sure = _SURE.search(line)
    name = sure or _WEAK.search(line)
    if name is None or len(name.group()) < 5:
        return None
    opening = _OPENING.search(line[: name.start()]) if name.group()[0].isupper() and len(name.group()) < 9 else None
    start = number.start() - 1 - len(line) + (opening.start() if opening else name.start())
    return Part(start, number.end(), "street", sure is not None)
