"""The words with which people dictate characters, in seven languages."""

from typing import Final

from recognizers.generic.context import any_of


def _both(tens: str, units: str, joint: str = "", *, units_first: bool = False) -> str:
    """Return every number that a language writes as one word of a ten and a unit."""
    pairs = [(ten, unit) for ten in tens.split() for unit in units.split()]
    return " ".join(f"{unit}{joint}{ten}" if units_first else f"{ten}{joint}{unit}" for ten, unit in pairs)


# Digits by language.
DIGITS: Final = {
    "de": "null eins ein zwei zwo drei vier fünf fuenf sechs sieben acht neun",
    "en": "zero oh one two three four five six seven eight nine nought",
    "fr": "zéro zero un deux trois quatre cinq six sept huit neuf",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "it": "zero uno due tre quattro cinque sei sette otto nove",
    "nl": "nul een één twee drie vier vijf zes zeven acht negen",
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
}
_GERMAN_TENS: Final = "zwanzig dreißig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig"
_DUTCH_TENS: Final = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
_ITALIAN_TENS: Final = "venti trenta quaranta cinquanta sessanta settanta ottanta novanta"
# Numbers of two digits by language, as single words; `forty two` and `quatre-vingt-dix` are several.
TENS: Final = {
    "de": f"""
        zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn {_GERMAN_TENS}
        {_both(_GERMAN_TENS, "ein zwei drei vier fünf sechs sieben acht neun", "und", units_first=True)}
    """,
    "en": """
        ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
        seventy eighty ninety hundred
    """,
    "fr": """
        dix onze douze treize quatorze quinze seize vingt vingts trente quarante cinquante soixante septante nonante
    """,
    "es": """
        diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós
        veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve treinta cuarenta
        cincuenta sesenta setenta ochenta noventa ciento doscientos trescientos cuatrocientos quinientos seiscientos
        setecientos ochocientos novecientos
    """,
    "it": f"""
        dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove {_ITALIAN_TENS}
        {_both(_ITALIAN_TENS, "due tre quattro cinque sei sette nove")}
        {_both("vent trent quarant cinquant sessant settant ottant novant", "uno otto")}
    """,
    "nl": f"""
        tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien {_DUTCH_TENS}
        {_both(_DUTCH_TENS, "een vier vijf zes zeven acht negen", "en", units_first=True)}
        {_both(_DUTCH_TENS, "twee drie", "ën", units_first=True)}
    """,
    "pl": """
        dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście
        dziewiętnaście
        dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt
        sto dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset
    """,
}
# Those with which people rather count than dictate.
ROUND: Final = {
    "de": f"zehn {_GERMAN_TENS}",
    "en": "ten twenty thirty forty fifty sixty seventy eighty ninety hundred",
    "fr": "dix vingt trente quarante cinquante soixante septante nonante",
    "es": "diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
    "it": f"dieci {_ITALIAN_TENS}",
    "nl": f"tien {_DUTCH_TENS}",
    "pl": "dziesięć dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt sto",
}
DOUBLE: Final = r"(?:double|triple|doppel|zweimal|dreimal|doble|triple|doppio|dubbel|podwójn[ae])"
PLUS: Final = r"(?:plus|più|mas|más)"

AT: Final = any_of(r"at ät @ arroba arobase arobas chiocciola apenstaart(?:je)? małpa klammeraffe affenschwanz")
DOT: Final = any_of(r"punkt dot point punto punt kropka")
JOINERS: Final = any_of(
    r"""
    minus bindestrich strich dash hyphen tiret guion guión trattino streepje myślnik unterstrich underscore underline
    podkreślnik underscore plus tiret\ bas guion\ bajo trattino\ basso liggend\ streepje
    """.replace("\\ ", "\\s")
)
TOP_LEVEL: Final = any_of(
    r"""
    de com net org at ch eu info io fr es it nl pl be uk co\.uk me biz online dev app ai example gmbh koeln berlin
    hamburg lu li d\se c\so\sm n\se\st com\spunkt\sde
    """
)
