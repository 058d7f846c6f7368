"""Tokens are written and read without loss, whatever the kind is called."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.token import KIND, MAX_NUMBER, PART, bare, mint, parse

kinds = st.from_regex(KIND, fullmatch=True).filter(lambda kind: len(kind) <= 64)
numbers = st.integers(1, MAX_NUMBER)
parts = st.just("") | st.from_regex(PART, fullmatch=True)


@given(kinds, numbers, parts)
def test_parse_is_the_inverse_of_mint(kind: str, number: int, part: str) -> None:
    assert parse(mint(kind, number, part)) == (kind, number, part)


@given(st.tuples(kinds, numbers, parts), st.tuples(kinds, numbers, parts))
def test_two_tokens_differ_if_anything_they_say_differs(one: tuple[str, int, str], two: tuple[str, int, str]) -> None:
    assert (mint(*one) == mint(*two)) is (one == two)


@given(kinds, numbers, parts)
def test_bare_form_fits_restricted_names(kind: str, number: int, part: str) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9_-]+", bare(mint(kind, number, part)))


@pytest.mark.parametrize(
    ("token", "meaning"),
    [
        ("[PERSON_1]", ("PERSON", 1, "")),
        ("[PERSON_12]", ("PERSON", 12, "")),
        ("[PERSON_1_FAMILY]", ("PERSON", 1, "FAMILY")),
        ("[IPV4_2]", ("IPV4", 2, "")),
        ("[IPV4_2_ALT]", ("IPV4", 2, "ALT")),
        ("[TAX_ID_3_ALT2]", ("TAX_ID", 3, "ALT2")),
        ("[A_1_2]", ("A_1", 2, "")),
        ("[A_ALT_2_ALT]", ("A_ALT", 2, "ALT")),
    ],
)
def test_kinds_with_digits_and_underscores(token: str, meaning: tuple[str, int, str]) -> None:
    assert parse(token) == meaning
    assert mint(*meaning) == token


@pytest.mark.parametrize("kind", ["", "person", "PERSON_", "_PERSON", "1A", "A__B", "Ä", "A B", "A\n", "A" * 65])
def test_no_token_of_a_strange_kind(kind: str) -> None:
    with pytest.raises(ValueError, match="kind"):
        mint(kind, 1)


@pytest.mark.parametrize("number", [0, -1, MAX_NUMBER + 1])
def test_no_token_with_a_strange_number(number: int) -> None:
    with pytest.raises(ValueError, match="number"):
        mint("PERSON", number)


@pytest.mark.parametrize("part", ["full", "OTHER", "ALT0", "ALT_2", "2", "ALT\n"])
def test_no_token_with_a_strange_part(part: str) -> None:
    with pytest.raises(ValueError, match="part"):
        mint("PERSON", 1, part)


@pytest.mark.parametrize(
    "text",
    [
        "", "PERSON_1", "[PERSON_1", "[PERSON]", "[PERSON_01]", "[PERSON_0]", "[PERSON_1_OTHER]", "[person_1]",
        "[PERSON_1]\n", "[PERSON_١]",
    ],
)
def test_what_is_no_token(text: str) -> None:
    with pytest.raises(ValueError, match="not a token"):
        parse(text)
    with pytest.raises(ValueError, match="not a token"):
        bare(text)
