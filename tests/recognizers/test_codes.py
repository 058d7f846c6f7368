"""What a guess at a number, a date of birth, a user name or a secret has to look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers import codes
from recognizers.finding import CUSTOMER_NO, DOB, SECRET, USERNAME

KINDS = st.sampled_from(sorted(codes.LEAST))


@given(st.text("aB1 -/.#:\n", max_size=60), KINDS, st.data())
def test_a_guess_is_only_ever_widened(text: str, kind: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = codes.widened(text, kind, start, end)
    assert 0 <= first <= start
    assert end <= last <= len(text)
    if kind != SECRET:
        assert not any(map(str.isspace, text[first:start] + text[end:last]))


@given(st.text(max_size=40), KINDS)
def test_nothing_improbable_counts(text: str, kind: str) -> None:
    assert codes.judged(text, kind, 0, len(text), codes.LEAST[kind] - 0.01) is None


@pytest.mark.parametrize(("score", "value"), [(0.85, None), (0.92, "kanne-wolke-sieb")])
def test_plain_words_joined_by_hyphens_are_a_secret_only_where_that_is_all_but_certain(
    score: float, value: str | None
) -> None:
    assert judged("mit kanne-wolke-sieb kommt man rein", SECRET, "wolke", score) == value


def judged(text: str, kind: str, guess: str, score: float = 0.95) -> str | None:
    """Return what of ``text`` counts if the model marks ``guess`` in it."""
    start = text.index(guess)
    place = codes.judged(text, kind, start, start + len(guess), score)
    return place and text[slice(*place)]


@pytest.mark.parametrize(
    ("text", "kind", "guess", "value"),
    [
        ("geboren am 03.11.41 in Ulm", DOB, "03", "03.11.41"),
        ("am elften Elften zwanzig geboren", DOB, "elften Elften zwanzig", "elften Elften zwanzig"),
        ("redis://:m4rmalade-fox@10.0.12.8:6379/2", SECRET, "4rmalade", "m4rmalade-fox"),
        ("läuft unter 26 4410 8812 bei euch", CUSTOMER_NO, "26 4410 8812", "26 4410 8812"),
        ("siehe HELP-220914.", CUSTOMER_NO, "220914", "HELP-220914"),
        ("die Akte 4711-0815/26 liegt hier", CUSTOMER_NO, "0815", "4711-0815/26"),
        ("GET /claims/CLM-88120-A HTTP", CUSTOMER_NO, "88120", "CLM-88120-A"),
        ("GET /claims/88120/history HTTP", CUSTOMER_NO, "claims/88120/history", "88120"),
        ("born 2/2/1984 in Ulm", DOB, "2/2/1984", "2/2/1984"),
        ("Baujahrgang '84 eben", DOB, "84", "84"),
        ("ich bin dort lena_k.84, glaub ich", USERNAME, "k.84", "lena_k.84"),
        ("das Kennwort ist Regen!Tonne+7.", SECRET, "Regen", "Regen!Tonne+7"),
    ],
)
def test_whole_codes_count(text: str, kind: str, guess: str, value: str) -> None:
    assert judged(text, kind, guess) == value


@pytest.mark.parametrize(
    ("text", "kind", "guess"),
    [
        ("am 12.03.2026 geliefert", CUSTOMER_NO, "12.03.2026"),
        ("kostet 4711 € im Monat", CUSTOMER_NO, "4711"),
        ("seit Version 5.1.8 kaputt", CUSTOMER_NO, "5.1.8"),
        ("im Jahr 2019 gebaut", CUSTOMER_NO, "2019"),
        ("am Montag geboren", DOB, "Montag"),
        ("bernard.lan antwortet nicht", USERNAME, "bernard"),
        ("SPRECHER_00: ja moin", USERNAME, "SPRECHER_00"),
        ("zwei Wörter hier", USERNAME, "zwei Wörter"),
        ("PIN 12 eben", SECRET, "12"),
    ],
)
def test_other_values_do_not(text: str, kind: str, guess: str) -> None:
    assert judged(text, kind, guess) is None


@pytest.mark.parametrize("value", ["1182", "TC-0417", "ocho ocho guion cuarenta", "QX7RTA"])
def test_an_unusual_number_has_to_be_surer(value: str) -> None:
    assert judged(f"Mitglied {value} bin ich", CUSTOMER_NO, value, codes.UNUSUAL - 0.01) is None
    assert judged(f"Mitglied {value} bin ich", CUSTOMER_NO, value, codes.UNUSUAL) == value


def test_a_blood_pressure_is_a_number_of_somebodys_only_where_that_is_all_but_certain() -> None:
    assert judged("heute PA 135/85, sonst gut", CUSTOMER_NO, "135/85", codes.SURE - 0.01) is None
    assert judged("Akte 135/85 fehlt", CUSTOMER_NO, "135/85", codes.SURE) == "135/85"
