"""What a street's name looks like in German, read from its house number to the left."""

import re
from typing import Final

from recognizers.generic.context import any_of, label, labelled, words

_BLANKS: Final = " \u00a0\u2009\u202f"
_ROADS: Final = ("strasse", "str.", "str")
# Endings of street names, casefolded; with a capital before them they are streets unless `_NO_STREET` knows better.
_WAYS: Final = words(
    """
    weg gasse gässchen gässle gassl platz allee ring damm ufer chaussee steig stieg pfad graben zeile promenade kai
    quai twiete gürtel lände wall stiege kamp siedlung markt brücke redder esplanade rondell
    """
)
_NO_ROAD = re.compile(
    r"(?:bundes|staats|kreis|landes|montage|fertigungs|produktions|wasch|datenauto|schnell|verbindungs|einbahn|"
    r"hauptverkehrs|einkaufs|wasser|zufahrts|neben|fracht|see|magi|mini|mon|regi|indu|demon|admini|ru)(?:strasse|"
    r"str\.?)$"
)
# What a way is not: nouns that end like one, whole or as the last part of a compound.
_NO_WAY_COMPOUND: Final = any_of(
    """
    absatz aktien anwendungs arbeits arbeitsgang arbeitsmarkt ausbildungs befehls befestigungs betreff betreuungs
    bildungs bildungsgang binnen brems camping datei daten datenbank dicht dichtungs dienst elektro energie fenster
    finanz führungs garderoben getränke heim immobilien instanzen kapital karriere klang klein klick kolben
    krankheits krippen lager liefer liege listen lösungs marken mikro mittel pflege rechts ruder schacht schlaf
    schmuck schritt-für-schritt- seiten siegel sitz speicher spiel sprung start status steck steh stell stellen
    strom studi studien super tabellen therapie verkehrs versorgungs werdegang wochen wohnungs zahnrad übertragungs
    """
)
_NO_WAY_WORD: Final = any_of(
    """
    ab aus bahn bau be box code durch ehe ein er fach fahr farb fire floh fort fuß ge geh haus hin jahr kilometer
    kita kopf kugel kurs lade lauf leer lehr lern menü neben not o- ohr rad rast rund rück schritt stern text trau
    um unter ver vor wahl wasser welt zelt zu über
    """
)
_NO_STREET = re.compile(
    rf"(?:{_NO_WAY_COMPOUND}|(?<!\w){_NO_WAY_WORD})(?:{'|'.join(_WAYS)})\Z|parkplatz\Z|[eiou]ring\Z"
)
_PREPOSITION: Final = (
    r"(?:Am|An[ ]de[rnm]|Im|In[ ]de[rnm]|Auf[ ]de[rnm]|Unter[ ]de[rnm]|Unterm|Zum|Zur|Zu[ ]den|Hinter[ ]de[rnm]|"
    r"Hinterm|Bei[ ]de[rnm]|Beim|Vor[ ]de[rnm]|Vorm|Über[ ]de[rnm]|Neben[ ]de[rnm]|Zwischen[ ]den|Ob[ ]de[rnm]|"
    r"Achter[ ]de[rnm]|Op[ ]de[rnm])"
)
_WORD: Final = r"[A-ZÄÖÜ][\w'’.-]{0,40}"
_PHRASE = re.compile(
    rf"(?<!\w)(?:{_PREPOSITION}(?:[ ](?:Alten|Neuen|Großen|Kleinen|Oberen|Unteren|Hohen|Langen|Kurzen|Breiten|Roten|"
    rf"Weißen|Schwarzen|Grünen|Heiligen|Ehemaligen|{_WORD}er))?[ ](?P<noun>{_WORD})|"
    rf"(?P<of>Stra(?:ß|ss)e|Platz|Allee|Ufer|Ring|Gasse)[ ](?:der|des|am|zum|zur|im|an[ ]der|vor[ ]dem|"
    rf"von)[ ](?:[0-9]{{1,2}}\.[ ])?(?:{_WORD}[ ])?{_WORD})$"
)
# Nouns that streets are named after; behind a preposition and before a number they are streets.
_LANDMARK = re.compile(
    r"(?:markt|alster|linden|tal|hang|berg|bach|wald|park|see|teich|kirche|kirch|schule|mühle|brunnen|bahnhof|"
    r"friedhof|kirchhof|hof|anger|graben|feld|felde|wiese|wiesen|wiesengrund|garten|gärten|rain|kamp|busch|brook|"
    r"moor|heide|rathaus|dom|schloss|schloß|hafen|ufer|rhein|main|elbe|isar|spree|mauer|tor|wall|winkel|eck|grund|"
    r"horst|brink|höhe|acker|äcker|loh|eichen|buchen|birken|tannen|erlen|weiden|damm|steg|brücke|stadtpark|kanal|"
    r"weiher|bogen|rosen|reben|weinberg|schanze|burg|kloster|quelle|hügel|deich|sand|aue|auen|wehr|schleuse|forst|"
    r"halde|leite|röhre|dorf|sonnenhang|zoll|fleet|kai|dreieck|stein|ring|platz|löwen)$"
)
_HOME = label(
    r"(?:adresse|anschrift|wohnt|wohne|wohnen|wohnhaft|wohnsitz|umgezogen|zieh\w{1,4}|lieferadresse|rechnungsadresse|"
    r"büro|in der|im|in meiner|liefern|sitz|standort|hausanschrift|stra(?:ß|ss)e|c/o[ ][^\d\n]{2,30},)"
)
_OPENING = re.compile(
    r"(?<!\w)(?:(?:Große[rnms]?|Kleine[rnms]?|Alte[rnms]?|Neue[rnms]?|Obere[rnms]?|Untere[rnms]?|Hintere[rnms]?|"
    r"Vordere[rnms]?|Lange[rnms]?|Hohe[rnms]?|Breite[rnms]?|Innere[rnms]?|Äu(?:ß|ss)ere[rnms]?|Erste|Zweite|Dritte|"
    r"Rechte|Linke|St\.|Sankt|Bad|Am|An[ ]der|In[ ]der|Zur|Auf[ ]der|Bürgermeister|Dr\.|Prof\.)[ ]){1,3}$"
)
_NO_NAME: Final = frozenset(
    words(
        """
        adresse anschrift die der das in an auf aus von vom zu zur zum bei straße strasse str ich wir er sie es neue
        alte unsere meine ihre seine eine einer lieferung und oder nach über dieser diese welche jede herr frau
        herrn familie firma
        """
    )
)
_ADJECTIVE = re.compile(r"[A-ZÄÖÜ][\w-]+(?:er|e|en|es|s)\Z")
_OF_A_TOWN = re.compile(r"(?:[A-ZÄÖÜ][\w-]+er|Alte|Neue|Lange|Große|Kleine|Hohe|Breite|Grüne|Obere|Untere)$")
_YEAR = re.compile(r"1[5-9][0-9]{2}|20[0-9]{2}")
_PLACE_FOLLOWS = re.compile(
    r"[^\n,;|]{0,30}(?:,[ \u00a0]{0,2}|[ \u00a0]{1,3}|"
    r",?[ ]?\r?\n[ \t>]{0,12})(?:[A-Z]{1,3}[ –-]?)?[0-9]{4,5}[ \u00a0]{1,3}[^\W\d_]"
)
_NO_WEAK = re.compile(
    r"(?:nummer|nr\.?|bestellung|rechnung|auftrag|vertrag|seite|kapitel|zimmer|etage|stock|tel|telefon|fax|punkt|"
    r"abschnitt|absatz|abs\.|art\.|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|"
    r"dezember|version|konto|ticket|kunde|nummern|und|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"ca\.|plz|postfach|packstation|uhr|top|stiege|tür|haus|wohnung)$"
)


def street_start(text: str, number: int, number_end: int) -> tuple[int, bool] | None:
    """Return where the street's name before the house number begins, and whether it is surely one; or None."""
    window = text[max(0, number - 72) : number]
    line = window[window.rfind("\n") + 1 :].rstrip(_BLANKS)
    word = line[max(line.rfind(c) for c in " \u00a0,;|\"'\t(>:=") + 1 :]
    if not word or not (word[-1].isalpha() or word[-1] == "."):
        return None
    line_start = number - len(window[window.rfind("\n") + 1 :])
    found = _named(line, word, text, number, number_end)
    return None if found is None else (line_start + found[0], found[1])


def _named(line: str, word: str, text: str, number: int, number_end: int) -> tuple[int, bool] | None:
    lower, begin = word.casefold(), len(line) - len(word)
    if lower.endswith(_ROADS) and not _NO_ROAD.match(lower):
        return _road(line, begin, lower)
    followed = _PLACE_FOLLOWS.match(text, number_end) is not None
    if not word[0].isupper():
        home = labelled(text, number - len(word) - 1, _HOME)
        ends = lower.endswith(_WAYS) and lower not in _WAYS and not _NO_STREET.search(lower)
        return (begin, home) if ends and (followed or home) else None
    if text[number - 1 : number] not in _BLANKS:
        return None  # only an abbreviated road touches its number
    phrase = _PHRASE.search(line)
    if phrase:
        return _phrase(phrase, text, number - len(line) - 1 + phrase.start(), followed=followed)
    if lower.endswith(_WAYS) and not _NO_STREET.search(lower) and (followed or not _YEAR.match(text, number)):
        way = _way(line, begin, lower)
        if way:
            return way
    return _weak(line, begin) if followed else None


def _phrase(phrase: re.Match[str], text: str, start: int, *, followed: bool) -> tuple[int, bool] | None:
    """Judge `Am Markt`, `An der Alster`, `Platz der Republik`; `Am Montag` needs a place behind its number."""
    noun = phrase["noun"]
    sure = noun is None or _LANDMARK.search(noun.casefold()) is not None or labelled(text, start, _HOME)
    return (phrase.start(), sure) if sure or followed else None


def _road(line: str, begin: int, lower: str) -> tuple[int, bool] | None:
    """Complete `Große Bleichstraße`, `Bonner Straße`, `Wilhelm Busch Str.` to the left."""
    if lower in _ROADS:
        first = re.search(r"[^\W\d_][\w'’.-]*[ \u00a0]\Z", line[:begin])
        if first is None or first.group().strip().casefold() in _NO_NAME:
            return None
        begin = first.start()
        second = re.search(rf"(?<![\w.]){_WORD}[ \u00a0]\Z", line[:begin])
        if second and not _ADJECTIVE.match(first.group().strip()) and second.group().strip().casefold() not in _NO_NAME:
            begin = second.start()
    elif len(lower) < 5 or lower[:-3].endswith(("in", "re")):
        return None
    elif re.match(r"(?:haupt|land|heer|dorf|berg|hoch|ring|bahnhof)(?:stra|str)", lower):
        district = re.search(r"(?<![\w.])[A-ZÄÖÜ][\w-]{3,30}er[ \u00a0]\Z", line[:begin])  # Landstraßer Hauptstraße
        begin = district.start() if district else begin
    opening = _OPENING.search(line[:begin])
    return (opening.start() if opening else begin), True


def _way(line: str, begin: int, lower: str) -> tuple[int, bool] | None:
    """Complete `Rosenweg`, `Schönhauser Allee`, `Neuer Wall` to the left."""
    if lower in _WAYS:
        adjective = _OF_A_TOWN.search(line[:begin].rstrip())
        if adjective is None or adjective.group().casefold() in _NO_NAME:
            return None
        begin = adjective.start()
    elif len(lower) < 6:
        return None
    opening = _OPENING.search(line[:begin])
    return (opening.start() if opening else begin), True


def _weak(line: str, begin: int) -> tuple[int, bool] | None:
    """Take a capitalised name of one or two words; only a postcode behind its number makes it a street."""
    if _NO_WEAK.search(line[begin:].casefold()):
        return None
    before = re.search(rf"(?<![\w.]){_WORD}[ \u00a0]\Z", line[:begin])
    if before:
        other = before.group().strip().casefold()
        begin = begin if other in _NO_NAME or _NO_WEAK.search(other) else before.start()
    return begin, False
