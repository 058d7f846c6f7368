"""Addresses as they are written in German, and the German sentences that only look like them."""

import pytest

from recognizers.de.address import GermanAddressRecognizer

RECOGNIZER = GermanAddressRecognizer()


def found(text: str) -> list[str]:
    return [text[f.start : f.end] for f in RECOGNIZER.find(text)]


@pytest.mark.parametrize(
    "address",
    [
        "Hauptstraße 5, 10115 Berlin",
        "Bonner Str. 12a\n53113 Bonn",
        "Karl-Marx-Allee 3-5, D-10178 Berlin",
        "lindenstr 12 10115 berlin",
        "Am Markt 5",
        "Unter den Linden 7, Berlin",
        "An der Alster 3",
        "Im Tal 9",
        "Q5, 14, 68161 Mannheim",
        "Packstation 145, 10115 Berlin",
        "Postfach 10 12 34, 50667 Köln",
        "Mariahilfer Straße 45/2/12, 1060 Wien",
        "Landstraßer Hauptstraße 5/Stiege 2/Top 14, A-1030 Wien",
        "Bahnhofstrasse 10, 8001 Zürich",
        "CH-3011 Bern",
        "Lange Reihe 7, 20099 Hamburg",
        "Straße des 17. Juni 135",
        "Große Bleichen 12, 20354 Hamburg",
        "Hauptstraße 7 1/2, Hinterhaus, 3. OG links, 80331 München",
        "Wilhelm Busch Str. 5",
        "60311 Frankfurt am Main",
        "06108 Halle (Saale)",
        "79098 Freiburg im Breisgau",
        "HAUPTSTRASSE 5, 10115 BERLIN",
        "Hauptstr.5",
        "Neuer Wall 3, 20354 Hamburg",
        "Schönhauser Allee 45, Vorderhaus, 2. Stock",
        "Dr.-Wirth-Straße 3",
        "Große Frankfurter Straße 8",
        "Prinzipalmarkt 5 48143 Münster",
        "8010 Graz, Herrengasse 16",
        "Berlin, Hauptstr. 5",
    ],
)
def test_whole_addresses_are_one_span(address: str) -> None:
    assert found(address) == [address]
    assert found(f"Guten Tag,\n\n{address}\n\nMit freundlichen Grüßen") == [address]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("ich wohne in der lindenstr 12 10115 berlin", ["lindenstr 12 10115 berlin"]),
        ("Ich wohne Am Soundso 5.", ["Am Soundso 5"]),
        ("Lindenweg 4, 12345 Berlin, Deutschland", ["Lindenweg 4, 12345 Berlin"]),
        ("An der Alster 3 in Hamburg", ["An der Alster 3"]),
        ("Kurfürstendamm 12, Jungfernstieg 7", ["Kurfürstendamm 12", "Jungfernstieg 7"]),
        ("c/o Schmidt, Gartenweg 3", ["Gartenweg 3"]),
        ("Die Rechnung 4711\n10115 Berlin", ["10115 Berlin"]),
        ('"strasse": "Lindenweg 4", "plz": "12345"', ["Lindenweg 4"]),
        ("Hauptstraße 5; 10115 Berlin", ["Hauptstraße 5", "10115 Berlin"]),
    ],
)
def test_where_spans_begin_and_end(text: str, addresses: list[str]) -> None:
    assert found(text) == addresses


@pytest.mark.parametrize(
    "text",
    [
        "Auf Seite 5 und am Montag 5 sowie Punkt 3 und Platz 1",
        "Am Montag 5. Mai kam er. Am Ende 5 Euro.",
        "12345 Besucher und 10000 Schritte, 12345 Euro",
        "Artikel 45210 Schrauben",
        "im Jahr 1998 Deutschland 2024 Berlin",
        "Bundesstraße 27 und Parkplatz 12, Arbeitsplatz 5",
        "Version 10.2 der Straße 5",
        "Schulstraße 10:30 Uhr",
        "Hauptstraße 12.05.2026",
        "Registr. 5 und Regist 5",
        "Nürnberg 12 Tore, 1. FC",
        "auf dem Weg 5 Leute getroffen",
        "Fehler 10061 Verbindung abgelehnt",
        "Erst 2025 Graz und 2026 Linz",
        "Wir ziehen von Köln nach Berlin.",
        "Die Hauptstraße war gesperrt.",
    ],
)
def test_other_sentences_stay(text: str) -> None:
    assert found(text) == []
