"""Write `places.txt`, the names of towns that tell a postcode: `python -m recognizers.generic.gather_places`.

The names come from two installed libraries, so that the list can be made again without a download: the area names of
libphonenumber (Apache-2.0, package `phonenumbers`) and the Austrian postcodes of `python-stdnum` (LGPL data of the
Austrian post, names only). `no_places.txt` names the towns that are words of common prose.
"""

import re
from importlib import import_module, resources
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_COUNTRIES: Final = ("49", "43", "41", "33", "34", "39", "31", "32", "44", "48")
# What a numbering area is called beside its town: "Alford (Aberdeen)/Strathdon", "Achim bei Bremen".
_QUALIFIER = re.compile(r"\s*(?:\(.*?\)|\b(?:bei|b|Kr|i|a|an der|am|im|in der|ob der|vor der|v d|a d)\b.*|,.*)$")
_NO_TOWN = re.compile(r"[0-9+*]|Island|Province|Cantabria|Region|^[a-z]|^.{1,2}$")
def _areas() -> set[str]:
    names: set[str] = set()
    for key, by_language in import_module("phonenumbers.geodata").GEOCODE_DATA.items():
        if key.startswith(_COUNTRIES):
            for name in by_language.values():
                names.update(part.strip() for part in name.split("/"))
    return names


def _austrian() -> set[str]:
    table = resources.files("stdnum.at").joinpath("postleitzahl.dat").read_text("utf-8")
    return set(re.findall(r'location="([^"]+)"', table))


def gather() -> list[str]:
    """Return the names, sorted, without qualifiers and without words of common prose."""
    names: set[str] = set()
    common = set(_HERE.joinpath("no_places.txt").read_text("utf-8").split())
    for name in _areas() | _austrian():
        town = _QUALIFIER.sub("", name).strip()
        if town and not _NO_TOWN.search(town) and town not in common:
            names.add(town)
            names.update(part for part in re.findall(r"^[^ -]{5,}(?=[ -])", town))
    return sorted(names - common)


if __name__ == "__main__":
    _HERE.joinpath("places.txt").write_text("\n".join(gather()) + "\n", "utf-8")
