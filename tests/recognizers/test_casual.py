import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.casual import CasualNameRecognizer

RECOGNIZER = CasualNameRecognizer()


def found(text: str) -> list[str]:
    findings = list(RECOGNIZER.find(text))
    assert RECOGNIZER.needs is not None
    assert RECOGNIZER.needs.search(text) or not findings
    return [text[f.start : f.end] for f in findings]


@given(st.text(alphabet="die anja kofi,s'.\n DE@", max_size=60))
def test_the_condition_is_necessary(text: str) -> None:
    assert all(name.islower() for name in found(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("frag mal die anja ob sie kommt", ["anja"]),
        ("can u tell kofi the parcel for desmond is here", ["kofi", "desmond"]),
        ("das ist für torbens bruder", ["torben"]),
        ("coucou c'est mehdi, je passe chez odile", ["mehdi", "odile"]),
    ],
)
def test_small_names_in_small_text(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Frag mal die anja",
        "mit rose und mark",
        "anja",
        "die anja@x.de",
        "mit anja/bild.png",
        "hola mira la luz",
        "for will and grace",
    ],
)
def test_what_may_be_a_word_is_left(text: str) -> None:
    assert found(text) == []
