"""Derivation: every purpose, tenant and label has keys of its own; the labels themselves never change."""

from hypothesis import given
from hypothesis import strategies as st

from keys import derive
from keys.secret import Secret

ROOT = Secret(bytes(32))


def test_vectors() -> None:
    """Stored identifiers and tokens depend on these; a change here strands every existing installation."""
    tenant = derive.tenant_key(ROOT, "acme")
    assert tenant.expose().hex() == "91d7dcffb358d983ec9792d04e12c19f6fb6e1420df017e2e1aae66fdf1d9e4e"
    assert derive.fingerprint_key(tenant).expose().hex()[:32] == "f6583a9067144ff6dd5070f9fae0b49b"
    assert derive.identifier(tenant, "user", "u-17") == "ae13ed4cd3fe4788fcd002d3e08f19b3"


@given(st.text(), st.text())
def test_tenants_and_labels_do_not_share_keys(one: str, other: str) -> None:
    one, other = (text.encode("utf-8", "replace").decode() for text in (one, other))
    if one != other:
        assert derive.tenant_key(ROOT, one) != derive.tenant_key(ROOT, other)
        assert derive.derive(ROOT, one) != derive.derive(ROOT, other) or "\0" in one + other


@given(st.text(), st.text())
def test_identifiers_are_stable_short_and_keyed(label: str, raw: str) -> None:
    label = label.encode("utf-8", "replace").decode()
    key = derive.tenant_key(ROOT, "t")
    found = derive.identifier(key, label, raw)
    assert len(found) == derive.IDENTIFIER_HEX <= 64
    assert set(found) <= set("0123456789abcdef")
    assert found == derive.identifier(key, label, raw)
    assert found != derive.identifier(derive.tenant_key(ROOT, "u"), label, raw)
    assert found != derive.identifier(key, label, raw + "x")


def test_a_lone_surrogate_is_an_id_too() -> None:
    assert derive.identifier(ROOT, "user", "\ud800") != derive.identifier(ROOT, "user", "?")


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_parts_never_run_together(one: list[bytes], other: list[bytes]) -> None:
    assert (derive.keyed(ROOT, *one) == derive.keyed(ROOT, *other)) is (one == other)


@given(st.binary(max_size=5), st.lists(st.binary(max_size=5), max_size=4))
def test_many_parts_get_what_each_gets_by_itself(common: bytes, parts: list[bytes]) -> None:
    assert derive.keyed_each(ROOT, common, parts) == [derive.keyed(ROOT, common, part) for part in parts]
