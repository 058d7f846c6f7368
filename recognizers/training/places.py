"""Invented addresses in the forms of a dozen countries, lone cities and countries.

The forms are patterns in ``words/addresses.txt``; cities and parts of street names come from ``words/places.txt`` and
the package ``faker`` (MIT).
"""

import importlib
import random
from dataclasses import dataclass

from patterns import Patterns
from wordlists import sections


@dataclass(frozen=True, slots=True)
class Address:
    street: str  # with number
    extra: str  # floor, flat, building; mostly empty
    code: str
    city: str
    country: str
    line: str  # postcode and city as one writes them

    def parts(self) -> list[str]:
        return [self.street, *([self.extra] if self.extra else []), self.line]


def _faker(locale: str, every: int = 1) -> list[str]:
    return list(importlib.import_module(f"faker.providers.address.{locale}").Provider.cities)[::every]


def _lists() -> dict[str, list[str]]:
    lists = sections("places") | sections("addresses") | sections("fillers")
    more = {"de": _faker("de_DE"), "at": _faker("de_AT"), "ch": _faker("de_CH"), "it": _faker("it_IT", 60)}
    more |= {"nl": _faker("nl_NL", 12), "pl": _faker("pl_PL")}
    return lists | {
        f"cities {country}": lists.get(f"cities {country}", []) + cities for country, cities in more.items()
    }


LISTS = _lists()
COUNTRIES = {name.removeprefix("countries "): items for name, items in LISTS.items() if name.startswith("countries ")}


class Places:
    """Draws addresses and cities for a language; streets are named after people of the lists of ``families``."""

    def __init__(self, families: dict[str, list[str]]) -> None:
        self.patterns = Patterns(LISTS, families)

    def address(self, language: str, rng: random.Random) -> Address:
        country = rng.choice(LISTS[f"homes {language if rng.random() < 0.88 else 'any'}"])
        fixed = {part: self.patterns.one(f"{country} {part}", rng) for part in ("code", "city")}
        extra = ""
        if f"{country} extra" in LISTS and rng.random() < (0.5 if country == "es" else 0.12):
            extra = self.patterns.one(f"{country} extra", rng)
        street = self.patterns.one(f"{country} place", rng)
        if country == "de" and rng.random() < 0.03:
            street, fixed["city"] = self.patterns.one("de square", rng), "Mannheim"
        line = rng.choice(LISTS.get(f"{country} line", ["<code> <city>"]))
        for part, value in fixed.items():
            line = line.replace(f"<{part}>", value)
        return Address(
            street, extra, fixed["code"], fixed["city"], LISTS[f"{country} land"][0], self.patterns.filled(line, rng)
        )

    def city(self, language: str, rng: random.Random) -> str:
        if rng.random() < 0.15:
            return rng.choice(LISTS["world"])
        country = {"en": rng.choice(("gb", "us")), "de": rng.choice(("de", "de", "de", "de", "at", "ch"))}.get(
            language, language
        )
        return rng.choice(LISTS[f"cities {country}"])

    def street_only(self, language: str, rng: random.Random) -> str:
        """A street without its number, which is not personal."""
        return self.patterns.one(f"only {language}", rng)
