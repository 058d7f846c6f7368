"""Sealing: what opens, what does not, and that keys do not show."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import SealBroken
from keys.seal import NONCE_BYTES, OVERHEAD, Sealer, associated, key_id_of
from keys.secret import Secret

KEY_ID = b"\x01\x02\x03\x04"
SEALER = Sealer(Secret(bytes(range(32))), KEY_ID)
NONCE = bytes(NONCE_BYTES)


@given(st.binary(max_size=200), st.binary(max_size=50), st.binary(min_size=12, max_size=12))
def test_what_was_sealed_opens_and_names_its_key(plain: bytes, bound: bytes, nonce: bytes) -> None:
    sealed = SEALER.seal(plain, bound, nonce)
    assert SEALER.open(sealed, bound) == plain
    assert key_id_of(sealed) == KEY_ID
    assert len(sealed) == len(plain) + OVERHEAD


@given(st.binary(max_size=40), st.data())
def test_any_changed_bit_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(SEALER.seal(plain, b"here", NONCE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        SEALER.open(bytes(sealed), b"here")


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_a_ciphertext_opens_only_in_its_place(here: bytes, there: bytes) -> None:
    sealed = SEALER.seal(b"value", here, NONCE)
    if here != there:
        with pytest.raises(SealBroken):
            SEALER.open(sealed, there)


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_associated_parts_never_run_together(one: list[bytes], other: list[bytes]) -> None:
    assert (associated(*one) == associated(*other)) is (one == other)


@pytest.mark.parametrize("junk", [b"", b"\x01", bytes(OVERHEAD), b"\x02" + bytes(60), b"\x01" * (OVERHEAD - 1)])
def test_what_was_never_sealed_is_refused(junk: bytes) -> None:
    with pytest.raises(SealBroken):
        SEALER.open(junk, b"")


def test_another_key_does_not_open() -> None:
    sealed = SEALER.seal(b"value", b"", NONCE)
    with pytest.raises(SealBroken):
        Sealer(Secret(bytes(32)), KEY_ID).open(sealed, b"")
    with pytest.raises(SealBroken):
        Sealer(Secret(bytes(range(32))), b"\0\0\0\0").open(sealed, b"")


def test_key_ids_and_nonces_have_their_length() -> None:
    with pytest.raises(ValueError, match="four"):
        Sealer(Secret(bytes(32)), b"123")
    with pytest.raises(ValueError, match="twelve"):
        SEALER.seal(b"", b"", b"short")


def test_a_secret_shows_itself_to_nobody() -> None:
    secret = Secret(b"canary-key-material-0123456789ab")
    for shown in (repr(secret), str(secret), f"{secret}", f"{[secret]}", repr(SEALER), repr(SEALER.__class__)):
        assert "canary" not in shown
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(secret)
    with pytest.raises(TypeError):
        hash(secret)
    assert secret == Secret(b"canary-key-material-0123456789ab")
    assert secret != Secret(b"another")
    assert secret != b"canary-key-material-0123456789ab"
