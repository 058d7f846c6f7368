"""Whose request it is: what is believed, what counts as absent, and how wide the scope becomes."""

import string
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from keys.derive import identifier
from keys.secret import Secret
from proxy.scope import Asked, IdentityRefused, Linkability, Scope, ScopeRules, present, resolve_scope

TENANT_KEY = Secret(bytes(32))
OPENWEBUI = b"a secret shared with Open WebUI and nobody else, long enough even for HS512"
NOW = 1_800_000_000.0
RULES = ScopeRules(
    conversation_headers=("X-Conversation-Id", "X-OpenWebUI-Chat-Id"),
    user_headers=("X-User-Id",),
    trusted_peers=(ip_network("10.0.0.0/8"), ip_network("fd00::/8")),
    jwt_secret=Secret(OPENWEBUI),
)


def scope(
    headers: dict[str, str] | None = None,
    body: dict[str, Any] | None = None,
    *,
    rules: ScopeRules = RULES,
    peer: str = "192.0.2.1",
    chained: str = "",
) -> Scope:
    asked = Asked(CIMultiDict(headers or {}), body or {}, NOW, "fresh", peer, chained)
    return resolve_scope("t", TENANT_KEY, asked, rules).scope


def user(raw: str) -> str:
    return identifier(TENANT_KEY, "user", raw)


def signed(secret: bytes = OPENWEBUI, algorithm: str = "HS256", **claims: Any) -> dict[str, str]:
    payload = {"sub": "u-17", "iss": "open-webui", "iat": NOW - 1, "exp": NOW + 299} | claims
    return {"X-OpenWebUI-User-Jwt": jwt.encode(payload, secret, algorithm=algorithm)}


def test_a_header_names_the_conversation_in_any_case() -> None:
    found = scope({"x-CONVERSATION-id": "c-1"})
    assert found == Scope("t", "", identifier(TENANT_KEY, "conversation", "c-1"))


def test_the_first_header_that_is_there_counts() -> None:
    both = {"X-OpenWebUI-Chat-Id": "b", "X-Conversation-Id": "a"}
    assert scope(both) == scope({"X-Conversation-Id": "a"}) != scope({"X-Conversation-Id": "b"})


@pytest.mark.parametrize(
    "unfilled",
    ["", "  ", "{{CHAT_ID}}", "c-{{ LIBRECHAT_BODY_CONVERSATIONID }}", "${chatId}", "null", "NULL", "undefined", "new"],
)
def test_an_unresolved_template_is_no_conversation_and_no_user(unfilled: str) -> None:
    assert scope({"X-Conversation-Id": unfilled}, {"user": unfilled}).conversation == "fresh"
    assert scope(body={"user": unfilled, "safety_identifier": unfilled}).user == ""


def test_an_unresolved_header_lets_the_next_one_speak() -> None:
    later = {"X-OpenWebUI-Chat-Id": "b"}
    assert scope({"X-Conversation-Id": "{{CHAT_ID}}"} | later) == scope(later)


def test_without_a_conversation_the_request_stands_alone() -> None:
    asked = Asked({}, {}, NOW, "fresh")
    resolved = resolve_scope("t", TENANT_KEY, asked, RULES)
    assert (resolved.scope, resolved.lasting) == (Scope("t", "", "fresh"), False)


@given(st.text(), st.text())
def test_no_raw_id_survives_and_ids_of_different_things_differ(raw: str, other: str) -> None:
    found = scope({"X-Conversation-Id": raw}, {"user": raw})
    assert set(found.key) <= set(string.hexdigits + ".-tfresh")
    if present(raw) and present(other) and present(raw) != present(other):
        assert scope(body={"user": raw}).user != scope(body={"user": other}).user
    if present(raw):
        assert found.user != found.conversation


def test_another_tenants_key_gives_other_ids() -> None:
    asked = Asked({"X-Conversation-Id": "c"}, {"user": "u"}, NOW, "fresh")
    here, there = (resolve_scope("t", Secret(bytes([n] * 32)), asked, RULES).scope for n in (0, 1))
    assert here.user != there.user
    assert here.conversation != there.conversation


def test_a_signed_user_is_believed_before_all_others() -> None:
    headers = signed() | {"X-User-Id": "spoofed"}
    assert scope(headers, {"user": "also spoofed"}, peer="10.1.1.1").user == user("u-17")


@pytest.mark.parametrize(
    "headers",
    [
        signed(OPENWEBUI[::-1]),
        signed(algorithm="HS512"),
        signed(exp=NOW - 100),
        signed(iat=NOW + 100),
        signed(iss="somebody"),
        signed(sub=""),
        signed(sub="{{USER_ID}}"),
        signed(exp="soon"),
        {"X-OpenWebUI-User-Jwt": "nonsense"},
        {"X-OpenWebUI-User-Jwt": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LTE3In0."},
    ],
)
def test_a_signature_that_does_not_verify_refuses_the_request(headers: dict[str, str]) -> None:
    with pytest.raises(IdentityRefused) as refused:
        scope(headers)
    assert "u-17" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_without_a_secret_the_signed_header_means_nothing() -> None:
    assert scope(signed(), rules=replace(RULES, jwt_secret=None)).user == ""


@pytest.mark.parametrize(("peer", "believed"), [
    ("10.2.3.4", True), ("::ffff:10.2.3.4", True), ("fd00::1%eth0", True), ("11.0.0.1", False), ("", False),
    ("x", False),
])
def test_a_users_header_is_believed_only_from_trusted_peers(peer: str, believed: bool) -> None:
    assert (scope({"X-User-Id": "u"}, peer=peer).user == user("u")) is believed


def test_the_body_names_the_user() -> None:
    assert scope(body={"safety_identifier": "a", "user": "b"}).user == user("a")
    assert scope(body={"user": "b", "metadata": {"user_id": "c"}}).user == user("b")
    assert scope(body={"metadata": {"user_id": "c"}}).user == user("c")
    assert scope(body={"user": 17, "metadata": ["user_id"]}).user == ""


def test_claude_code_names_user_and_session_in_one_field() -> None:
    session = "_session_01234567-89ab-cdef-0123-456789abcdef"
    first = scope(body={"metadata": {"user_id": f"user_ab12_account__{session}"}})
    other = scope(body={"metadata": {"user_id": f"user_ab12_account__{session[:-1]}0"}})
    assert first.user == other.user != ""
    assert first.conversation != other.conversation != "fresh"


def test_a_stored_conversation_and_a_response_chain_name_the_conversation() -> None:
    assert scope(body={"conversation": "conv_1"}) == scope(body={"conversation": {"id": "conv_1"}})
    assert scope(body={"previous_response_id": "resp_1"}, chained="abc").conversation == "abc"
    assert scope({"X-Conversation-Id": "c"}, chained="abc") == scope({"X-Conversation-Id": "c"})


def test_a_cache_key_names_the_conversation_only_by_choice() -> None:
    body = {"prompt_cache_key": "k"}
    assert scope(body=body).conversation == "fresh"
    assert scope(body=body, rules=replace(RULES, cache_key=True)).conversation not in {"fresh", "", "k"}


@pytest.mark.parametrize(("linkability", "expected"), [
    (Linkability.REQUEST, (True, "fresh")), (Linkability.CONVERSATION, (True, "conversation")),
    (Linkability.USER, (True, "")), (Linkability.TENANT, (False, "")),
])
def test_policy_chooses_how_wide_a_scope_is(linkability: Linkability, expected: tuple[bool, str]) -> None:
    found = scope({"X-Conversation-Id": "c"}, {"user": "u"}, rules=replace(RULES, linkability=linkability))
    conversation = identifier(TENANT_KEY, "conversation", "c") if expected[1] == "conversation" else expected[1]
    assert (bool(found.user), found.conversation) == (expected[0], conversation)


def test_user_linkability_without_a_user_stays_narrow() -> None:
    rules = replace(RULES, linkability=Linkability.USER)
    assert scope({"X-Conversation-Id": "c"}, rules=rules) == scope({"X-Conversation-Id": "c"})


def test_only_the_tenants_own_scope_is_derived() -> None:
    assert Scope("t").derived
    assert not Scope("t", "u").derived
    assert not Scope("t", "", "c").derived


@given(st.text("0123456789abcdef", min_size=1, max_size=8), st.text("0123456789abcdef", max_size=8), st.integers(0, 9))
def test_a_scope_is_read_back_from_its_key(part: str, other: str, epoch: int) -> None:
    found = Scope(part, other, part, epoch)
    assert Scope.from_key(found.key) == found


@pytest.mark.parametrize("raw", ["anna@beispiel.example", "a.b", "{x}", "*", "x" * 65, "ä"])
def test_a_raw_id_cannot_become_a_scope(raw: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        Scope("t", raw)
