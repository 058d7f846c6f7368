"""Dates of birth, and all the other dates."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.birth_date import BirthDateRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = BirthDateRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("geb. 12.03.1980 in Köln", ["12.03.1980"]),
        ("geboren am 3. März 1985", ["3. März 1985"]),
        ("Geburtsdatum: 1980-03-12", ["1980-03-12"]),
        ("born on March 12, 1980", ["March 12, 1980"]),
        ("DOB: 03/12/80", ["03/12/80"]),
        ("née le 12 mars 1980", ["12 mars 1980"]),
        ("né à Lyon le 12/03/1980", ["12/03/1980"]),
        ("nacido el 12 de marzo de 1980", ["12 de marzo de 1980"]),
        ("nato a Roma il 12 marzo 1980", ["12 marzo 1980"]),
        ("geboren op 12 maart 1980", ["12 maart 1980"]),
        ("ur. 12 marca 1980 r.", ["12 marca 1980"]),
        ('"birth_date": "1980-03-12"', ["1980-03-12"]),
        ("date_of_birth=12031980", ["12031980"]),
        ("Anna Koch (*12.03.1980)", ["12.03.1980"]),
        ("am 3. Januar 1980 in Kassel geboren", ["3. Januar 1980"]),
        ("geb. Müller, 12.3.80", ["12.3.80"]),
        ("birthday: 5 May 1990", ["5 May 1990"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "Treffen am 12.03.2026, geboren wurde die Idee 2019",
        "birthday party on 5 May 2026?",
        "geborene 12 Kinder",
        "Die Lieferung vom 12.03.2026 um 10:30",
        "2026-03-12T10:00:00",
        "der 1980 geborene Kläger war seit dem 1. März 1971 versichert",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
