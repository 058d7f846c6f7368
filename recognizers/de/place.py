"""Postcode and town in Germany, Austria, Switzerland and Liechtenstein, the country's letter before the code inside."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from stdnum.at import postleitzahl

from recognizers.generic.context import label, labelled, words
from recognizers.generic.places import town_end
from recognizers.generic.postal import Part
from recognizers.generic.reading import at_numbers

_CODE = re.compile(r"[0-9]{4,5}[ \u00a0]{1,3}(?=[^\W\d_])")
_COUNTRY = re.compile(r"(?<![\w-])(?:DE|AT|CH|FL|LI|[DAFL])[ ]?[-–][ ]?\Z")
_GLUED = re.compile(r"(?:[\w#§$€£/]|[0-9][.,:]|[.,:-])\Z")
_TAIL = re.compile(
    r"(?:[ ]?/[ ]?[A-ZÄÖÜ][\w-]+|[ ]?\((?:Oder|Saale|Main|Oldb\.?|Oldenburg|Westf\.?|Westfalen|Hess\.?|Hessen|Bayern|"
    r"Taunus|Harz|Allgäu|Pfalz|Holstein|Lahn|Neckar|Ruhr|Schwaben|Odenwald|Sieg|Spree|Elbe|Weser|Eifel|Hunsrück|"
    r"Vogtl\.?|Erzgeb\.?|Thür\.?|Sachs\.?|Sachsen|Anh\.?|Meckl\.?|Mark|Altm(?:ark|\.)|Inn|Donau|Lech|Rhein|Württ\.?|"
    r"Baden|Oberpf\.?|Niederbay\.?|Rheinl\.?|Schlei|Aller|Leine|Wümme|Luhe|Elster|Westerwald|Schwarzwald|Nordb|Tirol|"
    r"[A-Z]{2})\)|[ ](?:am[ ](?:Main|Rhein|Neckar|Inn|Lech|See|Bodensee|Ammersee|Chiemsee|Tegernsee|Harz|Rennsteig|"
    r"Rübenberge|Kocher|Forst|Sand|Berg|Kamp|Wagram|Attersee|Wörthersee|Ziller|Arlberg|Albis|Starnberger[ ]See|"
    r"Steinhuder[ ]Meer)|an[ ]der[ ]\w+|a\.[ ]?d\.[ ]?[A-ZÄÖÜ][\w.]+|(?:a|i|b|o)\.[ ]?[A-ZÄÖÜ][\w.]+|"
    r"im[ ](?:Breisgau|Allgäu|Schwarzwald|Odenwald|Taunus|Vogtland|Erzgebirge|Pongau|Pinzgau|Innkreis|Mühlkreis)|"
    r"ob[ ]der[ ]\w+|v(?:or|\.)[ ]?d(?:er|\.)[ ]?Höhe|in[ ](?:Westfalen|Holstein|Oldenburg|Bayern|Sachsen)|"
    r"bei[ ][A-ZÄÖÜ]\w+|OT[ ][A-ZÄÖÜ][\w-]+)|[-–][A-ZÄÖÜ][\w-]+)"
)
_UNKNOWN = re.compile(
    r"(?:(?:Bad|Sankt|St\.|Groß|Klein|Alt|Neu|Ober|Unter|Markt|Hohen|Schwäbisch|Königs|Wiener|Deutsch|Maria)[ -])?"
    r"[A-ZÄÖÜ][\w'’.-]*[\wß]"
)
_NO_TOWN = re.compile(
    r"(?:euro|eur|usd|chf|stück|stk|einwohner|besucher|schritte|kilometer|meter|zeichen|tage|stunden|mitarbeiter|"
    r"zuschauer|exemplare|menschen|kunden|follower|punkte|personen|bürger|teilnehmer|datensätze|zeilen|einträge|"
    r"dateien|aufrufe|klicks|nutzer|user|wörter|worte|bestellungen|tonnen|liter|kalorien|umdrehungen|volt|watt|"
    r"prozent|mal|uhr|bytes?|requests|records|rows|items|lines|ms|kg|km|und|oder|bis|von|der|die|das|ist|war|sind|"
    r"für|mit|in|im|am|an|auf|aus|bei|zu|zum|zur|seiten|artikel|produkte|fälle|tickets|unterschriften|stimmen|"
    r"mitglieder|fans|abos|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|gmbh|"
    r"ag|wurde|wird|haben|hat)$"
)
_LABEL = label(r"(?:in|aus|nach|plz|ort|plz[ /]{1,3}ort|wohnort|adresse|anschrift|wohnhaft|stadt|(?:firmen)?sitz)")
_CODE_LABEL = label(r"(?:plz|postleitzahl|plz[ /]{1,3}ort)")
_LINE_END = re.compile(r"[ \t]{0,4}(?:$|[\n,;.|\")<])")
_YEARS: Final = range(1900, 2100)


def places(text: str) -> Iterator[Part]:
    """Yield the places of ``text``; a town nobody knows is unsure, and so are four digits without a country."""
    for code in at_numbers(text, _CODE):
        country = _COUNTRY.search(text[max(0, code.start() - 6) : code.start()])
        start = code.start() - len(country.group()) if country else code.start()
        if not _GLUED.search(text[max(0, start - 2) : start]):
            part = _place(text, start, code)
            if part:
                yield part


def _place(text: str, start: int, code: re.Match[str]) -> Part | None:
    known = town_end(text, code.end())
    unknown = _UNKNOWN.match(text, code.end())
    end = known or (unknown.end() if unknown else None)
    if end is None or _NO_TOWN.match(text[code.end() : end].casefold()):
        return None
    tail = _TAIL.match(text, end)
    told = known is not None and labelled(text, start, _CODE_LABEL)
    sure = told or (text[code.end()].isupper() and (start < code.start() or _is_sure(text, code, known, end)))
    digits = code.group().rstrip()
    shy = len(digits) == 4 and (known is None or int(digits) in _YEARS)
    return Part(start, tail.end() if tail else end, "place", sure, shy)


def _is_sure(text: str, code: re.Match[str], known: int | None, end: int) -> bool:
    digits = code.group().rstrip()
    if len(digits) == 4:
        town = text[code.end() : end].casefold()
        return _is_austrian(digits, town) or (known is not None and int(digits) not in _YEARS and _is_swiss(town))
    if not 1000 < int(digits) < 99999:
        return False
    if known:
        return True
    if digits.endswith("000") or not labelled(text, code.start(), _LABEL):
        return False
    return _LINE_END.match(text, end) is not None


@cache
def _is_austrian(digits: str, town: str) -> bool:
    location = str(postleitzahl.info(digits).get("location", "")).casefold()
    return bool(location) and (location.startswith(town) or town.startswith(location))


_SWISS: Final = frozenset(
    words(
        """
        zürich zurich genf genève basel bâle lausanne bern berne winterthur luzern lucerne st._gallen st.gallen
        lugano biel biel/bienne thun köniz fribourg freiburg schaffhausen chur vernier neuenburg neuchâtel uster
        sitten sion emmen zug dübendorf kriens rapperswil dietikon montreux frauenfeld wetzikon baar riehen
        wädenswil kreuzlingen horgen aarau baden bülach wil kloten solothurn bellinzona olten gossau locarno davos
        burgdorf langenthal schwyz altdorf sarnen stans glarus herisau appenzell liestal delémont yverdon vevey nyon
        morges renens adliswil regensdorf thalwil muttenz allschwil pratteln ostermundigen muri vaduz schaan opfikon
        schlieren volketswil illnau zollikon küsnacht meilen stäfa männedorf rüti hinwil lenzburg wohlen brugg
        rheinfelden zofingen arbon romanshorn weinfelden amriswil
        """
    )
)


def _is_swiss(town: str) -> bool:
    return town in _SWISS or re.split(r"[ -]", town, maxsplit=1)[0] in _SWISS
