"""People nobody has ever heard of, another one for every number: what a cache or a string store could keep.

Most of what they send is a line, so that a million of them are done in an hour or two; some of it is a letter.
"""

import random
from typing import Any, Final

_SYLLABLES: Final = (
    "ba be bi bo bra bre da de din do dra el en fa fel fi ga ger gre hal hen jo ka kel kor la le lin lo ma me mi mur",
    "na ne nor ola pa pe ra rei ri ro sa sen ska ta tel ti tor ul va ve vin wa wen ya zel zo",
)
_LINES: Final = (
    "Mail an {mail}",
    "{given} {family}: {phone}",
    "Frau {family}, {street} {house}",
)
_LETTER: Final = (
    "Guten Tag, mein Name ist {given} {family}. Können Sie mich unter {phone} zurückrufen? Meine neue Anschrift ist "
    "{street} {house}, {postcode} Neustadt. Die Rechnung ging an {mail}, angekommen ist sie dort nie. Viele Grüße, "
    "{given} {family}"
)
_LETTER_EVERY: Final = 20


def _word(dice: random.Random) -> str:
    return "".join(dice.choices(" ".join(_SYLLABLES).split(), k=dice.randint(2, 4))).capitalize()


def message(number: int) -> str:
    """Return what the person with that number writes: a line, or every so often a letter."""
    dice = random.Random(number)
    given, family = _word(dice), _word(dice)
    written = dice.choice(_LINES) if number % _LETTER_EVERY else _LETTER
    return written.format(
        given=given,
        family=family,
        mail=f"{given}.{family}@beispiel.example".lower(),
        phone=f"0{dice.randint(151, 179)} {dice.randint(10**6, 10**7)}",
        street=f"{_word(dice)}weg",
        house=dice.randint(1, 90),
        postcode=dice.randint(10_115, 99_998),
    )


def body(number: int) -> dict[str, Any]:
    """Return a request of that person's, every other one for a stream; the provider answers with what it was sent."""
    asked = {"role": "user", "content": message(number)}
    return {"model": "bench", "messages": [asked], "stream": number % 2 == 1, "bench": {"echo": True, "chunks": 8}}
