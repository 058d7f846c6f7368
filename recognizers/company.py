"""Companies and things called by a person's name: Müller GmbH, Firma Müller, Sessel Frieda, the Hudson release.

What stands beside the name says so: a legal form, a word for a business or a thing, the key of a field of goods.
"""

import re
from typing import Final

from recognizers.person import alternatives

_FORM: Final = re.compile(
    r"(?:[ ]+(?:&|und|and|et|e|y|i|en|[A-ZÄÖÜ][\w.-]*)){0,3}[ ]+"
    r"(?:G?mbH|AG|KG(?:aA)?|SE|UG|OHG|e\.?[ ]?[KGV]\.?|Ltd|Limited|LIMITED|Inc|INC|LLC|LLP|PLC|plc|Corp|Co\b|GbR|PartG|"
    r"S\.?A\.?(?:S|RL)?|S\.?r\.?l|s?nc|S\.?p\.?A|B\.?V|N\.?V|Sp\.|S\.L|Gruppe|Group|Holding|Stiftung|Foundation|Söhne|"
    r"Sons|Associés|Associati|Fils|Figli|Hijos|Zonen|Synowie|Partner[s]?(?= mbB|$|\n))(?![^\W\d_])"
)
_BEHIND: Final = re.compile(
    rf"(?:(?:['’]s)?[ ]+(?i:{alternatives('things_behind.txt')})|['’]s[ ](?:sign|solution|law|test|method))(?![^\W\d_])"
)
_FIRM: Final = r"Firma|FIRMA|Fa\.|Kanzlei|Autohaus|Apotheke|Team|Verlag|Garage|Job|Bank"
_KIND: Final = re.compile(
    rf"(?<![^\W\d_])(?:{_FIRM}|(?i:{alternatives('things.txt')}))[ ]+"
    r"(?:(?:da|de|di|del|chez|zum|zur|von|am)[ ]){0,1}[\"„“'«‚]?(?=[^\W\d_a-zß-öø-ÿ])"
)
_THING: Final = re.compile(alternatives("things.txt"), re.IGNORECASE)
# "brand": "…", Modell: …, --font-family …, INFO [Nightly]; but a sentence has an article before it (der Stadt: …)
_KEYED: Final = re.compile(
    r"(?i)(?:(?<![^\W\d_])(?<!\bder )(?<!\bdie )(?<!\bthe )"
    r"(?:brand|model|item|marke|modell|product|produkt|artikel|store|filiale|region|city|cities|"
    r"stadt|ort|colou?r|farbe|hersteller|font|font-family|codename|theme|projekt|project|server|umgebung|marca|"
    r"modelo|modello|marque|modèle|merk)[\"']?[ ]{0,4}(?:[:=]|: str =)[ ]{0,4}[\"'\[]{0,2}"
    r"|(?:info|warn(?:ing)?|error|debug|trace|fatal)[ ]{1,3}\[)\Z"
)
_REACH: Final = 32
_WORD: Final = re.compile(rf"(?i)(?<![^\W\d_]){alternatives('organisations.txt')}(?![^\W\d_])")


def names_company(text: str, start: int, end: int) -> bool:
    """Tell whether the name at ``start:end`` is a company's or a thing's, by what stands before it or behind it."""
    if _FORM.match(text, end) or _BEHIND.match(text, end) or _KIND.match(text, start, end):
        return True
    before = text[max(0, start - _REACH) : start + 1]
    at = len(before) - 1
    return any(kind.end() == at for kind in _KIND.finditer(before)) or _KEYED.search(before[:-1]) is not None


def is_thing(word: str) -> bool:
    """Tell whether ``word`` says what a thing, a business or a house is."""
    return _THING.fullmatch(word) is not None


def is_company(name: str) -> bool:
    """Tell whether a word of ``name`` is in names of companies, offices and departments only, or begins a thing's."""
    return _WORD.search(name) is not None or _KIND.match(name) is not None
