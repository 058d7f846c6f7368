"""One invented scene: a language, a few people, a place to draw everything else from, and sentences filled with them.

A slot of a phrase is a name in braces. Capitals as written, small letters for text typed in a hurry:
P full name, G given, F family, R "Family, Given", I initial and family, T title and family, TG title and full name,
K inflected (Polish), Z family name spelled out; a digit says which of the scene's people. A address, S street and
number, C postcode and city are personal; L city, SO street without number, LAND, O company and N, a noun that is a name
too, are not, but NN, the same as a name, is; PROD, NR, SKU, D, TM, M, EUR, TEL, MAIL, IBAN, PLATE fill the rest.
"""

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from examples import Example, Part, build
from names import People, Persona
from places import COUNTRIES, Address, Places
from wordlists import sections

_OWN = sections("scene")
_SLOT = re.compile(r"\{([A-Za-z]+)(\d?)\}")


@cache
def phrases(language: str) -> dict[str, list[str]]:
    """The phrases of a language by kind."""
    found: dict[str, list[str]] = {}
    kind = ""
    for line in (Path(__file__).parent / "phrases" / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line:
            found.setdefault(kind, []).append(line)
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """Sentences of a language that others wrote, with nobody in them."""

    sentences: list[Example]
    interface: list[str]


class Scene:
    """People and places of one invented text."""

    def __init__(self, language: str, people: People, places: Places, rng: random.Random, found: "Found") -> None:
        self.language, self.rng, self.places, self._people, self.found = language, rng, places, people, found
        self.cast = [people.one(language, rng) for _ in range(4)]
        self.home = places.address(language, rng)

    def beside(self) -> "Scene":
        """Another scene of the same language."""
        return Scene(self.language, self._people, self.places, self.rng, self.found)

    def someone(self) -> Persona:
        return self._people.one(self.language, self.rng)

    def pick(self, kind: str) -> str:
        return self.rng.choice(phrases(self.language)[kind])

    def fill(self, phrase: str) -> Example:
        """Fill a phrase's slots."""
        parts: list[Part] = []
        at = 0
        for match in _SLOT.finditer(phrase):
            parts.append((phrase[at : match.start()], ""))
            name, digit = match.groups()
            values = self.slot(name.upper(), self.cast[int(digit)] if digit else self.someone())
            parts += [
                (text.lower() if name.islower() and self.rng.random() < 0.85 else text, label) for text, label in values
            ]
            at = match.end()
        return build([*parts, (phrase[at:], "")])

    def slot(self, name: str, who: Persona) -> list[Part]:
        """What stands in a slot, with its labels."""
        rng = self.rng
        match name:
            case "P":
                return [(full_form(who, rng), "PERSON")]
            case "G":
                return [(who.given, "PERSON")]
            case "F":
                return [(who.family, "PERSON")]
            case "R":
                return [(f"{who.family}, {who.given}", "PERSON")]
            case "I":
                return [(f"{who.given[0]}.{rng.choice((' ', ' ', ''))}{who.family}", "PERSON")]
            case "T" | "TG":
                title = rng.choice(_OWN[f"titles {self.language} {'f' if who.female else 'm'}"])
                return [(title + " ", ""), (who.family if name == "T" else f"{who.given} {who.family}", "PERSON")]
            case "Z":
                return [(spelled(who.family, rng), "PERSON")]
            case "NN":
                return [(rng.choice(_OWN["nouns"]), "PERSON")]
            case "N":
                return [(rng.choice(_OWN["nouns"]), "")]
            case "K":
                return [(inflected(who, rng), "PERSON")]
            case "A":
                return self.address_line(self.places.address(self.language, rng))
            case "S":
                return [(self.places.address(self.language, rng).street, "ADDRESS")]
            case "C":
                return [(self.places.address(self.language, rng).line, "ADDRESS")]
            case "L":
                return [(self.places.city(self.language, rng), "LOC")]
            case "SO":
                return [(self.places.street_only(self.language, rng), "LOC")]
            case "LAND":
                return [(rng.choice(COUNTRIES[self.language]), "LOC")]
            case "O":
                return [(self.company(), "ORG")]
        return [(self.filler(name, who), "")]

    def address_line(self, address: Address) -> list[Part]:
        """An address within a sentence: mostly one span, two where another sign or a word stands between."""
        rng = self.rng
        between = {"de": " in ", "en": " in ", "fr": " à ", "es": " en ", "it": " a ", "nl": " in ", "pl": " w "}[
            self.language
        ]
        dice = rng.random()
        if dice < 0.62:
            return [(", ".join(address.parts()), "ADDRESS")]
        if dice < 0.74:
            return [(" ".join(address.parts()), "ADDRESS")]
        if dice < 0.80:
            return [(f"{address.line}, {address.street}", "ADDRESS")]
        if dice < 0.86:
            return [("\n".join(address.parts()), "ADDRESS")]
        if dice < 0.92:
            return [
                (", ".join(address.parts()), "ADDRESS"),
                (rng.choice((", ", " ", " (")), ""),
                (address.country, "LOC"),
            ]
        separator = rng.choice((between, " · ", "; ", " | ", " / ", " – "))
        return [(address.street, "ADDRESS"), (separator, ""), (address.line, "ADDRESS")]

    def company(self) -> str:
        rng = self.rng
        if rng.random() < 0.35:
            return rng.choice(_OWN["companies"])
        pattern = rng.choice(_OWN[f"firms {self.language}"])
        return re.sub(
            r"\{(.)\}",
            lambda m: {
                "F": self.someone().family,
                "G": self.someone().given,
                "L": self.places.city(self.language, rng),
            }[m[1]],
            pattern,
        )

    def filler(self, name: str, who: Persona) -> str:
        """What is personal for other recognizers, or for none."""
        rng = self.rng
        match name:
            case "PROD" if rng.random() < 0.6:
                return rng.choice(_OWN["products"])
            case "PROD":
                return f"{rng.choice(_OWN['things'])} {rng.choice(_OWN['models'])}"
            case "D":
                return self.date()
            case "M":
                return rng.choice(_OWN[f"months {self.language}"])
            case "MAIL":
                return self.mail(who)
        return self.places.patterns.one(f"filler {name}", rng) + (
            " Uhr" if name == "TM" and self.language == "de" else ""
        )

    def date(self) -> str:
        rng = self.rng
        day, month, year = (
            rng.randint(1, 28),
            rng.randint(1, 12),
            rng.choice((rng.randint(1940, 2010), rng.randint(2022, 2026))),
        )
        named = _OWN[f"months {self.language}"][month - 1]
        return rng.choice(
            (
                f"{day:02d}.{month:02d}.{year}",
                f"{day}.{month}.{year}",
                f"{day}. {named} {year}" if self.language == "de" else f"{day} {named} {year}",
                f"{year}-{month:02d}-{day:02d}",
                f"{day:02d}/{month:02d}/{year}",
                f"{day}.{month}.",
            )
        )

    def mail(self, who: Persona) -> str:
        rng = self.rng
        given, family = flat(who.given).lower(), flat(who.family).lower()
        local = rng.choice(
            (
                f"{given}.{family}",
                f"{given[0]}.{family}",
                f"{given}{rng.randint(1, 99)}",
                f"{family}",
                f"{given}_{family}",
                "info",
                "service",
                "kontakt",
            )
        )
        return (
            re.sub(r"[^a-z0-9._-]", "", local)
            + "@"
            + rng.choice(
                (
                    "gmx.de",
                    "web.de",
                    "gmail.com",
                    "example.com",
                    "t-online.de",
                    "firma.example",
                    "orange.fr",
                    "libero.it",
                    "wp.pl",
                    "outlook.com",
                    flat(who.family).lower().replace(" ", "") + ".example",
                )
            )
        )


def flat(text: str) -> str:
    """Umlauts written out, accents gone."""
    import unicodedata  # noqa: PLC0415

    text = text.translate(
        str.maketrans(
            {
                "ä": "ae",
                "ö": "oe",
                "ü": "ue",
                "ß": "ss",
                "Ä": "Ae",
                "Ö": "Oe",
                "Ü": "Ue",
                "ł": "l",
                "Ł": "L",
                "ı": "i",
                "ø": "o",
                "đ": "d",
                "Đ": "D",
            }
        )
    )
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def full_form(who: Persona, rng: random.Random) -> str:
    """A full name in one of the forms people write."""
    given, family = who.given, who.family
    dice = rng.random()
    if dice < 0.80:
        return who.full
    if dice < 0.84:
        return f"{given[0]}. {family}"
    if dice < 0.86:
        return f"{given} {family[0]}."
    if dice < 0.89:
        return f"{given} {rng.choice('ABCDEFGHJKLMPRSTW')}. {family}"
    if dice < 0.91:
        return f"{family} {given}"
    if dice < 0.94:
        return f"{given} {family.upper()}"
    if dice < 0.96:
        return f"{family.upper()} {given}"
    return who.full.upper() if dice < 0.98 else who.full.lower()


def spelled(name: str, rng: random.Random) -> str:
    """A name letter by letter."""
    return rng.choice(("-", " ", " ", ". ", " - ")).join(
        name.replace(" ", "").replace("-", "").upper() if rng.random() < 0.6 else name.replace(" ", "")
    )


def inflected(who: Persona, rng: random.Random) -> str:
    """A Polish name in another case than the nominative, roughly."""
    given, family = who.given, who.family
    if who.female:
        given = given[:-1] + rng.choice(("y", "ie", "ę", "ą", "i")) if given.endswith("a") else given
        family = (
            family[:-1] + rng.choice(("iej", "ą"))
            if family.endswith(("ska", "cka"))
            else re.sub("(s|c)ki$", lambda m: m[1] + "kiej", family)
        )
    else:
        given = given + rng.choice(("a", "owi", "em")) if given[-1] not in "aeiou" else given
        family = (
            family[:-1] + rng.choice(("iego", "iemu", "im"))
            if family.endswith(("ski", "cki"))
            else family + rng.choice(("a", "owi", "em"))
            if family[-1] not in "aeiouy"
            else family
        )
    return rng.choice((f"{given} {family}", f"{given} {family}", family, given))
