"""One invented scene: a language, a few people, a place to draw everything else from, and sentences filled with them.

A slot of a phrase is a name in braces. Capitals as written, small letters for text typed in a hurry:
P full name, G given, F family, R "Family, Given", I initial and family, T title and family, TG title and full name, K inflected (Polish);
a digit says which of the scene's people. A address, S street and number, C postcode and city are personal; L city, SO street
without number, LAND and O company are not; PROD, NR, D, TM, M, EUR, TEL, MAIL, IBAN, PLATE fill the rest.
"""

import random
import re
from functools import cache
from pathlib import Path

from examples import Example
from names import People, Persona
from places import COUNTRIES, Address, Places

LANGUAGES = ("de", "en", "fr", "es", "it", "nl", "pl")
Part = tuple[str, str]  # text, label or ""

_TITLES = {
    "de": (("Herr", "Herrn", "Hr.", "Herr Dr.", "Herr Prof.", "Dr."), ("Frau", "Frau", "Fr.", "Frau Dr.", "Frau Prof. Dr.", "Dr.")),
    "en": (("Mr", "Mr.", "Mr", "Dr", "Dr.", "Prof.", "Sir"), ("Ms", "Mrs", "Ms.", "Mrs.", "Miss", "Dr", "Prof.")),
    "fr": (("M.", "Monsieur", "M.", "Dr", "Me", "monsieur"), ("Mme", "Madame", "Mlle", "Dr", "madame", "Mme")),
    "es": (("Sr.", "el señor", "Sr.", "D.", "don", "Dr."), ("Sra.", "la señora", "Sra.", "Dña.", "doña", "Dra.")),
    "it": (("Sig.", "il signor", "Sig.", "Dott.", "Ing.", "Avv."), ("Sig.ra", "la signora", "Sig.ra", "Dott.ssa", "Avv.")),
    "nl": (("de heer", "dhr.", "meneer", "Dhr.", "dr."), ("mevrouw", "mevr.", "mw.", "Mw.", "dr.")),
    "pl": (("Pan", "pan", "p.", "dr", "Panu"), ("Pani", "pani", "p.", "dr", "Panią")),
}
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember", "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre", "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre", "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
}
_PRODUCTS = """iPhone 15 Pro|Galaxy S24|ThinkPad X1|Fritz!Box 7590|Siemens EQ.9|Bosch Serie 6|Dyson V11|Kindle Paperwhite|PlayStation 5|Nintendo Switch|Tesla Model 3|VW Golf|Opel Adam|Mercedes C-Klasse|Renault Clio|Fiat Panda|Alfa Romeo Giulia
|Miele Complete C3|Thermomix TM6|Nespresso Vertuo|Philips Hue|Sonos One|Canon EOS R6|Office 365|Windows 11|Adobe Acrobat|SAP S/4HANA|Jura E8|Garmin Fenix 7|Rolex Submariner|Billy Regal|Adidas Samba|Nike Air Max|Jack Wolfskin Jacke|Calvin Klein Hemd
|Lenovo Yoga|Roomba i7|GoPro Hero 12|Echo Dot|Samsung TV|Makita DHP484|Brother MFC|HP LaserJet|Logitech MX Master|Ray-Ban Wayfarer|Ben & Jerry's|Dr. Martens 1460|Captain Morgan|Moleskine|Leica Q3""".replace("\n", "").split("|")
_KNOWN = """Deutsche Bahn|Telekom|Vodafone|Amazon|Siemens|Bosch|SAP|Microsoft|Google|Apple|IKEA|Lidl|Aldi|Rewe|Edeka|DHL|Hermes|DPD|Allianz|AXA|Sparkasse|Commerzbank|Deutsche Bank|BMW|Daimler|Volkswagen|Lufthansa|Bayer|BASF|Rossmann|Zalando|Otto|Thalia
|Hugendubel|Orange|Carrefour|SNCF|Renault|Total|BNP Paribas|La Poste|Movistar|Telefónica|Santander|Mercadona|Iberia|Repsol|Enel|Poste Italiane|Trenitalia|Fiat|UniCredit|KPN|ING|PostNL|Albert Heijn|Philips|Ziggo|Orlen|Allegro|PKO BP|InPost|Żabka|mBank
|Tesco|Barclays|HSBC|British Airways|Vodafone UK|Walmart|Target|Wells Fargo|Goldman Sachs|JP Morgan|Johnson & Johnson|Procter & Gamble|Ernst & Young|McKinsey|Deloitte|C&A|H&M|Netto|Müller|Dr. Oetker|Hugo Boss|Jil Sander|Karl Lagerfeld|Ferrero|Henkel|Merck""".replace("\n", "").split("|")
_FIRMS = {
    "de": ("{F} GmbH", "{F} & {F} KG", "{F} & Söhne", "Bäckerei {F}", "Autohaus {F}", "Kanzlei {F} & Partner", "{F} AG", "{F} GmbH & Co. KG", "Stadtwerke {L}", "Sparkasse {L}", "Klinikum {L}", "Praxis Dr. {F}", "Hotel {F}", "Metzgerei {F}", "{F}-Stiftung", "{G}-{F}-Schule",
           "{F} Logistik GmbH", "Gasthof {F}", "Volksbank {L} eG", "TSV {L}", "FC {L}", "Finanzamt {L}", "Amtsgericht {L}", "Universität {L}", "Elektro {F}", "Nordlicht Software GmbH", "Blumen {F}", "{F}bräu", "ABC Handels GmbH", "Jobcenter {L}", "AOK {L}", "Gebr. {F} OHG"),
    "en": ("{F} Ltd", "{F} & {F} LLP", "{F} & Sons", "{F} Inc.", "{F} Group", "University of {L}", "{L} City Council", "Bank of {L}", "{F}'s Bakery", "St {G}'s Hospital", "{F} Logistics", "{L} United", "{F}, {F} and {F} LLC", "Bluewater Software", "{F} Foundation", "{L} Plumbing Co."),
    "fr": ("{F} SARL", "{F} & Fils", "Boulangerie {F}", "Cabinet {F}", "SAS {F}", "Mairie de {L}", "Université de {L}", "Garage {F}", "Lycée {G}-{F}", "Pharmacie {F}", "Crédit Mutuel de {L}", "Hôpital Saint-{G}"),
    "es": ("{F} S.L.", "Hermanos {F}", "Panadería {F}", "Talleres {F}", "{F} S.A.", "Ayuntamiento de {L}", "Universidad de {L}", "Bufete {F}", "Grupo {F}", "Hotel {L}", "Clínica {F}"),
    "it": ("{F} S.r.l.", "Fratelli {F}", "Panificio {F}", "Studio {F}", "{F} S.p.A.", "Comune di {L}", "Università di {L}", "Officina {F}", "Ristorante da {G}", "Gruppo {F}", "Ospedale San {G}"),
    "nl": ("{F} B.V.", "Bakkerij {F}", "Garage {F}", "{F} & Zonen", "Gemeente {L}", "Universiteit {L}", "{F} Advocaten", "Apotheek {F}", "Stichting {F}", "Hotel {F}"),
    "pl": ("{F} Sp. z o.o.", "Piekarnia {F}", "Kancelaria {F}", "{F} S.A.", "Urząd Miasta {L}", "Uniwersytet w {L}", "Apteka {F}", "{F} i Wspólnicy", "Hurtownia {F}", "Szpital w {L}"),
}
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


class Scene:
    """People and places of one invented text."""

    def __init__(self, language: str, people: People, places: Places, rng: random.Random) -> None:
        self.language, self.rng, self.places, self._people = language, rng, places, people
        self.cast = [people.one(language, rng) for _ in range(4)]
        self.home = places.address(language, rng)

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
            parts += [(text.lower() if name.islower() and self.rng.random() < 0.85 else text, label) for text, label in values]
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
                title = rng.choice(_TITLES[self.language][who.female])
                return [(title + " ", ""), (who.family if name == "T" else f"{who.given} {who.family}", "PERSON")]
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
        between = {"de": " in ", "en": " in ", "fr": " à ", "es": " en ", "it": " a ", "nl": " in ", "pl": " w "}[self.language]
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
            return [(", ".join(address.parts()), "ADDRESS"), (rng.choice((", ", " ", " (")), ""), (address.country, "LOC")]
        separator = rng.choice((between, " · ", "; ", " | ", " / ", " – "))
        return [(address.street, "ADDRESS"), (separator, ""), (address.line, "ADDRESS")]

    def company(self) -> str:
        rng = self.rng
        if rng.random() < 0.35:
            return rng.choice(_KNOWN)
        pattern = rng.choice(_FIRMS[self.language])
        return re.sub(r"\{(.)\}", lambda m: {"F": self.someone().family, "G": self.someone().given, "L": self.places.city(self.language, rng)}[m[1]], pattern)

    def filler(self, name: str, who: Persona) -> str:
        """What is personal for other recognizers, or for none."""
        rng = self.rng
        match name:
            case "PROD":
                return rng.choice(_PRODUCTS)
            case "NR":
                return rng.choice((f"{rng.randint(10**4, 10**9)}", f"{rng.choice(('KD', 'RE', 'A', 'TK', 'V', 'INC', 'ORD', 'DE'))}-{rng.randint(100, 999999)}", f"{rng.randint(2020, 2026)}/{rng.randint(1, 9999):04d}", f"#{rng.randint(1000, 99999)}"))
            case "D":
                return self.date()
            case "TM":
                return f"{rng.randint(7, 20)}{rng.choice((':', ':', '.'))}{rng.choice(('00', '15', '30', '45'))}{rng.choice(('', ' Uhr')) if self.language == 'de' else ''}"
            case "M":
                return rng.choice(_MONTHS[self.language].split())
            case "EUR":
                return rng.choice((f"{rng.randint(5, 9999)},{rng.randint(0, 99):02d} €", f"{rng.randint(5, 999)} EUR", f"€{rng.randint(5, 999)}.{rng.randint(0, 99):02d}", f"{rng.randint(1, 90)}.{rng.randint(0, 999):03d} Euro"))
            case "TEL":
                return rng.choice((f"0{rng.randint(30, 999)} {rng.randint(10**5, 10**8)}", f"+{rng.choice((49, 43, 41, 33, 34, 39, 31, 48, 44, 1))} {rng.randint(100, 999)} {rng.randint(10**6, 10**8)}", f"0{rng.randint(150, 179)}/{rng.randint(10**6, 10**8)}", f"({rng.randint(200, 999)}) 555-{rng.randint(1000, 9999)}"))
            case "MAIL":
                return self.mail(who)
            case "IBAN":
                return f"{rng.choice(('DE', 'AT', 'FR', 'ES', 'IT', 'NL', 'PL'))}{rng.randint(10, 99)} {rng.randint(1000, 9999)} {rng.randint(1000, 9999)} {rng.randint(1000, 9999)} {rng.randint(1000, 9999)}"
            case "PLATE":
                return f"{rng.choice(('B', 'M', 'HH', 'KA', 'S', 'F', 'W'))}-{rng.choice(('AB', 'X', 'MK', 'TS'))} {rng.randint(1, 9999)}"
        raise ValueError(f"no such slot: {name}")

    def date(self) -> str:
        rng = self.rng
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.choice((rng.randint(1940, 2010), rng.randint(2022, 2026)))
        named = _MONTHS[self.language].split()[month - 1]
        return rng.choice((f"{day:02d}.{month:02d}.{year}", f"{day}.{month}.{year}", f"{day}. {named} {year}" if self.language == "de" else f"{day} {named} {year}", f"{year}-{month:02d}-{day:02d}", f"{day:02d}/{month:02d}/{year}", f"{day}.{month}."))

    def mail(self, who: Persona) -> str:
        rng = self.rng
        given, family = flat(who.given).lower(), flat(who.family).lower()
        local = rng.choice((f"{given}.{family}", f"{given[0]}.{family}", f"{given}{rng.randint(1, 99)}", f"{family}", f"{given}_{family}", "info", "service", "kontakt"))
        return re.sub(r"[^a-z0-9._-]", "", local) + "@" + rng.choice(("gmx.de", "web.de", "gmail.com", "example.com", "t-online.de", "firma.example", "orange.fr", "libero.it", "wp.pl", "outlook.com", flat(who.family).lower().replace(" ", "") + ".example"))


def build(parts: list[Part]) -> Example:
    text, spans = "", []
    for part, label in parts:
        if label and part:
            spans.append((len(text), len(text) + len(part), label))
        text += part
    return Example(text, spans)


def flat(text: str) -> str:
    """Umlauts written out, accents gone."""
    import unicodedata  # noqa: PLC0415

    text = text.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ł": "l", "Ł": "L", "ı": "i", "ø": "o", "đ": "d", "Đ": "D"}))
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


def inflected(who: Persona, rng: random.Random) -> str:
    """A Polish name in another case than the nominative, roughly."""
    given, family = who.given, who.family
    if who.female:
        given = given[:-1] + rng.choice(("y", "ie", "ę", "ą", "i")) if given.endswith("a") else given
        family = family[:-1] + rng.choice(("iej", "ą")) if family.endswith(("ska", "cka")) else re.sub("(s|c)ki$", lambda m: m[1] + "kiej", family)
    else:
        given = given + rng.choice(("a", "owi", "em")) if given[-1] not in "aeiou" else given
        family = family[:-1] + rng.choice(("iego", "iemu", "im")) if family.endswith(("ski", "cki")) else family + rng.choice(("a", "owi", "em")) if family[-1] not in "aeiouy" else family
    return rng.choice((f"{given} {family}", f"{given} {family}", family, given))
