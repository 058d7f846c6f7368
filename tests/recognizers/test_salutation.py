import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.resolve import resolve
from recognizers.salutation import SalutationRecognizer

RECOGNIZER = SalutationRecognizer()


def found(text: str) -> list[str]:
    return [text[f.start : f.end] for f in resolve(text, RECOGNIZER.find(text))]


@given(st.text(alphabet="Hallo FrauNdivonLG,:.!\n>[]()<@-0123456789öß", max_size=80))
def test_any_text_is_read(text: str) -> None:
    assert all(0 <= f.start < f.end <= len(text) for f in RECOGNIZER.find(text))


SURNAMES = st.sampled_from(["Kowalski", "Özdemir", "Nguyễn", "O'Brien", "Weber-Koch", "von Weizsäcker", "Šimić"])
TITLES = st.sampled_from(
    [
        "Herr",
        "Frau",
        "Herrn Dr.",
        "Frau Prof. Dr.",
        "Mr",
        "Mrs.",
        "Ms.",
        "Señora",
        "Sra.",
        "Madame",
        "Signora",
        "mevrouw",
        "Pani",
    ]
)


@given(TITLES, SURNAMES)
def test_a_title_names_somebody_and_stays_outside(title: str, name: str) -> None:
    for text in (f"{title} {name}, bitte", f"Ich habe mit {title} {name} gesprochen.", f"Hallo {title} {name},"):
        assert found(text) == [name], text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hi Priya,\nthanks", ["Priya"]),
        ("hallo nadia, wie gehts", ["nadia"]),
        ("Hallo Nadia und Murat,", ["Nadia", "Murat"]),
        ("Bonjour Madame Dupont,", ["Dupont"]),
        ("Cher Pierre,", ["Pierre"]),
        ("Estimada Sra. García:", ["García"]),
        ("Gentile Signora Rossi,", ["Rossi"]),
        ("Dag Sanne,", ["Sanne"]),
        ("Szanowna Pani Kowalska,", ["Kowalska"]),
        ("Danke Nadia!", ["Nadia"]),
        ("Viele Grüße\nNadia", ["Nadia"]),
        ("Mit freundlichen Grüßen\n\nMax Müller\nVertrieb", ["Max Müller"]),
        ("lg murat", ["murat"]),
        ("Thanks,\nKwame Boateng | Sales", ["Kwame Boateng"]),
        ("Best\nJ. Smith", ["J. Smith"]),
        ("Freundliche Grüße i.A. Petra Lang", ["Petra Lang"]),
        ("[10:32] Murat Y.: ja genau", ["Murat Y."]),
        ("12.03.24, 10:32 - Nadia K.: ja", ["Nadia K."]),
        ("Nadia: hallo\nMurat: hi\nNadia: ok", ["Nadia", "Murat", "Nadia"]),
        ('"Koch, Anna" <a@x.de>', ["Koch, Anna"]),
        ("Am 3.4. schrieb Max Müller:", ["Max Müller"]),
        ("Mein Name ist Oleksandr Shevchuk und ich", ["Oleksandr Shevchuk"]),
        ("Herrn\nMax Müller\nHauptstr. 5", ["Max Müller"]),
        ("Caller: it's K-R-Z-Y-Ż-A-N-O-W-S-K-I", ["K-R-Z-Y-Ż-A-N-O-W-S-K-I"]),
    ],
)
def test_places_of_names(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Hi team,", "Hi all!", "Hallo zusammen", "Guten Tag,", "Liebe Kolleginnen und Kollegen,", "Dear customer,",
        "Sehr geehrte Damen und Herren,", "Dear Hiring Manager,", "Dear Sir or Madam,", "Hi there,", "Bonjour à tous,",
        "Vielen Dank für Ihre Nachricht.", "Thanks for your help.", "Beste Grüße", "Best regards, Team Support",
        "Kind regards,\nThe Acme Team", "Ihr Team der Stadtwerke", "Kundenservice <info@x.de>", "Frau und Mann",
        "Problem: Drucker geht nicht\nLösung: neu starten\nProblem: wieder da", "10:15 Uhr: Termin", "Status: offen",
        "user: hello\nassistant: hi\nuser: bye", "Herr über Leben und Tod",
    ],
)  # fmt: skip
def test_what_names_nobody_is_left(text: str) -> None:
    assert found(text) == []
