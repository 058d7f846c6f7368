import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.fields import role_of
from recognizers.finding import ADDRESS, CUSTOMER_NO, DOB, PERSON, PHONE, SECRET, USERNAME
from recognizers.resolve import resolve
from recognizers.structured import StructuredRecognizer

RECOGNIZER = StructuredRecognizer()


def found(text: str) -> list[tuple[str, str]]:
    assert RECOGNIZER.needs is not None
    findings = list(RECOGNIZER.find(text))
    assert RECOGNIZER.needs.search(text) or not findings
    return [(f.kind, text[f.start : f.end]) for f in resolve(text, findings)]


def persons(text: str) -> list[str]:
    return [value for kind, value in found(text) if kind == PERSON]


def addresses(text: str) -> list[str]:
    return [value for kind, value in found(text) if kind == ADDRESS]


@given(st.text(alphabet="Name:;=|,\n\t\"'<>/[]{}() Maxö-5VORst*.", max_size=80))
def test_any_text_is_read_and_the_condition_is_necessary(text: str) -> None:
    for finding in RECOGNIZER.find(text):
        assert 0 <= finding.start < finding.end <= len(text)
        assert RECOGNIZER.needs is not None
        assert RECOGNIZER.needs.search(text)


SURNAME = st.sampled_from(["Kowalski", "Özdemir", "Nguyễn", "O'Brien", "Weber-Koch", "von der Au", "MÜLLER", "Šimić"])
KEY = st.sampled_from(
    ["nachname", "lastName", "last_name", "Nachname", "nom de famille", "apellidos", "cognome", "nazwisko"]
)


@given(KEY, SURNAME)
def test_a_family_name_is_found_in_every_notation(key: str, name: str) -> None:
    for text in (
        json.dumps({"id": 4, key: name, "x": "y"}, ensure_ascii=False),
        f"{key}: {name}",
        f"- **{key}:** {name}\n",
        f"{key}='{name.replace(chr(39), '’')}'",
        f"<{key.replace(' ', '_')}>{name}</{key.replace(' ', '_')}>",
        f"<td>{key}</td><td>{name}</td>",
        f'<input name="{key.replace(chr(32), chr(45))}" value="{name}">',
        f"| {key} | {name} |",
        f"id;{key};x\n1;{name};2\n",
        f"id,{key},a,b\n1,{name},2,3\n",
        f"id\t{key}\tx\n1\t{name}\t2\n",
        f"| id | {key} | x |\n|---|---|---|\n| 1 | {name} | 2 |\n",
    ):
        assert name.replace("'", "’") in [value.replace("'", "’") for value in persons(text)], text


def test_keys_are_understood() -> None:
    for key in ("Vorname", "customer_first_name", "billingFirstName", "Prénom", "IMIĘ", "Ihr Vorname", "voornaam"):
        assert role_of(key) == "GIVEN"
    for key in ("filename", "hostname", "product_name", "city_id", "x", ""):
        assert role_of(key) is None


def test_a_name_that_may_be_anything_needs_a_given_name_or_a_title() -> None:
    assert persons("Kunde: Nadia Wiśniewska\nKunde: Frau Celik\nName: Weber, Karl-Heinz") == [
        "Nadia Wiśniewska", "Celik", "Weber, Karl-Heinz",
    ]  # fmt: skip
    assert persons("Kunde: Stadtwerke Potsdam\nName: Premium Paket\nKontakt: info\nKunde: Max Müller GmbH") == []


def test_lists_of_persons() -> None:
    names = ["Anna", "Bernd Koch", "Celik"]
    assert persons("Teilnehmer: Anna, Bernd Koch und Frau Celik") == names
    assert persons('{"participants": ["Anna", "Bernd Koch", "Frau Celik"]}') == names
    assert persons("Anwesend:\n- Anna\n- Bernd Koch (Vertrieb)\n- Frau Celik\n") == names


def test_an_address_in_fields() -> None:
    parts = ["Hauptstr. 5", "10115", "Berlin"]
    assert addresses('{"street": "Hauptstr. 5", "zip": "10115", "city": "Berlin", "country": "DE"}') == parts
    assert addresses("<b>Straße</b>: Hauptstr. 5<br><b>PLZ</b>: 10115<br><b>Ort</b>: Berlin<br>") == parts
    assert addresses("name;strasse;plz;ort\nx;Hauptstr. 5;10115;Berlin") == parts


def test_a_lone_city_is_nothing() -> None:
    assert addresses('{"city": "Berlin", "weather": "rain"}') == []
    assert addresses("Produkt;Ort;Menge\nSchraube;Berlin;5\n") == []


def test_tables_of_a_page() -> None:
    text = "<table><tr><th>Name</th><th>Ort</th><th>Telefon</th></tr>\n"
    text += "<tr><td>Rahel Amsel</td><td> Ulm </td><td><b>0731 1234567</b></td></tr></table>"
    assert found(text) == [(PERSON, "Rahel Amsel"), (PHONE, "0731 1234567")]


def test_insert_statements() -> None:
    text = "INSERT INTO kunden (id, vorname, nachname, telefon) VALUES "
    text += "(1, 'Max', 'O''Brien', '030 1234567'), (2, 'Anna', NULL, NULL);"
    assert found(text) == [(PERSON, "Max"), (PERSON, "O''Brien"), (PHONE, "030 1234567"), (PERSON, "Anna")]


def test_cards() -> None:
    text = (
        "BEGIN:VCARD\nN:Müller;Max;;Dr.;\nFN:Max Müller\nADR;TYPE=home:;;Hauptstr. 5;Berlin;;10115;Germany\nEND:VCARD"
    )
    assert found(text) == [
        (PERSON, "Müller"), (PERSON, "Max"), (PERSON, "Max Müller"),
        (ADDRESS, "Hauptstr. 5"), (ADDRESS, "Berlin"), (ADDRESS, "10115"),
    ]  # fmt: skip


def test_headings_of_numbers() -> None:
    text = "username;passwort;kundennummer;geburtsdatum\nnadia.k;Sommer2024!;K-48213;01.02.1990\n"
    assert found(text) == [
        (USERNAME, "nadia.k"), (SECRET, "Sommer2024!"), (CUSTOMER_NO, "K-48213"), (DOB, "01.02.1990"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "firstName: string;\nlastName: string;",
        "vorname VARCHAR(50), nachname VARCHAR(50)",
        "first_name = user.first_name",
        'firstName: "First name"',
        '{"vorname": null, "nachname": "n/a"}',
        '{"name": "get_weather", "parameters": {"city": {"type": "string"}}}',
        "Problem: Der Drucker geht nicht.\nAn: alle\nName: bitte eintragen",
        "Autor: unbekannt, Kunde: ist sauer",
    ],
)
def test_what_names_nobody_is_left(text: str) -> None:
    assert found(text) == []
