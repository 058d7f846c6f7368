"""Numbers by which a business knows a person."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer
from recognizers.generic.customer_no import CustomerNumberRecognizer

Found = Callable[[TextRecognizer, str], list[str]]
RECOGNIZER = CustomerNumberRecognizer()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Kundennummer: 4711-22", ["4711-22"]),
        ("meine Kundennummer lautet 12 345 678.", ["12 345 678"]),
        ("Kd.-Nr. 88123 und Vertrags-Nr.: V-2024/0815", ["88123", "V-2024/0815"]),
        ("Rechnung RE-2026-00123 über 1.250,00 EUR", ["RE-2026-00123"]),
        ("order #88123, invoice no. INV-2025-0093", ["88123", "INV-2025-0093"]),
        ('"customerId": "C-10042"', ["C-10042"]),
        ("order_id=88123", ["88123"]),
        ("n° de commande 12345, facture n° F2024-113", ["12345", "F2024-113"]),
        ("número de pedido: 4455667", ["4455667"]),
        ("numer zamówienia 99/2026/AB", ["99/2026/AB"]),
        ("ordine n. 55421", ["55421"]),
        ("klantnummer 20391", ["20391"]),
        ("Ticket INC-48213", ["INC-48213"]),
        ("Az. 12 O 345/24", ["12 O 345/24"]),
        ("orders 88123, 88124 and 88131", ["88123", "88124", "88131"]),
        ("Kundennummer 4711 10115 Berlin", ["4711"]),
        ("booking reference X7K9PQ", ["X7K9PQ"]),
        ("Mandatsreferenz: MR-2024-77", ["MR-2024-77"]),
    ],
)
def test_found(found: Found, text: str, values: list[str]) -> None:
    assert found(RECOGNIZER, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "Ticket PROJ-123 ist fertig",
        "Vertrag 2024 und Rechnung 2026",
        "Bestellung 5 Stück, order 5000 units",
        "Bestellung vom 12.03.2026",
        "Artikelnummer 4711998, Seriennummer SN123456",
        "Gläubiger-ID DE98ZZZ09999999999",
        "in case 3 applies; in order to 5",
        "meter reading 12345 kWh",
        "Patient 45 Jahre",
        "Mitglied seit 2019",
        "customer service 24/7",
        "ISBN 978-3-16-148410-0",
    ],
)
def test_left_alone(found: Found, text: str) -> None:
    assert found(RECOGNIZER, text) == []
