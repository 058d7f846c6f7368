"""OpenAI's dialects at Azure's addresses: deployment, version of the API and key arrive as they were sent."""

import json
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
import pytest_asyncio
from aiohttp import web
from yarl import URL

from tests.gateway.conftest import Deckname, Reply, Start
from tests.upstream import Seen, chunk, completion, sse, stream_bytes, text_chunks

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAIL = "erika.musterfrau@beispiel.example"
PROMPT = f"Bitte antworten Sie {MAIL}."
MESSAGES: Any = [{"role": "user", "content": PROMPT}]


@pytest_asyncio.fixture(loop_scope="session")
async def client(deckname: Deckname) -> AsyncIterator[openai.AsyncAzureOpenAI]:
    root = deckname.base.removesuffix("/v1")
    async with openai.AsyncAzureOpenAI(
        azure_endpoint=root, api_key="azure-key", api_version="2024-10-21", max_retries=0
    ) as client:
        yield client


async def post(deckname: Deckname, path: str, body: Any) -> Reply:
    url = URL(deckname.base.removesuffix("/v1") + path, encoded=True)  # dots and all, as an attacker sends it
    async with deckname.http.post(url, json=body) as response:
        return Reply(response.status, dict(response.headers), await response.read())


def clean(deckname: Deckname) -> Seen:
    assert MAIL not in deckname.upstream.last.wire
    return deckname.upstream.last


async def test_chat(deckname: Deckname, client: openai.AsyncAzureOpenAI) -> None:
    reply = await client.chat.completions.create(model="gpt-4.1", messages=MESSAGES)
    seen = clean(deckname)
    assert (seen.path, seen.query) == ("/openai/deployments/gpt-4.1/chat/completions", "api-version=2024-10-21")
    assert seen.headers["api-key"] == "azure-key"
    assert reply.choices[0].message.content == PROMPT


async def test_a_stream_with_what_the_content_filter_says(
    deckname: Deckname, client: openai.AsyncAzureOpenAI
) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        text = seen.body["messages"][-1]["content"]
        first = {"id": "", "object": "", "created": 0, "model": "", "choices": [],
                 "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}]}
        said = {"index": 0, "finish_reason": None, "content_filter_results": {"hate": {"filtered": False}},
                "content_filter_offsets": {"check_offset": 5, "start_offset": 5, "end_offset": 50}}
        without_delta = {"id": "", "object": "", "created": 0, "model": "", "choices": [said]}
        keepalive = {"type": "keepalive"}
        events = [first, *text_chunks(text, 3)[:-1], without_delta, keepalive, chunk({}, finish="stop")]
        return await stream_bytes(request, sse(events), 30)

    deckname.upstream.answer = answer
    async with deckname.http.post(
        deckname.base.removesuffix("/v1") + "/openai/deployments/d/chat/completions?api-version=2025-01-01-preview",
        json={"messages": MESSAGES, "stream": True},
    ) as response:
        lines = [line for line in (await response.text()).splitlines() if line.startswith("data: {")]
    clean(deckname)
    events = [json.loads(line[6:]) for line in lines]
    choices = [choice for event in events for choice in event.get("choices", ())]
    assert "".join(choice.get("delta", {}).get("content", "") for choice in choices) == PROMPT
    assert events[0]["prompt_filter_results"]
    assert {"type": "keepalive"} in events
    assert next(choice for choice in choices if "delta" not in choice)["content_filter_results"]
    stream = await client.chat.completions.create(model="d", messages=MESSAGES, stream=True)
    deltas = [c.choices[0].delta async for c in stream if c.choices]
    assert "".join(delta.content or "" for delta in deltas if delta) == PROMPT


@pytest.mark.parametrize("cut", [3, 1000])
async def test_offsets_of_the_content_filter_are_those_of_what_the_client_has(deckname: Deckname, cut: int) -> None:
    """They count from the beginning of the prompt; the first annotation begins where the reply does."""
    before, marked = "Gern, ", "schreiben Sie"

    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        prompt = seen.body["messages"][-1]["content"]
        said, base = f"{before}{prompt}: {marked}", len(prompt)
        places = [(0, len(before + prompt)), (len(said) - len(marked), len(said))]
        notes = [
            {"choices": [{"index": 0, "finish_reason": None, "content_filter_offsets": {
                "check_offset": base + start, "start_offset": base + start, "end_offset": base + end}}]}
            for start, end in places
        ]
        return await stream_bytes(request, sse([*text_chunks(said, cut)[:-1], *notes, chunk({}, finish="stop")]), 30)

    deckname.upstream.answer = answer
    async with deckname.http.post(
        deckname.base.removesuffix("/v1") + "/openai/deployments/d/chat/completions?api-version=2025-01-01-preview",
        json={"messages": MESSAGES, "stream": True},
    ) as response:
        lines = [json.loads(line[6:]) for line in (await response.text()).splitlines() if line.startswith("data: {")]
    choices = [line["choices"][0] for line in lines]
    whole = MESSAGES[-1]["content"] + "".join(choice.get("delta", {}).get("content", "") for choice in choices)
    notes = [choice["content_filter_offsets"] for choice in choices if "content_filter_offsets" in choice]
    assert [whole[note["start_offset"] : note["end_offset"]] for note in notes] == [f"{before}{PROMPT}", marked]
    assert [note["check_offset"] for note in notes] == [note["start_offset"] for note in notes]


async def test_embeddings_and_completions(deckname: Deckname, client: openai.AsyncAzureOpenAI) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        if request.path.endswith("embeddings"):
            data = [{"object": "embedding", "index": 0, "embedding": [0.5]}]
            return web.json_response({"object": "list", "model": "e", "data": data, "usage": {}})
        choice = {"index": 0, "text": seen.body["prompt"], "finish_reason": "stop", "logprobs": None}
        return web.json_response({"id": "c", "object": "text_completion", "created": 1, "model": "e",
                                  "choices": [choice]})

    deckname.upstream.answer = answer
    await client.embeddings.create(model="e-3", input=PROMPT, encoding_format="float")
    assert clean(deckname).path == "/openai/deployments/e-3/embeddings"
    reply = await client.completions.create(model="c-3", prompt=PROMPT)
    assert clean(deckname).path == "/openai/deployments/c-3/completions"
    assert reply.choices[0].text == PROMPT


async def test_responses_and_the_version_without_a_date(deckname: Deckname, client: openai.AsyncAzureOpenAI) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        part = {"type": "output_text", "text": seen.body["input"], "annotations": []}
        item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
        return web.json_response({"id": "resp_az", "object": "response", "status": "completed", "output": [item],
                                  "created_at": 1, "model": "m", "tools": [], "parallel_tool_calls": True,
                                  "tool_choice": "auto"})

    deckname.upstream.answer = answer
    reply = await client.responses.create(model="gpt-4.1", input=PROMPT)
    assert clean(deckname).path == "/openai/responses"
    assert reply.output_text == PROMPT
    root = deckname.base.removesuffix("/v1")
    async with openai.AsyncOpenAI(base_url=f"{root}/openai/v1", api_key="k") as plain:
        assert (await plain.responses.create(model="gpt-4.1", input=PROMPT)).output_text == PROMPT
    assert clean(deckname).path == "/openai/v1/responses"


async def test_data_sources_keep_their_keys_and_citations_are_restored(deckname: Deckname) -> None:
    source = {"type": "azure_search", "parameters": {
        "endpoint": "https://suche.search.windows.net", "index_name": "akten", "role_information": f"Du bist {MAIL}",
        "authentication": {"type": "api_key", "key": "sk-4f9a8b7c6d5e4f3a2b1c"}}}  # fmt: skip

    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        message = {"role": "assistant", "content": "Siehe [doc1], [EMAIL_1].",
                   "context": {"citations": [{"content": "Von [EMAIL_1]", "title": "[EMAIL_1]"}]}}
        return web.json_response(completion(message))

    deckname.upstream.answer = answer
    path = "/openai/deployments/d/chat/completions?api-version=2024-10-21"
    reply = await post(deckname, path, {"messages": MESSAGES, "data_sources": [source]})
    sent = clean(deckname).body["data_sources"][0]["parameters"]
    assert sent["authentication"] == source["parameters"]["authentication"]  # type: ignore[index]
    assert (sent["endpoint"], sent["role_information"]) == ("https://suche.search.windows.net", "Du bist [EMAIL_1]")
    context = json.loads(reply.raw)["choices"][0]["message"]["context"]
    assert context["citations"] == [{"content": f"Von {MAIL}", "title": MAIL}]


@pytest.mark.parametrize(
    "path",
    [
        "/openai/deployments/../chat/completions?api-version=1",
        "/openai/deployments/%2e%2e/chat/completions",
        "/openai/deployments/d/extensions/chat/completions",
        "/openai/assistants",
        "/openai/v1/realtime",
    ],
)
async def test_other_addresses_are_refused(deckname: Deckname, path: str) -> None:
    reply = await post(deckname, path, {"messages": MESSAGES})
    assert reply.status == 404
    assert not deckname.upstream.seen


async def test_a_query_that_is_no_version_is_refused(deckname: Deckname) -> None:
    path = "/openai/deployments/d/chat/completions"
    for query in (f"?api-version={MAIL}", "?user=1"):
        assert (await post(deckname, path + query, {"messages": MESSAGES})).status == 400
    assert not deckname.upstream.seen


async def test_our_own_key_goes_where_azure_looks_for_it(start: Start) -> None:
    async with start(upstream_azure_key="own") as deckname:
        await post(deckname, "/openai/deployments/d/chat/completions", {"messages": MESSAGES})
        headers = deckname.upstream.last.headers
        assert (headers["api-key"], "authorization" in headers) == ("own", False)
