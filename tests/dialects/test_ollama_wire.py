"""What arrives at an Ollama server, whatever field the personal data is in, and what comes back in its form."""

import json
from typing import Any

import pytest
from aiohttp import web

from tests.bodies import fields, merged, with_value
from tests.gateway.conftest import Deckname, Reply, Start
from tests.upstream import Seen

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY = "kanari.vogel@beispiel.example"
SKELETONS: dict[str, dict[str, Any]] = {
    "/api/chat": {"model": "m", "messages": [{"role": "user", "content": "Hallo!"}]},
    "/api/generate": {"model": "m", "prompt": "Hallo!"},
    "/api/embed": {"model": "m", "input": "Hallo!"},
    "/api/embeddings": {"model": "m", "prompt": "Hallo!"},
    "/api/show": {"model": "m"},
}


async def ask(deckname: Deckname, path: str, body: Any) -> Reply:
    root = deckname.base.removesuffix("/v1")
    async with deckname.http.post(root + path, json=body) as response:
        return Reply(response.status, dict(response.headers), await response.read())


def answering(*lines: dict[str, Any]) -> Any:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        if len(lines) == 1:
            return web.json_response(lines[0])
        data = "".join(json.dumps(line) + "\n" for line in lines)
        return web.Response(body=data.encode(), content_type="application/x-ndjson")

    return answer


@pytest.mark.parametrize("vector", fields("ollama_requests.txt"))
async def test_no_field_leaks(deckname: Deckname, vector: str) -> None:
    endpoint, path = vector.split()
    deckname.upstream.answer = answering({"done": True})
    reply = await ask(deckname, endpoint, merged(with_value(path, CANARY), SKELETONS[endpoint]))
    if "images" in path:
        assert (reply.status, json.loads(reply.raw)["code"]) == (400, "attachment_refused")
        assert not deckname.upstream.seen
        return
    assert reply.status == 200, reply.text
    assert deckname.upstream.last.path == endpoint
    assert CANARY not in deckname.upstream.last.wire
    assert CANARY.partition("@")[0] not in deckname.upstream.last.wire


@pytest.mark.parametrize("endpoint", SKELETONS)
async def test_no_unknown_field_leaks(deckname: Deckname, endpoint: str) -> None:
    deckname.upstream.answer = answering({"done": True})
    for body in ({"unknown": CANARY}, {CANARY: 1}, {"unknown": {"deep": [{CANARY: CANARY}]}}):
        assert (await ask(deckname, endpoint, {**SKELETONS[endpoint], **body})).status == 200
        assert CANARY not in deckname.upstream.last.wire


@pytest.mark.parametrize(
    ("endpoint", "body", "code"),
    [
        ("/api/generate", {"model": "m", "prompt": "weiter", "context": [1, 2, 3]}, "token_array"),
        ("/api/embed", {"model": "m", "input": [1, 2]}, "token_array"),
        ("/api/chat", {"model": "m", "messages": "Hallo"}, "missing_messages"),
        ("/api/chat", [], "invalid_body"),
    ],
)
async def test_other_shapes_are_refused_in_ollamas_words(
    deckname: Deckname, endpoint: str, body: Any, code: str
) -> None:
    reply = await ask(deckname, endpoint, body)
    told = json.loads(reply.raw)
    assert (reply.status, told["code"]) == (400, code)
    assert isinstance(told["error"], str)
    assert not deckname.upstream.seen


@pytest.mark.parametrize("path", ["pull", "push", "create", "delete", "blobs/sha256:0", "web_search", "web_fetch"])
async def test_other_endpoints_are_refused(deckname: Deckname, path: str) -> None:
    assert (await ask(deckname, f"/api/{path}", {"model": "m", "query": CANARY})).status == 404
    assert not deckname.upstream.seen


async def test_lists_of_models_pass(deckname: Deckname) -> None:
    deckname.upstream.answer = answering({"models": [{"name": "m:latest"}]})
    for name in ("tags", "version", "ps"):
        async with deckname.http.get(f"{deckname.base.removesuffix('/v1')}/api/{name}") as response:
            assert await response.json() == {"models": [{"name": "m:latest"}]}


@pytest.mark.parametrize(("images", "left"), [(["iVBORw0KGgo="], {"images": []}), ("iVBORw0KGgo=", {})])
async def test_an_image_is_dropped_by_policy(start: Start, images: Any, left: Any) -> None:
    message = {"role": "user", "content": f"Wer ist {CANARY}?", "images": images}
    async with start(attachments="drop") as deckname:
        deckname.upstream.answer = answering({"done": True})
        assert (await ask(deckname, "/api/chat", {"model": "m", "messages": [message]})).status == 200
        sent = deckname.upstream.last.body["messages"][0]
        assert sent == {"role": "user", "content": "Wer ist [EMAIL_1]?", **left}


async def test_documents_and_queries_have_the_same_tokens(deckname: Deckname) -> None:
    deckname.upstream.answer = answering({"model": "m", "embeddings": [[0.5, -1e-3]]})
    sent = []
    for text in (f"Von {CANARY}", [f"Von {CANARY}"]):
        reply = await ask(deckname, "/api/embed", {"model": "m", "input": text})
        assert json.loads(reply.raw)["embeddings"] == [[0.5, -0.001]]
        sent.append(deckname.upstream.last.body["input"])
    assert sent[1] == [sent[0]]
    assert CANARY not in sent[0]


async def test_an_error_that_quotes_the_prompt_is_restored(deckname: Deckname) -> None:
    async def refuse(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.json_response({"error": "template: [EMAIL_1]"}, status=400)

    deckname.upstream.answer = refuse
    reply = await ask(deckname, "/api/generate", {**SKELETONS["/api/generate"], "template": CANARY})
    assert (reply.status, json.loads(reply.raw)) == (400, {"error": f"template: {CANARY}"})


async def test_the_clients_key_stays_here(deckname: Deckname) -> None:
    deckname.upstream.answer = answering({"done": True})
    root = deckname.base.removesuffix("/v1")
    async with deckname.http.post(
        f"{root}/api/chat", json=SKELETONS["/api/chat"], headers={"Authorization": "Bearer sk-1"}
    ):
        assert "authorization" not in deckname.upstream.last.headers


async def test_a_stream_cut_short_ends_in_an_error(deckname: Deckname) -> None:
    begun = {"model": "m", "message": {"role": "assistant", "content": "An [EM"}, "done": False}
    deckname.upstream.answer = answering(begun, begun)
    body = {"model": "m", "messages": [{"role": "user", "content": CANARY}]}
    lines = [json.loads(line) for line in (await ask(deckname, "/api/chat", body)).text.splitlines()]
    assert "ended before" in lines[-1]["error"]
