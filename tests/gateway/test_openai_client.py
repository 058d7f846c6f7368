"""The real ``openai`` client, unchanged but for its base URL. What is asserted first is what arrived upstream."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import BaseModel

from tests.gateway.conftest import Deckname
from tests.upstream import Seen, chunk, completion, pieces, sse, stream_bytes

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAIL = "erika.musterfrau@beispiel.example"
IBAN = "DE89 3704 0044 0532 0130 00"
PHONE = "+49 30 901820"
PROMPT = f"Bitte antworten Sie {MAIL}, Telefon {PHONE}, IBAN {IBAN}."


def clean(seen: Seen) -> None:
    for value in (MAIL, IBAN, PHONE, IBAN.replace(" ", "")):
        assert value not in seen.wire


@pytest_asyncio.fixture(loop_scope="session")
async def client(deckname: Deckname) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=deckname.base, api_key="sk-client", max_retries=0) as client:
        yield client


async def test_create(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    reply = await client.chat.completions.create(
        model="test-model", messages=[{"role": "user", "content": PROMPT}]
    )
    clean(deckname.upstream.last)
    assert deckname.upstream.last.body["messages"][0]["content"] == (
        "Bitte antworten Sie [EMAIL_1], Telefon [PHONE_1], IBAN [IBAN_1]."
    )
    assert deckname.upstream.last.headers["authorization"] == "Bearer sk-client"
    assert reply.choices[0].message.content == PROMPT


async def test_the_synchronous_client(deckname: Deckname) -> None:
    def ask() -> str | None:
        with openai.OpenAI(base_url=deckname.base, api_key="sk-client", max_retries=0) as sync:
            reply = sync.chat.completions.create(model="m", messages=[{"role": "user", "content": PROMPT}])
            return reply.choices[0].message.content

    assert await asyncio.to_thread(ask) == PROMPT
    clean(deckname.upstream.last)


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 7])
async def test_stream(deckname: Deckname, client: openai.AsyncOpenAI, cut: int) -> None:
    deckname.upstream.cut = cut
    stream = await client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": PROMPT}], stream=True
    )
    text = "".join([c.choices[0].delta.content or "" async for c in stream if c.choices])
    clean(deckname.upstream.last)
    assert text == PROMPT


async def test_the_stream_helper(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    deckname.upstream.cut = 2
    async with client.chat.completions.stream(
        model="m", messages=[{"role": "user", "content": PROMPT}]
    ) as stream:
        deltas = [event.delta async for event in stream if event.type == "content.delta"]
        final = await stream.get_final_completion()
    clean(deckname.upstream.last)
    assert "".join(deltas) == PROMPT
    assert final.choices[0].message.content == PROMPT


def tool_call(arguments: str) -> dict[str, Any]:
    return {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": arguments}}


TOOLS: Any = [
    {
        "type": "function",
        "function": {
            "name": "look_up",
            "description": f"Looks up customers such as {MAIL}",
            "parameters": {"type": "object", "properties": {"mail": {"type": "string", "enum": [MAIL]}}},
        },
    }
]
QUOTED = 'Sie "kennt"\n' + MAIL + " \\ und mehr"


async def test_tools_round_trip(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        token = seen.body["tools"][0]["function"]["parameters"]["properties"]["mail"]["enum"][0]
        assert token == "[EMAIL_1]"
        return web.json_response(
            completion({"role": "assistant", "content": None, "tool_calls": [tool_call(json.dumps({"mail": token}))]})
        )

    deckname.upstream.answer = answer
    history: Any = [
        {"role": "user", "name": "erika_m", "content": QUOTED},
        {"role": "assistant", "content": None, "tool_calls": [tool_call(json.dumps({"mail": MAIL, "q": QUOTED}))]},
        {"role": "tool", "tool_call_id": "call_1", "content": json.dumps({"phone": PHONE})},
    ]
    reply = await client.chat.completions.create(model="m", messages=history, tools=TOOLS)
    clean(deckname.upstream.last)
    sent = deckname.upstream.last.body["messages"]
    assert json.loads(sent[1]["tool_calls"][0]["function"]["arguments"]) == {
        "mail": "[EMAIL_1]", "q": QUOTED.replace(MAIL, "[EMAIL_1]"),
    }
    assert json.loads(sent[2]["content"]) == {"phone": "[PHONE_1]"}
    calls = reply.choices[0].message.tool_calls
    assert calls
    assert json.loads(calls[0].function.arguments) == {"mail": MAIL}  # type: ignore[union-attr]


@pytest.mark.parametrize("cut", [1, 4, 1000])
async def test_streamed_tool_arguments_stay_json(deckname: Deckname, client: openai.AsyncOpenAI, cut: int) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        arguments = json.dumps({"mail": "[EMAIL_1]", "note": "für [EMAIL_1]"})
        first = chunk({"tool_calls": [{"index": 0, **tool_call("")}]})
        rest = [
            chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}) for piece in pieces(arguments, cut)
        ]
        return await stream_bytes(request, sse([first, *rest, chunk({}, finish="tool_calls")]), 1000)

    deckname.upstream.answer = answer
    async with client.chat.completions.stream(
        model="m", messages=[{"role": "user", "content": PROMPT}], tools=TOOLS
    ) as stream:
        final = await stream.get_final_completion()
    clean(deckname.upstream.last)
    calls = final.choices[0].message.tool_calls
    assert calls
    assert json.loads(calls[0].function.arguments) == {"mail": MAIL, "note": f"für {MAIL}"}


class Contact(BaseModel):
    mail: str
    iban: str


async def test_structured_output(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        content = json.dumps({"mail": "[EMAIL_1]", "iban": "[IBAN_1]"})
        return web.json_response(completion({"role": "assistant", "content": content}))

    deckname.upstream.answer = answer
    reply = await client.chat.completions.parse(
        model="m", messages=[{"role": "user", "content": PROMPT}], response_format=Contact
    )
    clean(deckname.upstream.last)
    assert reply.choices[0].message.parsed == Contact(mail=MAIL, iban=IBAN)


async def test_choices_may_interleave(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    texts = ["an [EMAIL_1].", "[PHONE_1], bitte", "IBAN: [IBAN_1]"]

    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        events = [
            chunk({"content": text[i : i + 1]}, index=index)
            for i in range(max(map(len, texts))) for index, text in enumerate(texts) if i < len(text)
        ]
        ends = [chunk({}, index=index, finish="stop") for index in range(3)]
        return await stream_bytes(request, sse([*events, *ends]), 37)

    deckname.upstream.answer = answer
    stream = await client.chat.completions.create(
        model="m", n=3, messages=[{"role": "user", "content": PROMPT}], stream=True
    )
    got = {0: "", 1: "", 2: ""}
    async for c in stream:
        for choice in c.choices:
            got[choice.index] += choice.delta.content or ""
    assert list(got.values()) == [f"an {MAIL}.", f"{PHONE}, bitte", f"IBAN: {IBAN}"]


async def test_models_pass_through(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    models = await client.models.list()
    assert [model.id for model in models.data] == ["test-model"]


async def test_a_resent_history_is_byte_identical_upstream(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    history: Any = [{"role": "user", "content": PROMPT}]
    first = await client.chat.completions.create(model="m", messages=history)
    prefix = deckname.upstream.last.body["messages"]
    history += [{"role": "assistant", "content": first.choices[0].message.content},
                {"role": "user", "content": "Und an neu@beispiel.example?"}]
    await client.chat.completions.create(model="m", messages=history)
    sent = deckname.upstream.last.body["messages"]
    assert sent[:1] == prefix
    assert sent[1]["content"] == prefix[0]["content"]  # what was restored is hidden again, under the same tokens
    assert sent[2]["content"] == "Und an [EMAIL_2]?"


async def test_a_token_typed_by_the_user_comes_back_as_typed(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    prompt = f"Was heißt [EMAIL_1] oder [PERSON_7] in der Mail von {MAIL}?"
    reply = await client.chat.completions.create(model="m", messages=[{"role": "user", "content": prompt}])
    clean(deckname.upstream.last)
    assert reply.choices[0].message.content == prompt
