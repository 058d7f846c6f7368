"""The real ``ollama`` client, unchanged but for its host. What is asserted first is what arrived at the server."""

import json
from collections.abc import AsyncIterator
from typing import Any

import ollama
import pytest
import pytest_asyncio
from aiohttp import web

from tests.gateway.conftest import Deckname
from tests.upstream import Seen, pieces

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAIL = "erika.musterfrau@beispiel.example"
PROMPT = f"Bitte antworten Sie <{MAIL}>."
MESSAGES = [{"role": "user", "content": PROMPT}]


async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
    """Answer like an Ollama server that says what it was told, three characters at a time."""
    if request.path == "/api/embed":
        return web.json_response({"model": "m", "embeddings": [[0.25]]})
    if request.path == "/api/tags":
        return web.json_response({"models": [{"model": "m:latest"}]})
    body = seen.body
    text = body["prompt"] if "prompt" in body else body["messages"][-1]["content"]
    parts = pieces(text, 3 if body.get("stream", True) else 0)
    lines: list[dict[str, Any]] = [{"model": "m", "created_at": "2026-11-22T10:00:00Z", **said(body, p)} for p in parts]
    if body.get("tools"):
        call = {"function": {"name": "look_up", "arguments": {"mail": "[EMAIL_1]"}}}
        lines.append({"model": "m", "message": {"role": "assistant", "content": "", "tool_calls": [call]}})
    lines[-1] |= {"done": True, "done_reason": "stop"}
    if not body.get("stream", True):
        return web.json_response(lines[-1])
    data = "".join(json.dumps(line) + "\n" for line in lines)
    return web.Response(body=data.encode(), content_type="application/x-ndjson")


def said(body: Any, text: str) -> dict[str, Any]:
    if "prompt" in body:
        return {"response": text, "done": False}
    return {"message": {"role": "assistant", "content": text}, "done": False}


@pytest_asyncio.fixture(loop_scope="session")
async def client(deckname: Deckname) -> AsyncIterator[ollama.AsyncClient]:
    deckname.upstream.answer = answer
    client = ollama.AsyncClient(host=deckname.base.removesuffix("/v1"))
    yield client
    await client._client.aclose()  # the client offers no other way in every version


def clean(deckname: Deckname) -> Any:
    assert MAIL not in deckname.upstream.last.wire
    return deckname.upstream.last.body


async def test_chat(deckname: Deckname, client: ollama.AsyncClient) -> None:
    reply = await client.chat(model="m", messages=MESSAGES)
    assert clean(deckname)["messages"][0]["content"] == "Bitte antworten Sie <[EMAIL_1]>."
    assert reply.message.content == PROMPT


async def test_streamed_chat(deckname: Deckname, client: ollama.AsyncClient) -> None:
    parts = [part async for part in await client.chat(model="m", messages=MESSAGES, stream=True)]
    clean(deckname)
    assert "".join(part.message.content or "" for part in parts) == PROMPT
    assert [part.done for part in parts][-1] is True


async def test_tools(deckname: Deckname, client: ollama.AsyncClient) -> None:
    def look_up(mail: str) -> str:
        """Look up a customer.

        Args:
            mail: such as erika.musterfrau@beispiel.example
        """
        return mail

    parts = [part async for part in await client.chat(model="m", messages=MESSAGES, tools=[look_up], stream=True)]
    sent = clean(deckname)
    assert sent["tools"][0]["function"]["parameters"]["properties"]["mail"]["description"] == "such as [EMAIL_1]"
    calls = [call for part in parts for call in part.message.tool_calls or ()]
    assert [call.function.arguments for call in calls] == [{"mail": MAIL}]
    result = {"role": "tool", "content": MAIL, "tool_name": "look_up"}
    history: Any = [*MESSAGES, {"role": "assistant", "tool_calls": calls}, result]
    await client.chat(model="m", messages=history)
    sent = clean(deckname)["messages"]
    assert sent[1]["tool_calls"][0]["function"]["arguments"] == {"mail": "[EMAIL_1]"}
    assert (sent[2]["content"], sent[2]["tool_name"]) == ("[EMAIL_1]", "look_up")


@pytest.mark.parametrize("stream", [False, True])
async def test_generate(deckname: Deckname, client: ollama.AsyncClient, stream: bool) -> None:
    if stream:
        parts = [part async for part in await client.generate(model="m", prompt=PROMPT, system=MAIL, stream=True)]
        text = "".join(part.response or "" for part in parts)
    else:
        text = (await client.generate(model="m", prompt=PROMPT, system=MAIL)).response or ""
    assert clean(deckname)["system"] == "[EMAIL_1]"
    assert text == PROMPT


async def test_embed_and_list(deckname: Deckname, client: ollama.AsyncClient) -> None:
    embedded = await client.embed(model="m", input=[PROMPT])
    clean(deckname)
    assert embedded.embeddings == [[0.25]]
    assert [model.model for model in (await client.list()).models] == ["m:latest"]


async def test_a_refusal_is_the_clients_own_exception(deckname: Deckname, client: ollama.AsyncClient) -> None:
    with pytest.raises(ollama.ResponseError, match="attachments"):
        await client.chat(model="m", messages=[{"role": "user", "content": "?", "images": [b"\x89PNG"]}])
    assert not deckname.upstream.seen
