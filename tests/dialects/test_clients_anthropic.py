"""The real ``anthropic`` client, unchanged but for its base URL. What is asserted first is what arrived upstream."""

import json
from collections.abc import AsyncIterator
from typing import Any

import anthropic
import pytest
import pytest_asyncio
from aiohttp import web

from tests.gateway.conftest import Deckname, Start
from tests.messages import events, message, wire
from tests.upstream import Seen, stream_bytes

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAIL = "erika.musterfrau@beispiel.example"
IBAN = "DE89 3704 0044 0532 0130 00"
PROMPT = f"Bitte antworten Sie {MAIL}, IBAN {IBAN}."
HIDDEN = "Bitte antworten Sie [EMAIL_1], IBAN [IBAN_1]."
ASK: Any = {"model": "claude-test", "max_tokens": 99, "messages": [{"role": "user", "content": PROMPT}]}
SCHEMA = {"type": "object", "properties": {"mail": {"type": "string", "enum": [MAIL]}}}
TOOL: Any = {"name": "look_up", "description": f"Sucht Kunden wie {MAIL}", "input_schema": SCHEMA}


def clean(seen: Seen) -> None:
    for value in (MAIL, IBAN, IBAN.replace(" ", "")):
        assert value not in seen.wire


def answering(content: list[dict[str, Any]], length: int = 0) -> Any:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        if seen.path.endswith("count_tokens"):
            return web.json_response({"input_tokens": 42})
        if seen.body.get("stream"):
            return await stream_bytes(request, wire(events(content, length)), 50)
        return web.json_response(message(content))

    return answer


@pytest_asyncio.fixture(loop_scope="session")
async def client(deckname: Deckname) -> AsyncIterator[anthropic.AsyncAnthropic]:
    base = deckname.base.removesuffix("/v1")
    async with anthropic.AsyncAnthropic(base_url=base, api_key="sk-ant-test", max_retries=0) as client:
        yield client


async def test_create(deckname: Deckname, client: anthropic.AsyncAnthropic) -> None:
    deckname.upstream.answer = answering([{"type": "text", "text": HIDDEN}])
    reply = await client.messages.create(**ASK, system=f"Kunde: {MAIL}", metadata={"user_id": MAIL})
    seen = deckname.upstream.last
    clean(seen)
    assert (seen.body["system"], seen.body["messages"][0]["content"]) == ("Kunde: [EMAIL_1]", HIDDEN)
    assert len(seen.body["metadata"]["user_id"]) == 32
    assert reply.content[0].type == "text"
    assert reply.content[0].text == PROMPT


@pytest.mark.parametrize("length", [1, 2, 7, 0])
async def test_the_stream_helper(deckname: Deckname, client: anthropic.AsyncAnthropic, length: int) -> None:
    thought = {"type": "thinking", "thinking": "Zu [EMAIL_1] …", "signature": "Eq=="}
    deckname.upstream.answer = answering([thought, {"type": "text", "text": HIDDEN}], length)
    async with client.messages.stream(**ASK) as stream:
        text = "".join([piece async for piece in stream.text_stream])
        final = await stream.get_final_message()
    clean(deckname.upstream.last)
    assert text == PROMPT
    assert [block.model_dump(exclude_none=True) for block in final.content] == [
        thought, {"type": "text", "text": PROMPT}
    ]


@pytest.mark.parametrize("length", [1, 5, 0])
async def test_tools_round_trip(deckname: Deckname, client: anthropic.AsyncAnthropic, length: int) -> None:
    call = {"type": "tool_use", "id": "toolu_1", "name": "look_up", "input": {"mail": "[EMAIL_1]", "n": 1}}
    deckname.upstream.answer = answering([call], length)
    async with client.messages.stream(**ASK, tools=[TOOL]) as stream:
        final = await stream.get_final_message()
    clean(deckname.upstream.last)
    assert deckname.upstream.last.body["tools"][0]["input_schema"]["properties"]["mail"]["enum"] == ["[EMAIL_1]"]
    assert final.content[0].type == "tool_use"
    assert final.content[0].input == {"mail": MAIL, "n": 1}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": json.dumps({"iban": IBAN, "mail": MAIL})}
    history = [*ASK["messages"], {"role": "assistant", "content": final.content}, {"role": "user", "content": [result]}]
    await client.messages.create(**{**ASK, "messages": history}, tools=[TOOL])
    seen = deckname.upstream.last
    clean(seen)
    assert seen.body["messages"][1]["content"][0]["input"] == {"mail": "[EMAIL_1]", "n": 1}
    assert json.loads(seen.body["messages"][2]["content"][0]["content"]) == {"iban": "[IBAN_1]", "mail": "[EMAIL_1]"}


@pytest.mark.parametrize("stream", [False, True])
async def test_citations_point_into_the_documents_as_the_client_has_them(
    deckname: Deckname, client: anthropic.AsyncAnthropic, stream: bool
) -> None:
    pdf_like: Any = {"type": "document", "source": {"type": "content", "content": "Anderes"}}
    data = f"Von {MAIL} am 3. Mai: Alles geht an {IBAN}. Ende."
    text: Any = {"type": "document", "title": MAIL, "citations": {"enabled": True},
                 "source": {"type": "text", "media_type": "text/plain", "data": data}}  # fmt: skip
    masked = "Von [EMAIL_1] am 3. Mai: Alles geht an [IBAN_1]. Ende."
    start, end = masked.index("Alles"), masked.index(" Ende")
    cited = {"type": "char_location", "document_index": 1, "document_title": "[EMAIL_1]", "cited_text":
             masked[start:end], "start_char_index": start, "end_char_index": end, "file_id": None}  # fmt: skip
    plain = {**cited, "cited_text": "Ende.", "start_char_index": end + 1, "end_char_index": len(masked),
             "document_title": None}  # fmt: skip
    deckname.upstream.answer = answering([{"type": "text", "text": "Alles.", "citations": [cited, plain]}], 2)
    ask = {**ASK, "messages": [{"role": "user", "content": [pdf_like, text, {"type": "text", "text": "Was?"}]}]}
    if stream:
        async with client.messages.stream(**ask) as streamed:
            reply: Any = await streamed.get_final_message()
    else:
        reply = await client.messages.create(**ask)
    clean(deckname.upstream.last)
    assert deckname.upstream.last.body["messages"][0]["content"][1]["source"]["data"] == masked
    first, second = reply.content[0].citations[-2:]
    assert first.cited_text == data[first.start_char_index : first.end_char_index] == f"Alles geht an {IBAN}."
    assert data[second.start_char_index : second.end_char_index] == "Ende."
    assert first.document_title == MAIL


async def test_count_tokens(deckname: Deckname, client: anthropic.AsyncAnthropic) -> None:
    deckname.upstream.answer = answering([])
    counted = await client.messages.count_tokens(model="claude-test", messages=ASK["messages"], tools=[TOOL])
    clean(deckname.upstream.last)
    assert counted.input_tokens == 42


async def test_the_beta_client(deckname: Deckname, client: anthropic.AsyncAnthropic) -> None:
    deckname.upstream.answer = answering([{"type": "text", "text": HIDDEN}])
    reply = await client.beta.messages.create(**ASK, betas=["context-1m-2025-08-07"])
    seen = deckname.upstream.last
    clean(seen)
    assert seen.headers["anthropic-beta"] == "context-1m-2025-08-07"
    assert reply.content[0].type == "text"
    assert reply.content[0].text == PROMPT


async def test_a_resent_history_is_byte_identical_upstream(
    deckname: Deckname, client: anthropic.AsyncAnthropic
) -> None:
    deckname.upstream.answer = answering([{"type": "text", "text": f"Gut, ich schreibe: {HIDDEN}"}])
    first = await client.messages.create(**ASK)
    prefix = deckname.upstream.last.body["messages"]
    assert first.content[0].type == "text"
    history = [*ASK["messages"], {"role": "assistant", "content": first.content[0].text},
               {"role": "user", "content": "Und an neu@beispiel.example?"}]
    await client.messages.create(**{**ASK, "messages": history})
    sent = deckname.upstream.last.body["messages"]
    assert sent[:1] == prefix
    assert sent[1]["content"] == f"Gut, ich schreibe: {HIDDEN}"
    assert sent[2]["content"] == "Und an [EMAIL_2]?"


async def test_a_refusal_is_the_clients_own_exception(deckname: Deckname, client: anthropic.AsyncAnthropic) -> None:
    image: Any = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
    with pytest.raises(anthropic.BadRequestError, match="attachments"):
        await client.messages.create(**{**ASK, "messages": [{"role": "user", "content": [image]}]})
    assert not deckname.upstream.seen


async def test_a_stream_that_breaks_off_is_an_error_not_a_success(
    deckname: Deckname, client: anthropic.AsyncAnthropic
) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return await stream_bytes(request, wire(events([{"type": "text", "text": HIDDEN}], 3)[:9]), 50)

    deckname.upstream.answer = answer
    with pytest.raises(anthropic.APIStatusError, match="ended before"):
        async with client.messages.stream(**ASK) as stream:
            await stream.get_final_message()


async def test_the_policy_blocks_in_anthropics_form(start: Start) -> None:
    async with start(actions="IBAN=block") as deckname:
        base = deckname.base.removesuffix("/v1")
        async with anthropic.AsyncAnthropic(base_url=base, api_key="k") as client:
            with pytest.raises(anthropic.PermissionDeniedError) as told:
                await client.messages.create(**ASK)
        assert told.value.body["error"]["type"] == "permission_error"  # type: ignore[index]
        assert not deckname.upstream.seen
