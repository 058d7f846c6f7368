"""Records: what a store holds of a value, and the digests by which it is found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import SealBroken
from keys.secret import Secret
from proxy.scope import Scope
from proxy.vault import record
from proxy.vault.record import ScopeKeys

INCARNATION = bytes(range(16))
KEYS = ScopeKeys.of(Scope("t", "u", "c"), INCARNATION, Secret(bytes(32)))
NONCE = bytes(12)


@given(st.text(), st.integers(0, 2**32 - 1))
def test_a_record_gives_back_value_and_time(value: str, created: int) -> None:
    held = record.write(KEYS, "[PERSON_1]", value, created, NONCE)
    assert record.read(KEYS, "[PERSON_1]", held) == value
    assert record.created_of(held) == created
    assert record.search_digest_of(held) == KEYS.search_digest(value)
    assert not record.is_grave(held)


@given(st.text(min_size=1), st.data())
def test_any_change_of_a_record_is_noticed(value: str, data: st.DataObject) -> None:
    held = bytearray(record.write(KEYS, "[PERSON_1]", value, 7, NONCE))
    held[data.draw(st.integers(0, len(held) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        record.read(KEYS, "[PERSON_1]", bytes(held))


@pytest.mark.parametrize(
    "scope",
    [Scope("t2", "u", "c"), Scope("t", "u2", "c"), Scope("t", "u", "c2"), Scope("t", "u", "c", 1), Scope("t", "u")],
)
def test_the_same_key_in_another_scope_does_not_open(scope: Scope) -> None:
    held = record.write(KEYS, "[PERSON_1]", "x", 7, NONCE)
    for other in (ScopeKeys.of(scope, INCARNATION, Secret(bytes(32))),
                  ScopeKeys.of(Scope("t", "u", "c"), INCARNATION[:4] + bytes(12), Secret(bytes(32)))):
        with pytest.raises(SealBroken):
            record.read(other, "[PERSON_1]", held)


@pytest.mark.parametrize("token", ["[PERSON_2]", "[PERSON_1_ALT]", "[EMAIL_1]"])
def test_another_token_does_not_open(token: str) -> None:
    with pytest.raises(SealBroken):
        record.read(KEYS, token, record.write(KEYS, "[PERSON_1]", "x", 7, NONCE))


def test_a_grave_holds_nothing() -> None:
    held = record.grave(7)
    assert record.is_grave(held)
    assert record.read(KEYS, "[PERSON_1]", held) is None
    assert (record.created_of(held), set(record.search_digest_of(held))) == (7, {0})


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_operator_finds_a_value_however_it_is_written(value: str) -> None:
    sought = KEYS.search_digest(value)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert KEYS.search_digest(unicodedata.normalize(form, value)) == sought
    assert KEYS.search_digest(f"  {value}\t") == sought


@pytest.mark.parametrize(("one", "other"), [
    ("Jürgen Groß", "JU\u0308RGEN  GROSS"), ("Müller", "ｍüller"), ("A B", "a\u00a0b"), ("ǅ", "ǆ"),
])
def test_spellings_that_are_one(one: str, other: str) -> None:
    assert KEYS.search_digest(one) == KEYS.search_digest(other)
    assert KEYS.digest("PERSON", one) != KEYS.digest("PERSON", other)


@given(st.text(), st.text(), st.integers(0, 50))
def test_derived_numbers_have_eight_digits_and_follow_from_the_value(kind: str, value: str, attempt: int) -> None:
    kind = kind.encode("utf-8", "replace").decode()
    number = KEYS.derived_number(kind, value, attempt)
    assert len(str(number)) == 8
    assert number == KEYS.derived_number(kind, value, attempt)
    assert number != KEYS.derived_number(kind, value, attempt + 1)
