"""Where a text lists goods, and where it lists persons with what they ordered."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.company import is_company, names_company
from recognizers.goods import goods, inside


@given(st.text(alphabet="name;,|\t\n{}\":'prsku12 ", max_size=300))
def test_spans_are_in_order_and_inside_the_text(text: str) -> None:
    spans = goods(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    assert all(inside(spans, start, end) for start, end in spans)


@pytest.mark.parametrize("text", [
    "sku;name;preis\n1;Sessel Frieda;299,00",
    "product,brand,colour,price\nJasmine Armchair,Oak & Heather,Sage,349.00",
    '{"id": 7, "name": "Tisch Konrad", "brand": "Wohnwerk"}',
    "INSERT INTO artikel (id, name, farbe) VALUES (1, 'Vase Luna', 'Blau');",
])  # fmt: skip
def test_goods(text: str) -> None:
    assert goods(text)


@pytest.mark.parametrize("text", [
    "vorname;nachname;farbe\nMira;Holt;blau",
    "name;artikel;menge\nMira Holt;Tisch;2",
    '{"name": "Mira Holt", "telefon": "0123", "price": 3}',
    "INSERT INTO kunden (id, vorname, farbe) VALUES (1, 'Mira', 'Blau');",
    "name;ort\nMira Holt;Jena",
])  # fmt: skip
def test_persons(text: str) -> None:
    assert not goods(text)


@pytest.mark.parametrize(("before", "name", "behind"), [
    ("Das Modul ", "Franz", " läuft."), ("", "Sessel Frieda", ""), ("the ", "Hudson", " release notes"),
    ("", "Murphy", "'s sign negative"), ("Trattoria da ", "Gino", ", Lucca"), ("Cabinet ", "Delcourt", " & Associés"),
    ('"brand": "', "Heidi", '"'), ("INFO  [", "Nachtlauf", "] Start"), ("Projekt „", "Adler", "“"),
])  # fmt: skip
def test_a_thing_called_by_a_name(before: str, name: str, behind: str) -> None:
    assert names_company(before + name + behind, len(before), len(before + name))


@pytest.mark.parametrize(("before", "name", "behind"), [
    ("Frau ", "Holt", " ruft an"), ("mit ", "Mira Holt", ", Vertrieb"), ("", "Mira", "'s Vertrag"),
    ("Töchter der Stadt: ", "Mira Holt", ", Malerin"),
])  # fmt: skip
def test_a_person(before: str, name: str, behind: str) -> None:
    assert not names_company(before + name + behind, len(before), len(before + name))
    assert not is_company(name)
