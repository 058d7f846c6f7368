"""What arrives at the provider of OpenAI's other endpoints, and what of their replies is restored."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from tests.bodies import VECTORS, merged, with_value
from tests.gateway.conftest import Deckname, Reply
from tests.upstream import Seen

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY = "kanari.vogel@beispiel.example"
SERVED = {
    "/completions", "/embeddings", "/moderations", "/audio/transcriptions", "/audio/translations", "/audio/speech",
    "/images/generations", "/files", "/batches", "/vector_stores", "/vector_stores/{vector_store_id}/search",
    "/vector_stores/{vector_store_id}/files", "/vector_stores/{vector_store_id}/files/{file_id}/content",
    "/conversations", "/conversations/{conversation_id}", "/responses/compact", "/chat/completions/{completion_id}",
    "/chat/completions/{completion_id}/messages",
}  # fmt: skip
ATTACHED = ("image_url", "file_id", "file_data", "file_url", "{image_generation_call}.result")
UNKNOWN = {
    "/batches .input_file_id", "/vector_stores .file_ids[]", "/vector_stores/{vector_store_id}/files .file_id",
}  # fmt: skip
INERT = ("file_citation}", "file_path}", "results[]", "annotations[]", "action{")


def rows(name: str) -> list[tuple[str, str, str, str]]:
    lines = (VECTORS / name).read_text("utf-8").splitlines()
    found = [tuple(line.split(" ", 3)) for line in lines if line and not line.startswith("#")]
    return [(a, b, c, d) for a, b, c, d in found]


REQUESTS = [row for row in rows("openai_other_requests.txt") if row[2] == "application/json"]
BY_THEMSELVES = ("/audio/transcriptions", "/audio/translations", "/embeddings", "/files")
REPLIES = [
    row for row in rows("openai_other_replies.txt")
    if row[2] == "application/json" and row[1] in SERVED and row[1] not in BY_THEMSELVES
]


async def send(deckname: Deckname, method: str, path: str, **options: Any) -> Reply:
    async with deckname.http.request(method, deckname.base + path, **options) as response:
        return Reply(response.status, dict(response.headers), await response.read())


OBJECTS: dict[str, tuple[str, dict[str, Any]]] = {
    "conversation_id": ("/conversations", {"id": "conv_1", "object": "conversation"}),
    "vector_store_id": ("/vector_stores", {"id": "vs_1", "object": "vector_store"}),
    "completion_id": ("/chat/completions", {"id": "chatcmpl_1", "object": "chat.completion", "choices": []}),
}


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def objects(shared: Deckname) -> AsyncIterator[dict[str, str]]:
    """One object of each kind, made through Deckname, by the name of its parameter."""
    for path, made in OBJECTS.values():
        shared.upstream.answer = replying(made)
        chat = {"messages": [{"role": "user", "content": CANARY}], "store": True}
        body = chat if "chat" in path else {"metadata": {"a": CANARY}}
        assert (await send(shared, "POST", path, json=body)).status == 200
    yield {name: str(made["id"]) for name, (_, made) in OBJECTS.items()} | {"file_id": "file_1"}


def replying(body: Any) -> Any:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.json_response(body)

    return answer


@pytest.mark.parametrize("files", [{"file_ids": ["file-x"]}, {"files": [{"file_id": "file-x"}]}, {"file_id": "file-x"}])
async def test_somebody_elses_files_are_not_put_into_a_store(
    deckname: Deckname, objects: dict[str, str], files: dict[str, Any]
) -> None:
    for path in ("files", "file_batches"):
        reply = await send(deckname, "POST", f"/vector_stores/{objects['vector_store_id']}/{path}", json=files)
        assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (404, "unknown_file")
    assert not deckname.upstream.seen


def skeleton(path: str) -> dict[str, Any]:
    return {"input": [{"role": "user", "content": "a"}]} if path == "/responses/compact" else {}


@pytest.mark.parametrize("row", REQUESTS, ids=" ".join)
async def test_no_field_of_the_specification_leaks(
    deckname: Deckname, objects: dict[str, str], row: tuple[str, str, str, str]
) -> None:
    method, path, _, field = row
    deckname.upstream.answer = replying({"id": "x_1", "object": "x", "data": []})
    body = merged(with_value(field, CANARY), skeleton(path))
    reply = await send(deckname, method, path.format_map(objects), json=body)
    if path not in SERVED:
        assert reply.status == 404, reply.text
    elif f"{path} {field}" in UNKNOWN:
        assert (reply.status, deckname.upstream.seen) == (404, [])
    elif any(part in field for part in ATTACHED) and not any(part in field for part in INERT):
        assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (400, "attachment_refused")
    elif path == "/audio/speech":
        assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (400, "sound_of_tokens")
    elif reply.status != 404 or "item" not in field:
        assert reply.status == 200, reply.text
        assert deckname.upstream.seen
    for seen in deckname.upstream.seen:
        assert field.endswith(("encrypted_content", ".fingerprint")) or CANARY not in seen.wire


# Sound, pictures, and the probabilities of what the model itself wrote.
KEPT = ("tokens[]", ".token", "b64_json", "data[].url", "image_url.url", "audio.data")
ASK: dict[str, Any] = {
    "/completions": {"prompt": CANARY},
    "/moderations": {"input": CANARY},
    "/images/generations": {"prompt": CANARY},
    "/responses/compact": {"input": CANARY},
    "/vector_stores": {"name": CANARY},
    "/batches": {"metadata": {"a": CANARY}},
    "/conversations": {"items": [{"role": "user", "content": CANARY}]},
}


@pytest.mark.parametrize("row", REPLIES, ids=" ".join)
async def test_every_field_of_a_reply_is_restored(
    deckname: Deckname, objects: dict[str, str], row: tuple[str, str, str, str]
) -> None:
    method, path, _, field = row
    text = ""

    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        nonlocal text
        sent = seen.raw.decode()
        text = found[0] if (found := re.search(r"\[EMAIL_\d+\]", sent)) else "[EMAIL_1]"
        value = json.dumps({"a": text}) if field.endswith("arguments") else text
        return web.json_response(with_value(field, value))

    deckname.upstream.answer = answer
    wide = "vector_stores" in path or path == "/batches"
    body = ASK.get(path, {"metadata": {"a": CANARY}, "query": CANARY} if method == "POST" else None)
    if method == "GET" and wide:
        await send(deckname, "POST", "/vector_stores", json={"name": CANARY})
        deckname.upstream.answer = replying(with_value(field, text))
    reply = await send(deckname, method, path.format_map(objects), json=body)
    assert reply.status == 200, reply.text
    kept = field.endswith(KEPT)
    expected = text if kept else CANARY
    assert expected in reply.text
    assert kept or text not in reply.text
