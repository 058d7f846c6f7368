"""The real ``openai`` client at every endpoint but chat completions and files; what arrived upstream comes first."""

import json
import re
from typing import Any

import openai
import pytest
from aiohttp import web
from pydantic import BaseModel

from tests.dialects.wire import HIDDEN, MAIL, PHONE, PROMPT, clean
from tests.gateway.conftest import Deckname, Start
from tests.upstream import Seen, pieces, stream_bytes

pytestmark = pytest.mark.asyncio(loop_scope="session")


def response(text: str, **extra: Any) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
    return {
        "id": "resp_1", "object": "response", "created_at": 1, "model": "m", "status": "completed", "tools": [],
        "output": [message], "parallel_tool_calls": True, "tool_choice": "auto", "metadata": {}, **extra,
    }


def response_events(text: str, length: int) -> list[dict[str, Any]]:
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    whole = response(text)
    part = whole["output"][0]["content"][0]
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": {**whole, "output": [], "status": "in_progress"}},
        {"type": "response.output_item.added", "output_index": 0, "item": {**whole["output"][0], "content": []}},
        {"type": "response.content_part.added", **place, "part": {**part, "text": ""}},
        *({"type": "response.output_text.delta", **place, "delta": p, "logprobs": []} for p in pieces(text, length)),
        {"type": "response.output_text.done", **place, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": whole["output"][0]},
        {"type": "response.completed", "response": whole},
    ]
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def wire(events: list[dict[str, Any]]) -> bytes:
    return "".join(f"event: {e['type']}\ndata: {json.dumps(e, ensure_ascii=False)}\n\n" for e in events).encode()


def replying(body: Any) -> Any:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.json_response(body)

    return answer


async def test_a_response(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    deckname.upstream.answer = replying(response(f"Gern: {HIDDEN}"))
    reply = await client.responses.create(model="m", input=PROMPT, instructions=f"Du hilfst {MAIL}.")
    clean(deckname)
    assert deckname.upstream.last.body["instructions"] == "Du hilfst [EMAIL_1]."
    assert reply.output_text == f"Gern: {PROMPT}"


@pytest.mark.parametrize("length", [1, 3, 0])
async def test_a_streamed_response(deckname: Deckname, client: openai.AsyncOpenAI, length: int) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return await stream_bytes(request, wire(response_events(HIDDEN, length)), 50)

    deckname.upstream.answer = answer
    async with client.responses.stream(model="m", input=PROMPT) as stream:
        events = [event async for event in stream]
        final = await stream.get_final_response()
    clean(deckname)
    assert "".join(e.delta for e in events if e.type == "response.output_text.delta") == PROMPT
    assert final.output_text == PROMPT
    numbers = [e.sequence_number for e in events if hasattr(e, "sequence_number")]
    assert numbers[-1] == len(response_events(HIDDEN, length)) - 1


class Contact(BaseModel):
    mail: str
    note: str


async def test_a_parsed_response(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    deckname.upstream.answer = replying(response(json.dumps({"mail": "[EMAIL_1]", "note": "Tel. [PHONE_1]"})))
    reply = await client.responses.parse(model="m", input=PROMPT, text_format=Contact)
    clean(deckname)
    assert reply.output_parsed == Contact(mail=MAIL, note=f"Tel. {PHONE}")


async def test_a_stream_is_resumed(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return await stream_bytes(request, wire(response_events(HIDDEN, 2)), 70)

    deckname.upstream.answer = answer
    stream = await client.responses.create(model="m", input=PROMPT, background=True, stream=True)
    events = [event async for event in stream]
    for after in (4, 9, 12):
        resumed = await client.responses.retrieve("resp_1", stream=True, starting_after=after)
        assert [event async for event in resumed] == events[after + 1 :]
        assert "starting_after" not in deckname.upstream.last.query
    clean(deckname)


async def test_a_stream_that_breaks_raises(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return await stream_bytes(request, wire(response_events(HIDDEN, 2)[:9]), 70)

    deckname.upstream.answer = answer
    stream = await client.responses.create(model="m", input=PROMPT, stream=True)
    with pytest.raises(openai.APIError, match="ended before"):
        _ = [event async for event in stream]


async def test_a_conversation(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    item = {"type": "message", "role": "user", "content": PROMPT}
    deckname.upstream.answer = replying({"id": "conv_7", "object": "conversation", "created_at": 1, "metadata": {}})
    made = await client.conversations.create(items=[item])  # type: ignore[list-item]
    deckname.upstream.answer = replying(response(HIDDEN, id="resp_7"))
    reply = await client.responses.create(model="m", input="Was war es?", conversation=made.id)
    assert reply.output_text == PROMPT
    listed = {"type": "message", "id": "msg_9", "role": "user", "status": "completed",
              "content": [{"type": "input_text", "text": HIDDEN}]}
    deckname.upstream.answer = replying({"object": "list", "data": [listed], "has_more": False})
    items = [each async for each in client.conversations.items.list("conv_7")]
    assert items[0].content[0].text == PROMPT  # type: ignore[index,union-attr]
    deckname.upstream.answer = replying({"id": "conv_7", "object": "conversation.deleted", "deleted": True})
    await client.conversations.delete("conv_7")
    with pytest.raises(openai.NotFoundError):
        await client.responses.create(model="m", input="?", conversation="conv_7")
    clean(deckname)


async def test_stored_completions(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": HIDDEN}}
    made = {"id": "chatcmpl-s1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    deckname.upstream.answer = replying(made)
    await client.chat.completions.create(model="m", messages=[{"role": "user", "content": PROMPT}], store=True)
    assert (await client.chat.completions.retrieve("chatcmpl-s1")).choices[0].message.content == PROMPT
    updated = await client.chat.completions.update("chatcmpl-s1", metadata={"an": MAIL})
    assert updated.choices[0].message.content == PROMPT
    foreign = {**made, "id": "chatcmpl-of-somebody"}
    deckname.upstream.answer = replying({"object": "list", "data": [made, foreign], "has_more": False})
    listed = [each async for each in client.chat.completions.list()]
    assert [(each.id, each.choices[0].message.content) for each in listed] == [("chatcmpl-s1", PROMPT)]
    asked = {"id": "m-0", "role": "user", "content": HIDDEN}
    deckname.upstream.answer = replying({"object": "list", "data": [asked], "has_more": False})
    messages = [each async for each in client.chat.completions.messages.list("chatcmpl-s1")]
    assert messages[0].content == PROMPT
    deckname.upstream.answer = replying({"id": "chatcmpl-s1", "object": "chat.completion.deleted", "deleted": True})
    await client.chat.completions.delete("chatcmpl-s1")
    with pytest.raises(openai.NotFoundError):
        await client.chat.completions.retrieve("chatcmpl-s1")
    clean(deckname)


@pytest.mark.parametrize("length", [1, 4, 0])
async def test_completions(deckname: Deckname, client: openai.AsyncOpenAI, length: int) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        head = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m"}
        texts = [*pieces(f"{seen.body['prompt']} [EMA", length), ""]
        reasons = [*[None] * (len(texts) - 1), "stop"]
        choices = [{"index": 0, "text": t, "finish_reason": r} for t, r in zip(texts, reasons, strict=True)]
        if not seen.body.get("stream"):
            return web.json_response({**head, "choices": [{**choices[0], "finish_reason": "stop"}]})
        data = "".join(f"data: {json.dumps({**head, 'choices': [choice]})}\n\n" for choice in choices)
        return await stream_bytes(request, (data + "data: [DONE]\n\n").encode(), 40)

    deckname.upstream.answer = answer
    stream = await client.completions.create(model="m", prompt=PROMPT, stream=True)
    assert "".join([c.choices[0].text async for c in stream]) == f"{PROMPT} [EMA"
    if not length:
        assert (await client.completions.create(model="m", prompt=PROMPT)).choices[0].text == f"{PROMPT} [EMA"
    clean(deckname)


@pytest.mark.parametrize("prompt", [[1, 2], [[1, 2], [3]]])
async def test_token_arrays_are_refused(deckname: Deckname, client: openai.AsyncOpenAI, prompt: Any) -> None:
    with pytest.raises(openai.BadRequestError, match="token numbers"):
        await client.completions.create(model="m", prompt=prompt)
    with pytest.raises(openai.BadRequestError, match="check_embedding_ctx_length=False"):
        await client.embeddings.create(model="m", input=prompt)
    assert not deckname.upstream.seen


async def test_embeddings_have_one_token_for_a_value_in_all_of_a_tenant(
    deckname: Deckname, client: openai.AsyncOpenAI
) -> None:
    vector = {"object": "embedding", "index": 0, "embedding": "AACAPwAAAEA="}
    deckname.upstream.answer = replying({"object": "list", "model": "m", "data": [vector], "usage": {}})
    sent = []
    for chat in ("a", "b"):
        reply = await client.embeddings.create(model="m", input=[PROMPT], extra_headers={"X-Conversation-Id": chat})
        assert reply.data[0].embedding == [1.0, 2.0]
        sent.append(deckname.upstream.last.body["input"])
    clean(deckname)
    assert sent[0] == sent[1]
    assert re.fullmatch(r"Bitte an \[EMAIL_\d{8}\] schreiben, Telefon \[PHONE_\d{8}\]\.", sent[0][0])


async def test_moderations_and_images(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    deckname.upstream.answer = replying({"id": "modr-1", "model": "m", "results": []})
    await client.moderations.create(input=[{"type": "text", "text": PROMPT}])  # type: ignore[arg-type]
    deckname.upstream.answer = replying({"created": 1, "data": [{"b64_json": "AAAA", "revised_prompt": HIDDEN}]})
    reply = await client.images.generate(prompt=PROMPT)
    assert reply.data
    assert (reply.data[0].b64_json, reply.data[0].revised_prompt) == ("AAAA", PROMPT)
    clean(deckname)


async def test_speech(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.Response(body=b"\x00\xffmp3", content_type="audio/mpeg")

    deckname.upstream.answer = answer
    sound = await client.audio.speech.create(model="m", voice="alloy", input="Guten Tag.")
    assert sound.content == b"\x00\xffmp3"
    with pytest.raises(openai.BadRequestError, match="tokens"):
        await client.audio.speech.create(model="m", voice="alloy", input=PROMPT)
    clean(deckname)


async def test_recordings_are_refused_unless_they_may_pass(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="file"):
        await client.audio.transcriptions.create(model="m", file=("Max Mustermann.wav", b"RIFF"), prompt=PROMPT)
    assert not deckname.upstream.seen


@pytest.mark.parametrize("form", ["json", "text", "stream"])
async def test_a_transcript(start: Start, form: str) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        if form == "text":
            return web.Response(text=HIDDEN)
        if form == "json":
            return web.json_response({"text": HIDDEN, "segments": [{"id": 0, "text": HIDDEN}]})
        events = [{"type": "transcript.text.delta", "delta": p} for p in pieces(HIDDEN, 3)]
        end = {"type": "transcript.text.done", "text": HIDDEN}
        data = "".join(f"data: {json.dumps(event)}\n\n" for event in [*events, end])
        return await stream_bytes(request, data.encode(), 30)

    async with start(attachments="pass") as deckname:
        deckname.upstream.answer = answer
        options: dict[str, Any] = {"stream": True} if form == "stream" else {"response_format": form}
        async with openai.AsyncOpenAI(base_url=deckname.base, api_key="sk", max_retries=0) as client:
            reply: Any = await client.audio.transcriptions.create(
                model="m", file=("Max Mustermann.wav", b"RIFF\x00\xff"), prompt=PROMPT, **options
            )
            if form == "stream":
                events = [event async for event in reply]
                assert "".join(e.delta for e in events if e.type == "transcript.text.delta") == PROMPT
                assert events[-1].text == PROMPT
            else:
                assert (reply if form == "text" else reply.text) == PROMPT
        raw = deckname.upstream.last.raw
    assert b"RIFF\x00\xff" in raw
    assert b'filename="file.wav"' in raw
    assert HIDDEN.encode() in raw
    assert MAIL.encode() not in raw
    assert b"Mustermann" not in raw


async def test_searching_a_vector_store(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    store = {"id": "vs_5", "object": "vector_store", "created_at": 1, "name": "x", "status": "completed",
             "file_counts": {"total": 0}, "usage_bytes": 0, "last_active_at": 1, "metadata": {}}
    deckname.upstream.answer = replying(store)
    await client.vector_stores.create(name=f"Akten von {MAIL}", metadata={"an": MAIL})
    token = deckname.upstream.last.body["metadata"]["an"]
    assert re.fullmatch(r"\[EMAIL_\d{8}\]", token)
    found = {"file_id": "file-1", "filename": f"{token}.md", "score": 0.9, "attributes": {"an": token},
             "content": [{"type": "text", "text": f"an {token}"}]}
    page = {"object": "vector_store.search_results.page", "search_query": [f"an {token}"], "data": [found]}
    deckname.upstream.answer = replying({**page, "has_more": False})
    results = [
        each async for each in client.vector_stores.search(
            "vs_5", query=f"an {MAIL}", filters={"type": "eq", "key": "an", "value": MAIL}
        )
    ]
    assert deckname.upstream.last.body["filters"]["value"] == token  # or nothing would be found
    assert results[0].content[0].text == f"an {MAIL}"
    assert results[0].attributes == {"an": MAIL}
    with pytest.raises(openai.NotFoundError):
        _ = [each async for each in client.vector_stores.search("vs_other", query="x")]
    clean(deckname)


async def test_realtime_is_refused(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        await client.realtime.client_secrets.create(session={"type": "realtime", "instructions": PROMPT})
    assert not deckname.upstream.seen
