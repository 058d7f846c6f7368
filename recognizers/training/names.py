"""Invented people: given and family names of many cultures, drawn independently of one another, in many spellings.

Sources: the CC0 lists popular-names-by-country, first names given in Berlin (CC BY 3.0 DE), GermaNER's surnames
(Apache-2.0), the lists of the package ``faker`` (MIT), and ``words/people.txt``.
"""

import csv
import gzip
import importlib
import random
import re
from dataclasses import dataclass
from pathlib import Path

from wordlists import sections

LANGUAGES = ("de", "en", "fr", "es", "it", "nl", "pl")
_OWN = sections("people")
# culture -> (country codes of the CC0 lists, faker locales)
_CULTURES = {
    "de": ("DE AT CH LU", "de_DE"),
    "en": ("GB US IE AU NZ CA", "en_GB en_US"),
    "fr": ("FR BE", "fr_FR"),
    "es": ("ES AR CL CO MX PE", "es_ES es_MX"),
    "it": ("IT", "it_IT"),
    "nl": ("NL", "nl_NL"),
    "pl": ("PL", "pl_PL"),
    "tr": ("TR", "tr_TR"),
    "vn": ("VN", "vi_VN"),
    "pt": ("PT BR", "pt_PT pt_BR"),
    "ng": ("", "en_NG yo_NG ig_NG ha_NG"),
    "gh": ("", "tw_GH"),
    "ke": ("", "en_KE sw"),
    "in": ("IN", "en_IN"),
    "pk": ("", "en_PK"),
    "cn": ("CN TW", ""),
    "kr": ("KR", ""),
    "jp": ("JP", ""),
    "ua": ("UA BY", ""),
    "ru": ("RU", ""),
    "gr": ("GR", ""),
    "ro": ("RO MD", "ro_RO"),
    "hu": ("HU", "hu_HU"),
    "cz": ("CZ SK", "cs_CZ sk_SK"),
    "hr": ("HR BA RS ME SI MK", "hr_HR sl_SI"),
    "al": ("AL XK", ""),
    "se": ("SE NO DK IS FI FO", "sv_SE no_NO da_DK fi_FI"),
    "lt": ("LT LV EE", "lt_LT"),
    "bg": ("BG", ""),
    "il": ("IL", ""),
    "am": ("AM GE AZ KZ", ""),
    "id": ("PH", "id_ID"),
    "np": ("NP LK BD", ""),
    "za": ("", "zu_ZA"),
    "ar": ("", ""),
    "ir": ("", ""),
}


@dataclass(frozen=True, slots=True)
class Persona:
    given: str
    family: str
    female: bool
    culture: str

    @property
    def full(self) -> str:
        return (
            f"{self.family} {self.given}"
            if self.culture in {"hu", "vn", "cn"} and len(self.given) % 3 == 0
            else f"{self.given} {self.family}"
        )


class People:
    """Draws people, most of them of the language's own culture."""

    def __init__(self, folder: Path) -> None:
        self._given: dict[str, list[str]] = {}
        self._family: dict[str, list[str]] = {}
        given, family = (
            _table(folder / "common-forenames-by-country.csv"),
            _table(folder / "common-surnames-by-country.csv"),
        )
        for culture, (codes, locales) in _CULTURES.items():
            first = {name for code in codes.split() for name in given.get(code, ())}
            last = {name for code in codes.split() for name in family.get(code, ())}
            for locale in locales.split():
                provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
                for field in ("first_names_male", "first_names_female", "first_names"):
                    first |= set(getattr(provider, field, ()))
                last |= {
                    name
                    for field in ("last_names_male", "last_names_female", "last_names")
                    for name in getattr(provider, field, ())
                }
            self._given[culture], self._family[culture] = _plain(first), _plain(last)
        for culture in ("ar", "ir", "vn", "pl", "ua"):
            own = self._family[culture] if culture == "ua" else ()
            self._given[culture] = sorted({*self._given[culture], *_OWN[f"given {culture}"]})
            self._family[culture] = sorted({*own, *_OWN[f"family {culture}"]})
        self._berlin, self._berlin_weights = _berlin(folder / "berlin_first_names.csv")
        surnames = gzip.decompress((folder / "germaner_surnames.list.gz").read_bytes()).decode("utf-8", "replace")
        self._germaner = _plain(set(surnames.split("\n")))
        self._cultures = [culture for culture in _CULTURES if self._given[culture] and self._family[culture]]

    @property
    def families(self) -> dict[str, list[str]]:
        """The family names of every culture."""
        return self._family

    def one(self, language: str, rng: random.Random) -> Persona:
        """A person: seven in ten of the language's own culture."""
        culture = (
            language if rng.random() < 0.6 else rng.choice(("tr", "ar", "pl", "ua", "vn", "ng", "ir", *self._cultures))
        )
        given, family = rng.choice(self._given[culture]), rng.choice(self._family[culture])
        if culture == "de":
            if rng.random() < 0.45:
                given = rng.choices(self._berlin, self._berlin_weights)[0]
            if rng.random() < 0.6:
                family = rng.choice(self._germaner)
        elif rng.random() < 0.08:  # mixed families
            family = rng.choice(self._family[language])
        # Names that are words of the language are drawn far more often than they occur.
        if culture in LANGUAGES and rng.random() < 0.15:
            family = rng.choice(_OWN[f"family words {culture}"])
        if culture in LANGUAGES and rng.random() < 0.06:
            given = rng.choice(_OWN[f"given words {culture}"])
        return Persona(*self._dressed(given, family, culture, rng), given[-1:] in "aei", culture)

    def _dressed(self, given: str, family: str, culture: str, rng: random.Random) -> tuple[str, str]:
        """Double names, particles, middle names."""
        dice = rng.random()
        if culture in {"es", "pt"} and dice < 0.45:
            particle = rng.choice(("", "", "", "", "de ") if culture == "es" else ("", "da ", "dos "))
            family = f"{family} {particle}{rng.choice(self._family[culture])}"
        elif culture == "vn" and dice < 0.4:
            given = f"{rng.choice(_OWN['middle vn'])} {given}"
        elif culture in {"de", "fr", "pl", "en"} and dice < 0.07:
            family = f"{family}-{rng.choice(self._family[culture])}"
        elif culture == "de" and dice < 0.11:
            family = (
                rng.choice(
                    ("von ", "von ", "von der ", "zu ", "van ", "von und zu ", "Freiherr von ", "Graf von ", "vom ")
                )
                + family
            )
        elif culture == "nl" and dice < 0.3 and " " not in family:
            family = rng.choice(("van ", "van der ", "van den ", "de ", "van de ", "ter ", "'t ")) + family
        elif culture == "fr" and dice < 0.12:
            family = rng.choice(("de ", "de la ", "du ", "d'", "Le ")) + family
        elif culture == "it" and dice < 0.12:
            family = rng.choice(("De ", "Di ", "D'", "Della ", "Lo ")) + family
        elif culture == "ar" and dice < 0.2 and "-" not in family:
            family = rng.choice(("Al-", "El ", "Ben ", "Abu ", "al-", "El-", "Bin ")) + family
        if rng.random() < 0.06 and " " not in given:
            given = f"{given}{rng.choice(('-', ' '))}{rng.choice(self._given[culture])}"
        return given, family


def _table(path: Path) -> dict[str, set[str]]:
    table: dict[str, set[str]] = {}
    with path.open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            table.setdefault(row["Country"], set()).add(row["Romanized Name"].strip())
            if re.fullmatch(r"[A-Za-zÀ-ɏ' -]+", local := row["Localized Name"].strip()):
                table[row["Country"]].add(local)
    return table


def _plain(names: set[str]) -> list[str]:
    """Names in Latin letters that begin as names do."""
    return sorted(
        name for name in names if re.fullmatch(r"(?:[a-z]{1,3} |[a-z]')?[A-ZÀ-ÞĀ-Ž][A-Za-zÀ-ɏḀ-ỿ' -]{1,24}", name)
    )


def _berlin(path: Path) -> tuple[list[str], list[float]]:
    with path.open(encoding="utf-8") as lines:
        rows = [(row["name"], int(row["count"]) ** 0.6) for row in csv.DictReader(lines)]
    rows = [(name, weight) for name, weight in rows if name[:1].isupper() and len(name) > 1]
    return [name for name, _ in rows], [weight for _, weight in rows]
