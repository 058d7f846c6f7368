"""Client keys: who may ask, whose scope it is, and whose key the provider sees."""

import json
from typing import Any

import pytest

from proxy.clients import ClientKeys
from proxy.settings import SettingsError, load
from proxy.vault import sealed
from tests.gateway.conftest import Deckname, Start

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAIL = "erika.musterfrau@beispiel.example"
BODY: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": f"Mail an {MAIL}"}]}

# With client keys every upstream needs a key of Deckname's own; here there is but one.
KEYED: dict[str, Any] = {
    "upstream_key": "sk-of-deckname", "upstream_anthropic": None, "upstream_azure": None, "upstream_ollama": None,
}


def keys(deckname_data: Any, *names: str) -> list[str]:
    clients = ClientKeys(deckname_data / "clients.json")
    return [clients.add(name, "2026-01-01T00:00:00Z") for name in names]


def bearer(key: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", **headers}


async def test_each_request_needs_a_key_and_the_provider_sees_decknames_own(tmp_path: Any, start: Start) -> None:
    first, _ = keys(tmp_path, "support", "sales")
    async with start(**KEYED) as deckname:
        for headers in ({}, bearer("deckname-wrong"), bearer("sk-of-deckname"), {"Authorization": "Basic eDp5"}):
            reply = await deckname.post(BODY, headers=headers)
            assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (401, "invalid_api_key")
        async with deckname.http.get(f"{deckname.base}/models") as response:
            assert response.status == 401
        assert not deckname.upstream.seen
        assert (await deckname.post(BODY, headers=bearer(first))).status == 200
        assert deckname.upstream.last.headers["authorization"] == "Bearer sk-of-deckname"
        assert first not in deckname.upstream.last.wire


async def test_a_conversation_of_one_tenant_is_not_that_of_another(tmp_path: Any, start: Start) -> None:
    first, second = keys(tmp_path, "support", "sales")
    chat = {"X-Conversation-Id": "chat-1"}
    async with start(**KEYED) as deckname:
        await deckname.post(BODY, headers=bearer(first, **chat))
        typed: dict[str, Any] = {**BODY, "messages": [{"role": "user", "content": "Wer ist [EMAIL_1]?"}]}
        own = await deckname.post(typed, headers=bearer(first, **chat))
        other = await deckname.post(typed, headers=bearer(second, **chat))
        assert MAIL in own.text  # a token of one's own chat is restored late
        assert MAIL not in other.text
        assert json.loads(other.raw)["choices"][0]["message"]["content"] == "Wer ist [EMAIL_1]?"


@pytest.mark.parametrize("most", [10_000, 1])
async def test_a_token_of_the_whole_tenant_is_restored_however_many_there_are(
    start: Start, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(sealed, "DERIVED_KNOWN", most)
    async with start(linkability="tenant") as deckname:
        texts = [f"Mail an {MAIL}", "Mail an jonas.feldkamp@beispiel.example"]
        for text in texts:
            await deckname.post({**BODY, "messages": [{"role": "user", "content": text}]})
        token = deckname.upstream.last.body["messages"][0]["content"].removeprefix("Mail an ")
        typed = {**BODY, "messages": [{"role": "user", "content": f"Wer ist {token}, wer [EMAIL_99999999]?"}]}
        reply = await deckname.post(typed)
        assert deckname.upstream.last.body["messages"][0]["content"].startswith(f"Wer ist {token}, wer [")
        assert "Wer ist jonas.feldkamp@beispiel.example, wer [EMAIL_99999999]?" in reply.text


async def test_equal_identifiers_of_two_tenants_do_not_look_equal(tmp_path: Any, start: Start) -> None:
    sent = []
    both = keys(tmp_path, "support", "sales")
    async with start(**KEYED) as deckname:
        for key in both:
            await deckname.post({**BODY, "user": "u-1"}, headers=bearer(key))
            sent.append(deckname.upstream.last.body["user"])
    assert sent[0] != sent[1]


async def test_removing_the_last_key_does_not_open_the_proxy(tmp_path: Any, start: Start) -> None:
    [key] = keys(tmp_path, "support")
    async with start(**KEYED) as deckname:
        ClientKeys(tmp_path / "clients.json").remove("support")
        assert (await deckname.post(BODY)).status == 401
        assert (await deckname.post(BODY, headers=bearer(key))).status == 401
        assert not deckname.upstream.seen


@pytest.mark.parametrize("name", ["{{CHAT_ID}}", "${id}", "null", "undefined", " "])
async def test_an_unfilled_template_names_no_conversation(deckname: Deckname, name: str) -> None:
    for address in ("a@beispiel.example", "b@beispiel.example"):
        body = {**BODY, "messages": [{"role": "user", "content": address}]}
        await deckname.post(body, headers={"X-Conversation-Id": name})
        assert deckname.upstream.last.body["messages"][0]["content"] == "[EMAIL_1]"


async def test_listening_elsewhere_without_client_keys_refuses_to_start(tmp_path: Any) -> None:
    options = {"listen": "0.0.0.0:8080", "upstream": "http://127.0.0.1:9/v1", "data_dir": tmp_path}
    with pytest.raises(SettingsError) as caught:
        load(options, environ={}, serving=True)
    assert any("deckname clients add" in problem.remedy for problem in caught.value.problems)
