"""What arrives at the provider of a Responses request, whatever field the personal data is in."""

import json
import secrets
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.bodies import fields, merged, with_value
from tests.gateway.conftest import Deckname, Reply, Start
from tests.upstream import Seen, serving, stream_bytes

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY = "kanari.vogel@beispiel.example"
# Secrets meant for the provider, and what it signed or encrypted itself.
OPAQUE = ("{mcp}.authorization", "{mcp}.headers", "domain_secrets[].value", "encrypted_content", ".fingerprint")
ATTACHED = ("image_url", "file_id", "file_data", "file_url", "source.data", "{image_generation_call}.result", "}.url")
UNKNOWN = (".previous_response_id", ".conversation", ".conversation.id", "{item_reference}.id", "{compaction}.id")


def expected(path: str) -> str:
    if path.endswith(UNKNOWN):
        return "unknown"
    if path.endswith(OPAQUE) or "{mcp}.headers" in path:
        return "opaque"
    if path.endswith("outputs[]{image}.url"):
        return "attachment"
    inert = ("file_citation}", "file_path}", "results[]", "action{", "sources[]", "annotations[]", "file_ids[]")
    if any(part in path for part in ATTACHED[:-1]) and not any(part in path for part in inert):
        return "attachment"
    return "text"


async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
    return web.json_response({"id": "resp_1", "object": "response", "status": "completed", "output": []})


@pytest.mark.parametrize("path", fields("openai_responses_request.txt"))
async def test_no_field_of_the_specification_leaks(deckname: Deckname, path: str) -> None:
    deckname.upstream.answer = answer
    body = merged(with_value(path, CANARY), {"model": "m"})
    reply = await deckname.post(body, path="/responses")
    match expected(path):
        case "attachment":
            assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (400, "attachment_refused")
            assert not deckname.upstream.seen
        case "unknown":
            assert reply.status == 404, reply.text
            assert not deckname.upstream.seen
        case "opaque":
            assert json.dumps(CANARY) in deckname.upstream.last.raw.decode()
        case _:
            assert reply.status == 200, reply.text
            assert CANARY not in deckname.upstream.last.wire
            assert CANARY.partition("@")[0] not in deckname.upstream.last.wire


async def test_most_fields_are_text() -> None:
    counts = [expected(path) for path in fields("openai_responses_request.txt")]
    assert counts.count("text") > 180
    assert counts.count("attachment") < 40


@pytest.mark.parametrize(
    "body",
    [
        {"unknown": CANARY},
        {CANARY: 1},
        {"metadata": {CANARY: CANARY}},
        {"input": [{"type": "unknown", "unknown": {"deep": [CANARY]}}]},
        {"input": [{"role": "user", "content": [{"type": "unknown", "x": CANARY}]}]},
        {"input": [{"type": "tool_search_call", "arguments": {"q": CANARY, CANARY: 1}}]},
        {"input": [{"type": "function_call", "name": "f", "call_id": "c", "arguments": json.dumps({CANARY: CANARY})}]},
        {"input": [{"type": "program_output", "result": CANARY}]},
        {"tools": [{"type": "function", "name": "f", "parameters": {"properties": {CANARY: {"enum": [CANARY]}}}}]},
    ],
)
async def test_no_unknown_field_leaks(deckname: Deckname, body: dict[str, Any]) -> None:
    deckname.upstream.answer = answer
    assert (await deckname.post({"model": "m", **body}, path="/responses")).status == 200
    assert CANARY not in deckname.upstream.last.wire


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"model": "m", "messages": []}, "missing_input"),
        ({"model": "m", "input": 1}, "invalid_input"),
        ([], "invalid_body"),
        ({"model": "m", "input": "a", "modalities": ["audio"]}, "attachment_refused"),
        ({"model": "m", "input": [{"type": "image_generation_call", "result": "AAAA"}]}, "attachment_refused"),
        ({"model": "m", "input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;"
          "base64,AAAA"}]}]}, "attachment_refused"),
    ],
)
async def test_other_shapes_are_refused(deckname: Deckname, body: Any, code: str) -> None:
    reply = await deckname.post(body, path="/responses")
    assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (400, code)
    assert not deckname.upstream.seen


IMAGE = {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "auto"}


async def test_attachments_are_dropped_or_passed_by_policy_and_counted(start: Start) -> None:
    body = {"model": "m", "input": [{"role": "user", "content": [{"type": "input_text", "text": CANARY}, IMAGE]}]}
    async with start(attachments="drop") as deckname:
        deckname.upstream.answer = answer
        assert (await deckname.post(body, path="/responses")).status == 200
        assert deckname.upstream.last.body["input"][0]["content"] == [{"type": "input_text", "text": "[EMAIL_1]"}]
        async with deckname.http.get(f"{deckname.admin}/metrics") as response:
            assert f"deckname_dropped_characters_total {len(IMAGE['image_url'])}.0" in await response.text()
        nested = {"type": "computer_call_output", "call_id": "c", "output": {"type": "computer_screenshot", **IMAGE}}
        reply = await deckname.post({"model": "m", "input": [nested]}, path="/responses")
        assert reply.status == 400  # it can't be left out without breaking what is around it
    async with start(attachments="pass") as deckname:
        deckname.upstream.answer = answer
        assert (await deckname.post(body, path="/responses")).status == 200
        assert deckname.upstream.last.body["input"][0]["content"][1] == IMAGE
        async with deckname.http.get(f"{deckname.admin}/metrics") as response:
            assert 'deckname_unscanned_characters_total{kind="attachment"}' in await response.text()


async def test_identifiers_come_back_as_they_were_sent(deckname: Deckname) -> None:
    async def echo(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.json_response({"id": "resp_9", "object": "response", "output": [], **seen.body})

    deckname.upstream.answer = echo
    body = {"model": "m", "input": "a", "user": CANARY, "safety_identifier": "s-1", "metadata": {"x": CANARY}}
    reply = json.loads((await deckname.post(body, path="/responses")).raw)
    assert CANARY not in deckname.upstream.last.wire
    assert {name: reply[name] for name in body} == body


async def test_constraints_that_no_token_could_meet_are_left_out(deckname: Deckname) -> None:
    schema = {
        "type": "object", "required": ["mail", "format"], "additionalProperties": False,
        "properties": {
            "mail": {"type": "string", "format": "email", "maxLength": 40, "pattern": "^.+@.+$"},
            "format": {"type": "string", "enum": [CANARY, "keine"]},
        },
    }
    deckname.upstream.answer = answer
    text = {"format": {"type": "json_schema", "name": "x", "strict": True, "schema": schema}}
    await deckname.post({"model": "m", "input": f"an {CANARY}", "text": text}, path="/responses")
    sent = deckname.upstream.last.body["text"]["format"]["schema"]
    assert sent["properties"] == {
        "mail": {"type": "string"}, "format": {"type": "string", "enum": ["[EMAIL_1]", "keine"]},
    }
    assert (sent["required"], sent["additionalProperties"]) == (["mail", "format"], False)
    body = {"model": "m", "input": "nichts", "text": {"format": {"schema": {"maxLength": 3}}}}
    await deckname.post(body, path="/responses")
    assert deckname.upstream.last.body["text"]["format"]["schema"] == {"maxLength": 3}


# --- what the provider keeps ------------------------------------------------------------------------------------------


class Provider:
    """Keeps what it is sent, and answers with what the test says."""

    def __init__(self, deckname: Deckname) -> None:
        self.deckname = deckname
        self.count = 0
        self.mark = secrets.token_hex(8)  # no two providers give one name: all are behind the same proxy
        self.text = ""
        deckname.upstream.answer = self.answer

    async def answer(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        self.count += 1
        if request.method == "DELETE":
            return web.json_response({"id": request.path.rpartition("/")[2], "deleted": True})
        part = {"type": "output_text", "text": self.text, "annotations": []}
        message = {"type": "message", "id": f"msg_{self.mark}{self.count}", "role": "assistant", "content": [part]}
        if request.path.endswith("input_items"):
            return web.json_response({"object": "list", "data": [message]})
        name = f"resp_{self.mark}{self.count}" if request.method == "POST" else request.path.rpartition("/")[2]
        return web.json_response({"id": name, "object": "response", "status": "completed", "output": [message]})


async def ask(deckname: Deckname, **body: Any) -> dict[str, Any]:
    reply = await deckname.post({"model": "m", **body}, path="/responses")
    assert reply.status == 200, reply.text
    return dict(json.loads(reply.raw))


async def request(deckname: Deckname, method: str, path: str, **options: Any) -> Reply:
    async with deckname.http.request(method, deckname.base + path, **options) as response:
        return Reply(response.status, dict(response.headers), await response.read())


def text_of(response: dict[str, Any]) -> str:
    return str(response["output"][0]["content"][0]["text"])


async def test_a_continued_response_restores_what_only_the_provider_still_holds(deckname: Deckname) -> None:
    provider = Provider(deckname)
    first = await ask(deckname, input=f"Merke dir {CANARY}.")
    assert deckname.upstream.last.body["input"] == "Merke dir [EMAIL_1]."
    provider.text = "Es war [EMAIL_1]; Kollegin: [EMAIL_2]"
    second = await ask(deckname, input="Und an b@beispiel.example?", previous_response_id=first["id"])
    assert deckname.upstream.last.body["input"] == "Und an [EMAIL_2]?"  # numbering goes on
    assert text_of(second) == f"Es war {CANARY}; Kollegin: b@beispiel.example"
    third = await ask(deckname, input="Nochmal?", previous_response_id=second["id"])
    assert text_of(third) == f"Es war {CANARY}; Kollegin: b@beispiel.example"


async def test_items_are_continued_too(deckname: Deckname) -> None:
    provider = Provider(deckname)
    first = await ask(deckname, input=f"Merke dir {CANARY}.")
    provider.text = "[EMAIL_1]"
    reference = {"type": "item_reference", "id": first["output"][0]["id"]}
    assert text_of(await ask(deckname, input=[reference, {"role": "user", "content": "Und?"}])) == CANARY
    other = await ask(deckname, input="an c@beispiel.example")
    mixed = {"model": "m", "input": [reference], "previous_response_id": other["id"]}
    reply = await deckname.post(mixed, path="/responses")
    assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (400, "mixed_conversations")


async def test_retrieving_cancelling_listing_and_deleting(deckname: Deckname) -> None:
    provider = Provider(deckname)
    provider.text = "an [EMAIL_1]"
    name = (await ask(deckname, input=f"an {CANARY}", background=True))["id"]
    for method, path in [("GET", ""), ("POST", "/cancel")]:
        reply = await request(deckname, method, f"/responses/{name}{path}")
        assert text_of(json.loads(reply.raw)) == f"an {CANARY}"
    query = "?limit=5&order=asc&include[]=message.output_text.logprobs"
    reply = await request(deckname, "GET", f"/responses/{name}/input_items{query}")
    assert json.loads(reply.raw)["data"][0]["content"][0]["text"] == f"an {CANARY}"
    assert "limit=5" in deckname.upstream.last.query
    assert (await request(deckname, "DELETE", f"/responses/{name}")).status == 200
    assert (await request(deckname, "GET", f"/responses/{name}")).status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("DELETE", ""), ("POST", "/cancel"), ("GET", "/input_items")],
)
async def test_nobody_elses_response_is_touched(deckname: Deckname, method: str, path: str) -> None:
    reply = await request(deckname, method, f"/responses/resp_of_somebody{path}")
    assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (404, "unknown_response")
    assert not deckname.upstream.seen


@pytest.mark.parametrize("query", ["?user=1", "?include=a%20b", "?starting_after=x", f"?after={CANARY}", "?x"])
async def test_other_queries_are_refused(deckname: Deckname, query: str) -> None:
    Provider(deckname)
    name = (await ask(deckname, input="a"))["id"]
    seen = len(deckname.upstream.seen)
    assert (await request(deckname, "GET", f"/responses/{name}/input_items{query}")).status == 400
    assert len(deckname.upstream.seen) == seen


async def test_what_is_not_stored_is_not_recorded(deckname: Deckname) -> None:
    Provider(deckname)
    name = (await ask(deckname, input=f"an {CANARY}", store=False))["id"]
    assert (await request(deckname, "GET", f"/responses/{name}")).status == 404


async def test_another_user_cannot_read_a_response(start: Start) -> None:
    async with start(trusted_peers="127.0.0.1", user_headers="X-User-Id") as deckname:
        provider = Provider(deckname)
        provider.text = "[EMAIL_1]"
        made = await deckname.post({"model": "m", "input": CANARY}, path="/responses", headers={"X-User-Id": "a"})
        name = json.loads(made.raw)["id"]
        for user, status in [("b", 404), ("a", 200)]:
            reply = await request(deckname, "GET", f"/responses/{name}", headers={"X-User-Id": user})
            assert reply.status == status
        assert (await request(deckname, "GET", f"/responses/{name}")).status == 404
        chained = {"model": "m", "input": "?", "previous_response_id": name}
        assert (await deckname.post(chained, path="/responses", headers={"X-User-Id": "b"})).status == 404


async def test_a_compacted_history_is_continued(deckname: Deckname) -> None:
    async def compact(request: web.Request, seen: Seen) -> web.StreamResponse:
        if request.path.endswith("compact"):
            item = {"type": "compaction", "id": "cmp_1", "encrypted_content": "kanari.vogel@beispiel.example=="}
            return web.json_response({"id": "resp_c1", "object": "response.compaction", "output": [item]})
        output = [{"type": "message", "content": [{"type": "output_text", "text": "[EMAIL_1]"}]}]
        return web.json_response({"id": "resp_c2", "object": "response", "output": output})

    deckname.upstream.answer = compact
    made = await deckname.post({"model": "m", "input": f"an {CANARY}"}, path="/responses/compact")
    assert CANARY not in deckname.upstream.last.wire
    items = json.loads(made.raw)["output"]
    assert text_of(await ask(deckname, input=[*items, {"role": "user", "content": "Und?"}])) == CANARY
    assert deckname.upstream.last.body["input"][0] == items[0]  # encrypted content is byte-identical


async def test_a_history_compacted_on_the_way_is_continued_though_nothing_is_stored(deckname: Deckname) -> None:
    item = {"type": "compaction", "id": f"cmp_{id(deckname)}", "encrypted_content": "x=="}

    async def compacting(request: web.Request, seen: Seen) -> web.StreamResponse:
        said = {"type": "message", "id": "msg_c", "content": [{"type": "output_text", "text": "[EMAIL_1]"}]}
        return web.json_response({"id": "resp_c3", "object": "response", "output": [said, item]})

    deckname.upstream.answer = compacting
    await ask(deckname, input=f"an {CANARY}", store=False)
    assert text_of(await ask(deckname, input=[item, {"role": "user", "content": "Und?"}], store=False)) == CANARY
    assert (await request(deckname, "GET", "/responses/resp_c3")).status == 404


async def test_a_blocked_tool_ends_the_reply(start: Start) -> None:
    arguments = json.dumps({"to": "[EMAIL_1]"})
    call = {"type": "function_call", "id": "fc", "call_id": "c", "name": "post_it", "arguments": arguments}

    async def calling(request: web.Request, seen: Seen) -> web.StreamResponse:
        whole = {"id": "resp_b", "object": "response", "output": [call]}
        if not seen.body.get("stream"):
            return web.json_response(whole)
        events: list[dict[str, Any]] = [
            {"type": "response.output_item.added", "output_index": 0, "item": {**call, "arguments": ""}},
            {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": arguments},
            {"type": "response.completed", "response": whole},
        ]
        data = "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events)
        return await stream_bytes(request, data.encode(), 30)

    async with start(tool_arguments="post_*=block") as deckname:
        deckname.upstream.answer = calling
        body = {"model": "m", "input": f"an {CANARY}"}
        reply = await deckname.post(body, path="/responses")
        assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (403, "tool_blocked")
        reply = await deckname.post({**body, "stream": True}, path="/responses")
        assert json.loads(reply.text.rpartition("data: ")[2])["code"] == "tool_blocked"
        assert CANARY not in reply.text


async def test_an_empty_object_is_no_body(deckname: Deckname) -> None:
    Provider(deckname)
    name = (await ask(deckname, input="a"))["id"]
    for body, status in [({}, 200), ({"x": CANARY}, 400)]:
        assert (await request(deckname, "POST", f"/responses/{name}/cancel", json=body)).status == status


async def test_tokens_are_counted(deckname: Deckname) -> None:
    async def count(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.json_response({"object": "response.input_tokens", "input_tokens": 11})

    deckname.upstream.answer = count
    reply = await deckname.post({"model": "m", "input": CANARY}, path="/responses/input_tokens")
    assert json.loads(reply.raw)["input_tokens"] == 11
    assert CANARY not in deckname.upstream.last.wire


async def test_resuming_takes_a_number(deckname: Deckname) -> None:
    Provider(deckname)
    name = (await ask(deckname, input="a"))["id"]
    reply = await request(deckname, "GET", f"/responses/{name}?stream=true&starting_after=x")
    assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (400, "unreadable_query")


async def test_responses_over_a_websocket_are_refused(deckname: Deckname) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await deckname.http.ws_connect(f"{deckname.base}/responses")
    assert caught.value.status == 404


async def test_a_response_is_asked_for_where_its_model_is(start: Start) -> None:
    async with serving() as other, start(upstream_by_model=f"elsewhere-*={other.base}") as deckname:
        for upstream in (deckname.upstream, other):
            upstream.answer = answer
        made = await deckname.post({"model": "elsewhere-1", "input": CANARY}, path="/responses")
        assert made.status == 200
        assert (await request(deckname, "GET", "/responses/resp_1")).status == 200
        assert (await request(deckname, "POST", "/responses/resp_1/cancel")).status == 200
        assert [seen.method for seen in other.seen] == ["POST", "GET", "POST"]
        assert not deckname.upstream.seen
