"""What recognizers share of a text, and that marks are found whatever their case."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizers import salutation
from recognizers.generic.reading import Guarded, Marks, folded, reading
from recognizers.person import alternatives, literals

CITY = Marks("Köln", "Bonn")
SISKIN = Marks("siskin")
GUARDED = [value for value in vars(salutation).values() if isinstance(value, Guarded)]
LISTS = ("introductions.txt", "forms_of_address.txt", "greetings.txt")


def test_marks_are_found_in_one_pass_whatever_their_case() -> None:
    text = "aus KÖLN"
    with reading(text):
        assert CITY.search(text)
        assert not SISKIN.search(text)
    assert not CITY.search("aus Koln")


def test_an_empty_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="everywhere"):
        Marks("a", "")


@given(st.tuples(*map(st.sampled_from, ("sSſ", "iIıİ", "sSſ", "kKK", "iIıİ", "nN"))).map("".join))
def test_every_spelling_of_a_mark_counts(spelled: str) -> None:
    assert re.fullmatch("siskin", spelled, re.IGNORECASE)
    assert SISKIN.search(f"ein {spelled}!")


@pytest.mark.parametrize("guarded", GUARDED, ids=lambda guarded: guarded.marks.literals[0])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_match_of_a_guarded_pattern_holds_one_of_its_marks(guarded: Guarded, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(guarded.pattern))
    assert list(guarded.finditer(text)) != []


@pytest.mark.parametrize("name", LISTS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_literals_of_a_list_stand_in_all_it_matches(name: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(alternatives(name), re.IGNORECASE)))
    assert len(folded(text)) == len(text)
    assert any(literal in folded(text) for literal in literals(name))
