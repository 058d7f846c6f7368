"""British, Irish and American addresses: number before street, units, P.O. boxes, postcodes, ZIP codes.

The word for a way decides; where it is also an ordinary word ("Park", "Way", "Court") a place must follow.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.generic.context import any_of
from recognizers.generic.postal import Part, PostalRecognizer
from recognizers.generic.reading import DIGIT, at_numbers, folded

_SURE_WAY: Final = any_of(
    r"""
    Street St\.? Road Rd\.? Avenue Ave\.? Av\. Lane Ln\.? Drive Dr\.? Close Crescent Cres\.? Square Sq\.? Terrace
    Gardens Gdns     Grove Mews Boulevard Blvd\.? Parkway Pkwy Highway Hwy Turnpike Expressway High[ ]St\.?
    """
)
_WEAK_WAY: Final = any_of(
    r"""
    Court Ct\.? Way Place Pl\.? Hill Park Row Circle Cir\.? Trail Trl Walk Green Rise View Quay Wharf Alley Loop Route
    Gate     Yard Parade Heights Bridge Common Fold Bank End Side Wood Meadow Meadows Vale Croft
    Plaza Crossing Point Run Pike Bend Cottages? Maltings Villas Buildings Barns Mansions
    """
)
_WORD: Final = r"(?:[A-Z][\w'’-]{1,30}|[A-Z]\.?|St\.|Dr\.|[0-9]{1,3}(?:st|nd|rd|th)|de|la|of|the)"
_STREET = re.compile(
    rf"[1-9][0-9]{{0,4}}[A-Za-z]?(?:[-–/][0-9]{{1,5}}[A-Za-z]?)?(?:[ ]1/2)?,?[ ](?:(?:[NSEW]\.?|North|South|East|"
    rf"West|Upper|Lower|Old|New|Great|Little|St\.?)[ ])?(?:(?:{_WORD}[ ]){{1,4}}?(?:(?P<sure>{_SURE_WAY})|"
    rf"(?P<weak>{_WEAK_WAY}))|Broadway)(?![\w'’])"
    r"(?:[ ](?:[NSEW]{1,2}|North|South|East|West)(?![\w]))?"
)
_LOWER_STREET = re.compile(
    r"[0-9]{1,5}[a-z]?[ ](?:[a-z'’]{2,20}[ ]){1,3}?(?:street|road|avenue|lane|crescent|terrace|boulevard|close|drive|"
    r"gardens|grove)(?!\w)"
)
_LOWER_PLACE = re.compile(
    r"(?:,?[ ][a-z'’.-]{2,20}){1,3},?[ ](?:[a-z]{2}[ ][0-9]{5}|[a-z]{1,2}[0-9][a-z0-9]?[ ]?[0-9][a-z]{2})(?!\w)"
)
_NO_STREET = re.compile(
    r"(?:Google|Hard|Flash|Tape|USB|Thumb|Test|Disk|Shared|Wall|Main[ ]Drive|C|D)[ ]Drive|Times[ ]Square|Wall[ ]St|"
    r"(?:items|files|people|days?|hours?|minutes?|times|percent|miles?|du|de|la|way|lane)[ ]",
    re.IGNORECASE,
)
_UNIT_BEFORE = re.compile(
    r"(?:(?:(?:Unit|Flat|Apartment)[ ][0-9]{1,4}[A-Za-z]?,[ ](?:The[ ])?[A-Z][a-z]{2,20}|Flat|Apartment|Apt\.?|Unit|"
    r"Suite|Room|Floor|House|Level|Studio|Basement[ ]Flat|Ground[ ]Floor(?:[ ]Flat)?|"
    r"[A-Z][\w'’]{2,20}[ ](?:House|Court|Lodge|Building|Mansions|Tower|"
    r"Hall))(?:[ ]?[0-9]{1,4}[A-Za-z]?|[ ][A-Z])?,?[ \n]{1,2}){1,2}\Z"
)
_UNIT_BEHIND = re.compile(
    r"(?:(?:,[ ]?|[ ]|,?[ ]?\n)(?:Apt\.?|Apartment|Unit|Suite|Ste\.?|Floor|Fl\.?|Room|Rm\.?|Flat|Bldg\.?|Building|"
    r"#)[ ]?#?[0-9]{0,5}[A-Za-z]?(?!\w)|,[ ][0-9]{1,2}(?:st|nd|rd|th)[ ](?:Floor|Fl\.?)){0,3}"
)
_BOX = re.compile(r"P\.?[ ]?O\.?[ ]?Box[ ][0-9]{1,7}(?!\w)", re.IGNORECASE)
_STATE: Final = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|"
    r"W[AIVY]|PR|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|"
    r"Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|"
    r"Mississippi|Missouri|Montana|Nebraska|Nevada|New[ ](?:Hampshire|Jersey|Mexico|York)|"
    r"North[ ](?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode[ ]Island|South[ ](?:Carolina|Dakota)|"
    r"Tennessee|Texas|Utah|Vermont|Virginia|Washington|West[ ]Virginia|Wisconsin|Wyoming)"
)
_TOWN: Final = (
    r"[A-Z][^\W\d_]{1,30}(?:['’-][^\W\d_]{1,20})?\.?"
    r"(?:[ -](?:[0-9]{1,2}(?![0-9])|[A-Z][\w'’.-]{1,30}|upon|on|of|le|the|in|under)){0,3}"
)
# Codes are found by their digits: the second half of a British postcode, of an Irish one, and a ZIP code.
_CODE = re.compile(r"[0-9](?:[A-Z]{2}|[0-9]{4}(?:-[0-9]{4})?|[0-9][ ]?[0-9AC-FHKNPRTV-Y]{4})(?![\w-])")
_HEAD = re.compile(
    rf"(?<![\w-])(?:(?P<zip>{_STATE},?[ ]{{1,2}})|(?P<post>[A-Z]{{1,2}}[0-9][A-Z0-9]?[ ]?)|"
    rf"(?P<irish>[AC-FHKNPRTV-Y]))\Z"
)
_TOWN_BEFORE = re.compile(rf"(?:(?<![\w]){_TOWN}(?:,[ ]?|[ ]|,?[ ]?\n[ ]{{0,8}})){{1,3}}\Z")
_SEPARATORS = re.compile(r"[,\s]+")
_LOCALITIES: Final = re.compile(rf"(?:(?:,[ ]?|,?[ ]?\n[ >]{{0,8}}){_TOWN}){{0,3}}(?:,[ ]?|[ ]|,?[ ]?\n[ >]{{0,8}})")


class EnglishAddressRecognizer(PostalRecognizer):
    """Finds addresses as they are written in English."""

    needs = DIGIT

    def parts(self, text: str) -> Iterator[Part]:
        """Yield streets and boxes, then places reaching back to the street before them."""
        streets = list(_streets(text))
        yield from streets
        for code in at_numbers(text, _CODE):
            head = _HEAD.search(text[max(0, code.start() - 24) : code.start()])
            if head and _fits(head, code.group()):
                yield _place(text, code.start() - len(head.group()), code.end(), streets)


def _streets(text: str) -> Iterator[Part]:
    lower = folded(text)
    for street in at_numbers(text, _STREET):
        if _stands_alone(text, street) and not _NO_STREET.search(street.group()):
            yield _with_units(text, street.start(), street.end(), sure=street["sure"] is not None)
    for street in at_numbers(text, _LOWER_STREET):
        if _stands_alone(text, street) and not _NO_STREET.search(street.group()):
            place = _LOWER_PLACE.match(text, street.end())
            yield _with_units(text, street.start(), place.end() if place else street.end(), sure=True)
    if "box" in lower:
        for box in _BOX.finditer(text):
            yield Part(box.start(), box.end(), "street", sure=True)


def _stands_alone(text: str, street: re.Match[str]) -> bool:
    return not re.search(r"(?:\w|[-.,:/#$€£]|[0-9][ ])\Z", text[max(0, street.start() - 2) : street.start()])


def _with_units(text: str, start: int, end: int, *, sure: bool) -> Part:
    before = _UNIT_BEFORE.search(text[max(0, start - 60) : start])
    behind = _UNIT_BEHIND.match(text, end)
    return Part(start - (len(before.group()) if before else 0), behind.end() if behind else end, "street", sure)


def _fits(head: re.Match[str], tail: str) -> bool:
    """Tell whether the two halves of a code are of one country."""
    if tail[1:3].isalpha():
        return head["post"] is not None
    if tail[:5].isdigit() and len(tail) in {5, 10}:
        return head["zip"] is not None
    return head["irish"] is not None and not tail[2:].strip().isdigit()


def _place(text: str, start: int, end: int, streets: list[Part]) -> Part:
    """Take the towns before a code, back to the street if nothing else stands between."""
    for street in streets:
        if start - 110 <= street.end <= start and _LOCALITIES.fullmatch(text, street.end, start):
            gap = _SEPARATORS.match(text, street.end)
            return Part(gap.end() if gap else street.end, end, "place", sure=True)
    window = text[max(0, start - 40) : start]
    town = _TOWN_BEFORE.search(window[window.rfind("\n") + 1 :])
    sure = _is_sure(text[start:end], town is not None)
    return Part(start - (len(town.group()) if town else 0), end, "place", sure)


def _is_sure(code: str, town: bool) -> bool:
    """Tell whether a code counts without a street: a ZIP code with its town, a postcode in its two halves."""
    if re.search(r"[0-9]{5}", code):
        return town
    return " " in code
