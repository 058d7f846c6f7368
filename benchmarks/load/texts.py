"""Invented German support messages of a given length, every one another text, so that caches can be cold."""

import itertools
import random
from collections.abc import Iterator
from typing import Any

_SENTENCES = (
    "Vielen Dank für Ihre schnelle Rückmeldung zu unserer letzten Anfrage.",
    "Leider funktioniert das Gerät seit dem vergangenen Wochenende nicht mehr richtig.",
    "Wir haben die Anleitung gelesen und alle Schritte der Reihe nach ausprobiert.",
    "Die Anzeige bleibt dunkel, und auch nach einem Neustart ändert sich daran nichts.",
    "Könnten Sie uns bitte mitteilen, wann mit einer Lieferung zu rechnen ist?",
    "Der Techniker hat den Anschluss geprüft und keinen Fehler gefunden.",
    "Wir bitten um eine kurze Bestätigung, damit wir den Vorgang abschließen können.",
    "Das Ersatzteil ist laut Hersteller in etwa zwei Wochen wieder verfügbar.",
    "Bitte beachten Sie, dass die Garantie in diesem Fall noch nicht abgelaufen ist.",
    "Bei Rückfragen erreichen Sie unsere Abteilung an allen Werktagen bis siebzehn Uhr.",
)
_GIVEN = ("Annegret", "Thorben", "Yasemin", "Oleksandr", "Linh", "Kwame", "Friederike", "Matteo", "Agnieszka")
_FAMILY = ("Feldhusen", "Brinkmann", "Yildirim", "Kovalenko", "Nguyen", "Boateng", "Sandvoss", "Rinaldi", "Nowicka")
_STREETS = ("Lindenweg", "Am Mühlbach", "Kastanienallee", "Gartenstraße", "Hafengasse")


def message(number: int, words: int = 150, *, personal: bool = True) -> str:
    """Return message ``number``, of about so many words; ``personal`` puts four values in."""
    dice = random.Random(number)
    out = [f"Vorgang vom Tag {number}."]
    if personal:
        given, family = dice.choice(_GIVEN), dice.choice(_FAMILY)
        mail = f"{given}.{family}{number}@beispiel.example".lower()
        street = f"{dice.choice(_STREETS)} {dice.randint(1, 90)}, {dice.randint(10115, 99998)} Neustadt"
        out.append(f"Guten Tag, hier schreibt {given} {family}, wohnhaft {street}.")
        out.append(f"Sie erreichen mich unter {mail} oder 0{dice.randint(151, 179)} {dice.randint(10**6, 10**7)}.")
    sentences = itertools.cycle(dice.sample(_SENTENCES, len(_SENTENCES)))
    while sum(len(part.split()) for part in out) < words:
        out.append(next(sentences))
    return " ".join(out)


def sized(number: int, size: int, *, personal: bool = True) -> str:
    """Return a text of ``size`` characters, another one for every number."""
    parts, length = [], 0
    for i in itertools.count(number * 1_000):
        parts.append(message(i, personal=personal))
        length += len(parts[-1]) + 1
        if length >= size:
            return "\n".join(parts)[:size]
    raise AssertionError


def body(*contents: str, **extra: Any) -> dict[str, Any]:
    """Return a chat completion request whose messages alternate between user and assistant."""
    roles = itertools.cycle(("user", "assistant"))
    return {"model": "bench", "messages": [{"role": r, "content": c} for r, c in zip(roles, contents, strict=False)],
            **extra}


def chat(turns: int, *, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the requests of a chat, each with the whole history, as clients send it."""
    history: list[str] = []
    for turn in range(turns):
        history.append(message(seed + 2 * turn))
        yield body(*history)
        history.append(message(seed + 2 * turn + 1, personal=False))
