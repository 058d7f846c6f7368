"""What arrives at Anthropic, whatever field of a Messages request the personal data is in, and what comes back."""

import json
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from tests.bodies import fields, merged, with_value
from tests.gateway.conftest import Deckname, Start
from tests.upstream import Seen

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY = "kanari.vogel@beispiel.example"
SKELETON: dict[str, Any] = {"model": "claude", "max_tokens": 9, "messages": [{"role": "user", "content": "Hallo!"}]}
# Secrets meant for Anthropic, and what it signed or encrypted itself.
OPAQUE = (
    ".signature", "{redacted_thinking}.data", ".encrypted_content", ".encrypted_index", ".encrypted_stdout",
    ".authorization_token", ".fallback_credit_token", ".fallback_credit_token.token",
)  # fmt: skip
ATTACHED = ("{base64}.data", "{url}.url", "{file}.file_id", "{container_upload}.file_id")


def expected(path: str) -> str:
    if path.endswith(OPAQUE):
        return "opaque"
    if path.endswith(ATTACHED) and "mcp_servers" not in path:
        return "attachment"
    return "text"


async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
    if seen.path.endswith("count_tokens"):
        return web.json_response({"input_tokens": 7})
    return web.json_response(message([]))


def message(content: list[dict[str, Any]], **extra: Any) -> dict[str, Any]:
    """Return a whole reply."""
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "content": content,
            "stop_reason": "end_turn", "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}, **extra}


@pytest.mark.parametrize("path", fields("anthropic_messages_request.txt"))
async def test_no_field_leaks(deckname: Deckname, path: str) -> None:
    deckname.upstream.answer = answer
    reply = await deckname.post(merged(with_value(path, CANARY), SKELETON), path="/messages")
    match expected(path):
        case "attachment":
            assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (400, "attachment_refused")
            assert not deckname.upstream.seen
        case "opaque":
            assert json.dumps(CANARY) in deckname.upstream.last.raw.decode()
        case _:
            assert reply.status == 200, reply.text
            assert CANARY not in deckname.upstream.last.wire
            assert CANARY.partition("@")[0] not in deckname.upstream.last.wire


async def test_most_fields_are_text() -> None:
    counts = [expected(path) for path in fields("anthropic_messages_request.txt")]
    assert counts.count("text") > 190
    assert counts.count("attachment") < 30


@pytest.mark.parametrize(
    "body",
    [
        {"unknown": CANARY},
        {CANARY: 1},
        {"prefill": f"an {CANARY}"},
        {"system": [{"type": "unknown", "unknown": {"deep": [CANARY]}}]},
        {"messages": [{"role": "user", "content": [{"type": "unknown", "x": CANARY}]}]},
        {"messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f",
                                                         "input": {CANARY: [{CANARY: CANARY}]}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [
            {"type": "text", "text": json.dumps({"mail": CANARY})}]}]}]},
        {"tools": [{"name": "f", "input_schema": {"type": "object", "properties": {CANARY: {"enum": [CANARY]}}}}]},
        {"messages": [{"role": "assistant", "content": [{"type": "thinking", "thinking": CANARY, "signature": ""}]}]},
        {"messages": [{"role": "assistant", "content": [{"type": "thinking", "thinking": CANARY}]}]},
    ],
)  # fmt: skip
async def test_no_unknown_field_leaks(deckname: Deckname, body: dict[str, Any]) -> None:
    deckname.upstream.answer = answer
    assert (await deckname.post(merged(body, SKELETON), path="/messages")).status == 200
    assert CANARY not in deckname.upstream.last.wire


async def test_counting_tokens_sends_what_sending_would(deckname: Deckname) -> None:
    deckname.upstream.answer = answer
    body = {**SKELETON, "system": f"Kunde: {CANARY}", "metadata": {"user_id": CANARY}}
    for path in ("/messages", "/messages/count_tokens?beta=true"):
        reply = await deckname.post(body, path=path)
        assert reply.status == 200
    first, second = deckname.upstream.seen
    assert first.body == second.body
    assert (second.path, second.query) == ("/v1/messages/count_tokens", "beta=true")
    assert json.loads(reply.raw) == {"input_tokens": 7}


async def test_what_is_signed_passes_byte_for_byte_both_ways(deckname: Deckname) -> None:
    signed: list[dict[str, Any]] = [
        {"type": "thinking", "thinking": "Es geht um [EMAIL_1],\nmax@beispiel.example?", "signature": "Eq+/=="},
        {"type": "redacted_thinking", "data": "EmwKAhgBEgy3va3pzix/[EMAIL_1]"},
        {"type": "compaction", "content": "Bisher: [EMAIL_1]", "encrypted_content": "xyz", "signature": "abc"},
    ]  # fmt: skip

    async def think(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.json_response(message([*signed, {"type": "text", "text": "Gern, [EMAIL_1]."}]))

    deckname.upstream.answer = think
    history = [{"role": "user", "content": f"An {CANARY}"}, {"role": "assistant", "content": signed},
               {"role": "user", "content": "Weiter"}]
    reply = await deckname.post({**SKELETON, "messages": history}, path="/messages")
    sent = deckname.upstream.last
    assert sent.body["messages"][1]["content"] == signed
    assert sent.body["messages"][0]["content"] == "An [EMAIL_1]"
    assert json.loads(reply.raw)["content"] == [*signed, {"type": "text", "text": f"Gern, {CANARY}."}]


def restored(path: str) -> bool:
    """Whether a value in that field of a reply is put back: everywhere but in what is signed, or no text at all."""
    return not path.endswith((*OPAQUE, ".thinking", "{compaction}.content", *ATTACHED))


@pytest.mark.parametrize("path", fields("anthropic_messages_reply.txt"))
async def test_every_text_of_a_reply_is_restored(deckname: Deckname, path: str) -> None:
    async def reply_with(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.json_response(with_value(path, "[EMAIL_1]"))

    deckname.upstream.answer = reply_with
    ask = {**SKELETON, "messages": [{"role": "user", "content": f"An {CANARY}"}]}
    reply = await deckname.post(ask, path="/messages")
    value = CANARY if restored(path) else "[EMAIL_1]"
    assert json.loads(reply.raw) == with_value(path, value)


async def test_attachments_are_dropped_or_passed_by_policy(start: Start) -> None:
    pdf = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}}
    image = {"type": "image", "source": {"type": "url", "url": "https://bild.example/x.png"}}
    text = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": f"Von {CANARY}"}}
    body = {**SKELETON, "messages": [{"role": "user", "content": [pdf, image, text]}]}
    hidden = {**text, "source": {"type": "text", "media_type": "text/plain", "data": "Von [EMAIL_1]"}}
    async with start(attachments="drop") as deckname:
        deckname.upstream.answer = answer
        assert (await deckname.post(body, path="/messages")).status == 200
        assert deckname.upstream.last.body["messages"][0]["content"] == [hidden]
    async with start(attachments="pass") as deckname:
        deckname.upstream.answer = answer
        assert (await deckname.post(body, path="/messages")).status == 200
        assert deckname.upstream.last.body["messages"][0]["content"] == [pdf, image, hidden]


@pytest.mark.parametrize(
    ("body", "code"),
    [([], "invalid_body"), ({"model": "m", "input": "a"}, "missing_messages"), ({"messages": "a"}, "missing_messages")],
)
async def test_other_shapes_are_refused_in_anthropics_words(deckname: Deckname, body: Any, code: str) -> None:
    reply = await deckname.post(body, path="/messages")
    told = json.loads(reply.raw)
    assert reply.status == 400
    assert (told["type"], told["error"]["type"], told["error"]["code"]) == ("error", "invalid_request_error", code)
    assert reply.headers["x-should-retry"] == "false"
    assert not deckname.upstream.seen


async def test_an_error_that_quotes_the_prompt_is_restored(deckname: Deckname) -> None:
    async def refuse(request: web.Request, seen: Seen) -> web.StreamResponse:
        told = {"type": "invalid_request_error", "message": "stop: [EMAIL_1]"}
        return web.json_response({"type": "error", "error": told, "request_id": "req_1"}, status=400)

    deckname.upstream.answer = refuse
    reply = await deckname.post({**SKELETON, "stop_sequences": [CANARY]}, path="/messages")
    assert reply.status == 400
    assert json.loads(reply.raw)["error"] == {"type": "invalid_request_error", "message": f"stop: {CANARY}"}


async def test_credentials_and_versions_go_through_and_nothing_else(deckname: Deckname) -> None:
    deckname.upstream.answer = answer
    headers = {"x-api-key": "sk-ant-1", "anthropic-version": "2023-06-01", "anthropic-beta": "files-api-2025-04-14,x",
               "X-Custom": CANARY}
    await deckname.post(SKELETON, path="/messages", headers=headers)
    seen = deckname.upstream.last
    assert {name: seen.headers[name] for name in ("x-api-key", "anthropic-version", "anthropic-beta")} == {
        name: value for name, value in headers.items() if name != "X-Custom"
    }
    assert CANARY not in seen.wire


async def test_our_own_key_takes_the_place_of_the_clients(start: Start) -> None:
    async with start(upstream_anthropic_key="sk-ant-own") as deckname:
        deckname.upstream.answer = answer
        await deckname.post(SKELETON, path="/messages", headers={"x-api-key": "sk-ant-1", "Authorization": "Bearer a"})
        seen = deckname.upstream.last
        assert seen.headers["x-api-key"] == "sk-ant-own"
        assert "authorization" not in seen.headers


async def test_without_the_api_the_error_names_the_setting(start: Start) -> None:
    async with start(upstream_anthropic=None) as deckname:
        reply = await deckname.post(SKELETON, path="/messages")
        told = json.loads(reply.raw)["error"]
        assert (reply.status, told["type"], told["code"]) == (404, "not_found_error", "upstream_not_configured")
        assert "DECKNAME_UPSTREAM_ANTHROPIC" in told["message"]


async def test_models_are_asked_for_at_the_api_whose_client_asks(start: Start) -> None:
    async with start(upstream_anthropic="http://127.0.0.1:9/v1") as deckname:
        url = f"{deckname.base}/models"
        async with deckname.http.get(url) as response:
            assert response.status == 200
        async with deckname.http.get(url, headers={"anthropic-version": "2023-06-01"}) as response:
            assert response.status == 502


@pytest.mark.parametrize("path", ["../files", "a/../../files/file-1/content", "..", "a/./b", "%2e%2e/files"])
async def test_no_name_of_a_model_leads_to_another_endpoint(deckname: Deckname, path: str) -> None:
    async with deckname.http.get(URL(f"{deckname.base}/models/{path}", encoded=True)) as response:
        assert response.status == 404
    assert not deckname.upstream.seen


@pytest.mark.parametrize("path", ["/v1/messages/batches", "/v1/messages/msg_1", "/v1/complete"])
async def test_other_endpoints_are_refused(deckname: Deckname, path: str) -> None:
    reply = await deckname.post(SKELETON, path=path.removeprefix("/v1"))
    assert reply.status == 404
    assert not deckname.upstream.seen
