"""What providers and clients do beside the specification, each as it was seen, and what becomes of it here."""

import json
from typing import Any

import pytest
from aiohttp import web

from tests.gateway.conftest import Deckname
from tests.upstream import Seen, chunk, completion, pieces, sse, stream_bytes

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAIL = "erika.musterfrau@beispiel.example"
ASK: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": f"Schreib an {MAIL}."}]}
JSON_TYPE = {"content-type": "application/json"}


async def streamed(deckname: Deckname, data: bytes, length: int = 40) -> list[Any]:
    """Return the events that become of ``data`` as a provider's stream, comments as texts."""

    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return await stream_bytes(request, data, length)

    deckname.upstream.answer = answer
    reply = await deckname.post({**ASK, "stream": True})
    assert reply.status == 200, reply.text
    assert MAIL not in deckname.upstream.last.wire
    lines = [line for line in reply.text.splitlines() if line]
    assert lines[-1] == "data: [DONE]"
    return [json.loads(line[6:]) if line.startswith("data: ") else line for line in lines[:-1]]


async def answered(deckname: Deckname, reply: dict[str, Any], **fields: Any) -> Any:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.json_response(reply)

    deckname.upstream.answer = answer
    told = await deckname.post({**ASK, **fields})
    assert told.status == 200, told.text
    return json.loads(told.raw)


def deltas(events: list[Any]) -> list[dict[str, Any]]:
    return [choice.get("delta", {}) for e in events if isinstance(e, dict) for choice in e.get("choices", ())]


async def test_gemini_sends_whole_calls_without_an_index_and_signs_them(deckname: Deckname) -> None:
    signature = "CiQB[EMAIL_1]+/ab=="
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"to":"[EMAIL_1]","n":"[EMAIL_1'},
            "extra_content": {"google": {"thought_signature": signature}}}  # fmt: skip
    second = {**call, "function": {"name": "g", "arguments": '{"to":"[EMAIL_1]"}'}}
    call["function"]["arguments"] += ']"}'  # type: ignore[index]
    events = await streamed(deckname, sse([chunk({"tool_calls": [call, second]}), chunk({}, finish="tool_calls")]))
    got = deltas(events)[0]["tool_calls"]
    assert json.loads(got[0]["function"]["arguments"]) == {"to": MAIL, "n": MAIL}
    assert json.loads(got[1]["function"]["arguments"]) == {"to": MAIL}
    assert {each["extra_content"]["google"]["thought_signature"] for each in got} == {signature}
    history = [*ASK["messages"], {"role": "assistant", "content": None, "tool_calls": got}]
    await deckname.post({"model": "m", "messages": history})
    sent = deckname.upstream.last.body["messages"][1]["tool_calls"]
    assert json.loads(sent[0]["function"]["arguments"]) == {"to": "[EMAIL_1]", "n": "[EMAIL_1]"}
    assert sent[0]["extra_content"]["google"]["thought_signature"] == signature


async def test_gemini_sends_one_call_after_the_other_without_an_index(deckname: Deckname) -> None:
    calls = [{"id": name, "type": "function", "function": {"name": name, "arguments": '{"to":"[EMAIL_1]","q":"\\""}'}}
             for name in ("f", "g")]  # fmt: skip
    events = await streamed(deckname, sse([*(chunk({"tool_calls": [call]}) for call in calls), chunk({}, finish="x")]))
    got = [call for delta in deltas(events) for call in delta.get("tool_calls", ())]
    assert [json.loads(call["function"]["arguments"]) for call in got] == [{"to": MAIL, "q": '"'}] * 2


@pytest.mark.parametrize("length", [1, 4, 100])
async def test_mistral_sends_lists_of_parts_with_thoughts(deckname: Deckname, length: int) -> None:
    content = [{"type": "thinking", "thinking": [{"type": "text", "text": "An [EMAIL_1]?"}]},
               {"type": "text", "text": "Ja, [EMAIL_1]."}]  # fmt: skip
    whole = await answered(deckname, completion({"role": "assistant", "content": content}))
    parts = whole["choices"][0]["message"]["content"]
    assert (parts[0]["thinking"][0]["text"], parts[1]["text"]) == (f"An {MAIL}?", f"Ja, {MAIL}.")
    thoughts = [chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": piece}]}]})
                for piece in pieces("An [EMAIL_1]?", length)]  # fmt: skip
    texts = [chunk({"content": piece}) for piece in pieces("Ja, [EMAIL_1].", length)]
    got = deltas(await streamed(deckname, sse([*thoughts, *texts, chunk({}, finish="stop")])))
    said = [delta["content"] for delta in got if "content" in delta]
    thought = [part["thinking"][0]["text"] for each in said if isinstance(each, list) for part in each]
    assert "".join(thought) == f"An {MAIL}?"
    assert "".join(each for each in said if isinstance(each, str)) == f"Ja, {MAIL}."
    await deckname.post({"model": "m", "messages": [*ASK["messages"], {"role": "assistant", "content": parts}]})
    assert MAIL not in deckname.upstream.last.wire


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
@pytest.mark.parametrize("length", [1, 5, 100])
async def test_reasoning_comes_back_and_goes_out_hidden(deckname: Deckname, field: str, length: int) -> None:
    thoughts = [chunk({field: piece}) for piece in pieces("Wer ist [EMAIL_1]? Ah, [EMAIL_1", length)]
    texts = [chunk({"content": piece}) for piece in pieces("Gern, [EMAIL_1]", length)]
    got = deltas(await streamed(deckname, sse([*thoughts, *texts, chunk({}, finish="stop")])))
    assert "".join(delta.get(field) or "" for delta in got) == f"Wer ist {MAIL}? Ah, {MAIL}"
    assert "".join(delta.get("content") or "" for delta in got) == f"Gern, {MAIL}"
    said = {"role": "assistant", "content": "Gern", field: f"Wer ist {MAIL}?"}
    await deckname.post({"model": "m", "messages": [*ASK["messages"], said]})
    assert deckname.upstream.last.body["messages"][1][field] == "Wer ist [EMAIL_1]?"


async def test_openrouters_reasoning_details_keep_what_is_encrypted(deckname: Deckname) -> None:
    details = [{"type": "reasoning.encrypted", "id": "r-1", "format": "x", "index": 0, "data": "gAA[EMAIL_1]=="},
               {"type": "reasoning.text", "format": "x", "index": 1, "text": "Zu [EMAIL_1]", "signature": "s[EMAIL_1]"},
               {"type": "reasoning.summary", "index": 2, "summary": "[EMAIL_1]"}]  # fmt: skip
    message = {"role": "assistant", "content": "Ja", "reasoning_details": details}
    got = (await answered(deckname, completion(message)))["choices"][0]["message"]["reasoning_details"]
    assert got[0] == details[0]
    assert (got[1]["text"], got[1]["signature"], got[2]["summary"]) == (f"Zu {MAIL}", "s[EMAIL_1]", MAIL)
    message = {**message, "reasoning_details": got}
    await deckname.post({"model": "m", "messages": [*ASK["messages"], message]})
    assert deckname.upstream.last.body["messages"][1]["reasoning_details"] == details


async def test_comments_stay_comments(deckname: Deckname) -> None:
    said = sse([chunk({"content": "An [EMAIL_1]"}), chunk({}, finish="stop")])
    events = await streamed(deckname, b": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n" + said)
    assert events[:2] == [": OPENROUTER PROCESSING"] * 2
    assert "".join(delta.get("content", "") for delta in deltas(events)) == f"An {MAIL}"


async def test_events_without_choices_or_delta_pass(deckname: Deckname) -> None:
    odd: list[dict[str, Any]] = [
        {"type": "keepalive"}, {"id": "c", "choices": []}, {"id": "c", "choices": None}, {"id": "c", "choices": [None]},
        {"id": "c", "choices": [{"index": 0, "finish_reason": None}]}, {"choices": [{"index": 0, "delta": None}]},
    ]  # fmt: skip
    said = [chunk({"content": "[EMA"}), *odd, chunk({"content": "IL_1]"}), chunk({}, finish="stop")]
    events = await streamed(deckname, sse(said))
    assert [event for event in events if event in odd] == odd
    texts = [delta.get("content") or "" for delta in deltas([e for e in events if e not in odd])]
    assert "".join(texts) == MAIL


async def test_a_stream_without_a_type_is_one_if_it_was_asked_for(deckname: Deckname) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        body = sse([chunk({"content": "An [EMAIL_1]"}), chunk({}, finish="stop")])
        head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        assert request.transport is not None
        request.transport.write(head + body)
        request.transport.close()
        return web.Response()

    deckname.upstream.answer = answer
    reply = await deckname.post({**ASK, "stream": True})
    assert reply.headers["Content-Type"].startswith("text/event-stream")
    assert f"An {MAIL}" in reply.text


async def test_go_escapes_what_could_be_html(deckname: Deckname) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        arguments = '{"to":"\\u003c[EMAIL_1]\\u003e","q":"a \\u0026 b"}'
        call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}
        reply = json.dumps(completion({"role": "assistant", "content": "\u003c[EMAIL_1]>", "tool_calls": [call]}))
        return web.Response(body=reply.replace("<", "\\u003c").encode(), headers=JSON_TYPE)

    deckname.upstream.answer = answer
    message = json.loads((await deckname.post(ASK)).raw)["choices"][0]["message"]
    assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == {"to": f"<{MAIL}>", "q": "a & b"}
    assert message["content"] == f"<{MAIL}>"


async def test_cursor_posts_responses_requests_to_chat_completions(deckname: Deckname) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        part = {"type": "output_text", "text": seen.body["input"][0]["content"], "annotations": []}
        item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [part]}
        return web.json_response({"id": "resp_1", "object": "response", "status": "completed", "output": [item]})

    deckname.upstream.answer = answer
    body = {"model": "m", "input": [{"role": "user", "content": f"An {MAIL}"}], "instructions": MAIL, "store": False}
    reply = await deckname.post(body)
    assert (reply.status, deckname.upstream.last.path) == (200, "/v1/responses")
    assert MAIL not in deckname.upstream.last.wire
    assert json.loads(reply.raw)["output"][0]["content"][0]["text"] == f"An {MAIL}"


async def test_a_chat_sent_to_responses_is_told_where_it_belongs(deckname: Deckname) -> None:
    reply = await deckname.post(ASK, path="/responses")
    assert (reply.status, "/v1/chat/completions" in reply.text) == (400, True)
    assert not deckname.upstream.seen


async def test_nothing_is_added_to_a_request(deckname: Deckname) -> None:
    """Mistral answers 422 to fields it does not know."""
    body = {"model": "m", "messages": [{"role": "user", "content": "Hallo", "prefix": True}], "safe_prompt": False}
    await deckname.post(body)
    assert deckname.upstream.last.body == body
