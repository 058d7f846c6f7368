"""What goes wrong, at every side: a clear error in OpenAI's form, nothing leaked, nothing lost in silence."""

import asyncio
import contextlib
import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import brotli
import pytest
from aiohttp import web
from backports import zstd

from tests.gateway.conftest import Deckname, Reply, Start
from tests.servers import Server
from tests.upstream import Seen, chunk, sse, stream_bytes

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAIL = "erika.musterfrau@beispiel.example"
BODY: Any = {"model": "m", "messages": [{"role": "user", "content": f"Mail an {MAIL}"}]}


def problem(reply: Reply, status: int, code: str) -> dict[str, Any]:
    assert (reply.status, json.loads(reply.raw)["error"]["code"]) == (status, code)
    assert MAIL not in reply.text
    error: dict[str, Any] = json.loads(reply.raw)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


# --- bodies ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_body"),
        (b"{", 400, "invalid_body"),
        (b"[]", 400, "invalid_body"),
        (b'{"model":"m"}', 400, "missing_messages"),
        (b'{"prompt":"x"}', 400, "missing_messages"),
        (b'{"messages":[],"messages":[]}', 400, "invalid_body"),
        (b'{"messages":[{"content":"erika.musterfrau@beispiel.example"', 400, "invalid_body"),
        (b'{"messages":[],"x":1e400}', 400, "invalid_body"),
        (b'{"messages":[],"x":NaN}', 400, "invalid_body"),
        (b'{"messages":[],"x":"\xff"}', 400, "invalid_body"),
        (b"\xef\xbb\xbf{}", 400, "invalid_body"),
        (b'{"messages":' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400, "invalid_body"),
        (b'{"messages":[],"x":' + b"1" * 6_000 + b"}", 400, "invalid_body"),
    ],
)
async def test_unreadable_bodies(deckname: Deckname, body: bytes, status: int, code: str) -> None:
    headers = {"content-type": "application/json"}
    async with deckname.http.post(f"{deckname.base}/chat/completions", data=body, headers=headers) as response:
        problem(Reply(response.status, dict(response.headers), await response.read()), status, code)
        assert response.headers["x-should-retry"] == "false"
    assert not deckname.upstream.seen


async def test_a_body_over_the_limit(start: Start) -> None:
    async with start(body_limit="64KiB") as deckname:
        problem(await deckname.post({**BODY, "x": "a" * 70_000}), 413, "body_too_large")
        packed = gzip.compress(json.dumps({**BODY, "x": "a" * 9_000_000}).encode())
        headers = {"content-type": "application/json", "content-encoding": "gzip"}
        async with deckname.http.post(f"{deckname.base}/chat/completions", data=packed, headers=headers) as response:
            problem(Reply(response.status, {}, await response.read()), 413, "body_too_large")
        assert not deckname.upstream.seen


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress,
}


@pytest.mark.parametrize("encoding", PACKERS)
async def test_packed_bodies_are_read(deckname: Deckname, encoding: str) -> None:
    headers = {"content-type": "application/json", "content-encoding": encoding}
    data = PACKERS[encoding](json.dumps(BODY).encode())
    async with deckname.http.post(f"{deckname.base}/chat/completions", data=data, headers=headers) as response:
        assert response.status == 200
        assert MAIL in await response.text()
    assert MAIL not in deckname.upstream.last.wire
    assert "content-encoding" not in deckname.upstream.last.headers


@pytest.mark.parametrize("encoding", ["gzip, br", "snappy", "gzip, gzip"])
async def test_other_encodings_are_refused(deckname: Deckname, encoding: str) -> None:
    reply = await deckname.post(BODY, headers={"content-encoding": encoding})
    problem(reply, 415, "unsupported_encoding")
    assert not deckname.upstream.seen


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_a_body_that_is_not_what_its_encoding_claims(deckname: Deckname, encoding: str) -> None:
    headers = {"content-type": "application/json", "content-encoding": encoding}
    data = json.dumps(BODY).encode()
    async with deckname.http.post(f"{deckname.base}/chat/completions", data=data, headers=headers) as response:
        assert response.status == 400
        assert MAIL not in await response.text()
    assert not deckname.upstream.seen


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"]
)
async def test_other_content_types_are_refused(deckname: Deckname, content_type: str) -> None:
    data = json.dumps(BODY).encode()
    headers = {"content-type": content_type}
    async with deckname.http.post(f"{deckname.base}/chat/completions", data=data, headers=headers) as response:
        problem(Reply(response.status, {}, await response.read()), 415, "unsupported_content_type")
    assert not deckname.upstream.seen


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/assistants"), ("POST", "/anything"), ("PUT", "/chat/completions"), ("DELETE", "/models"),
     ("POST", "/chat/completions/"), ("GET", "/evals"), ("GET", "/models/a%20b"), ("POST", "/models")],
)
async def test_unknown_endpoints_are_refused(deckname: Deckname, method: str, path: str) -> None:
    async with deckname.http.request(method, deckname.base + path, json=BODY if method == "POST" else None) as response:
        problem(Reply(response.status, {}, await response.read()), 404, "unknown_endpoint")
    assert not deckname.upstream.seen


async def test_websockets_are_refused(deckname: Deckname) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await deckname.http.ws_connect(f"{deckname.base}/realtime?model=m")
    assert caught.value.status == 404


async def test_a_query_is_refused(deckname: Deckname) -> None:
    problem(await deckname.post(BODY, path=f"/chat/completions?mail={MAIL}"), 400, "unexpected_query")
    assert not deckname.upstream.seen


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "image_url", "image_url": {"url": "https://host.example/max.png"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
        {"type": "file", "file": {"filename": "Max Mustermann.pdf", "file_data": "AAAA"}},
    ],
)
async def test_attachments(start: Start, deckname: Deckname, part: dict[str, Any]) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, part]}]}
    error = problem(await deckname.post(body), 400, "attachment_refused")
    assert error["param"].startswith(f"messages[0].content[1].{part['type']}")
    assert not deckname.upstream.seen


async def test_attachments_may_be_dropped_by_policy(start: Start) -> None:
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    body = {"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, part]}]}
    async with start(attachments="drop") as deckname:
        assert (await deckname.post(body)).status == 200
        assert deckname.upstream.last.body["messages"][0]["content"] == [{"type": "text", "text": "a"}]


async def test_a_blocked_kind_is_named_and_its_value_is_not(start: Start) -> None:
    async with start(actions="EMAIL=block") as deckname:
        error = problem(await deckname.post(BODY), 403, "blocked_by_policy")
        assert "EMAIL" in error["message"]
        assert not deckname.upstream.seen


# --- the provider -----------------------------------------------------------------------------------------------------


async def test_the_provider_is_down(start: Start) -> None:
    async with start(upstream="http://127.0.0.1:9/v1") as deckname:
        problem(await deckname.post(BODY), 502, "upstream_unreachable")


async def test_the_provider_is_slow(start: Start) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    async with start(read_timeout="300ms") as deckname:
        deckname.upstream.answer = answer
        problem(await deckname.post(BODY), 504, "upstream_timeout")


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_the_providers_errors_are_restored_and_keep_their_status(deckname: Deckname, status: int) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        quoted = seen.body["messages"][0]["content"]
        headers = {"retry-after": "7", "set-cookie": "a=b", "x-request-id": "r1"}
        return web.json_response({"error": {"message": f"no: {quoted}", "code": "c"}}, status=status, headers=headers)

    deckname.upstream.answer = answer
    reply = await deckname.post(BODY)
    assert reply.status == status
    assert json.loads(reply.raw)["error"]["message"] == f"no: Mail an {MAIL}"
    headers = {name.lower(): value for name, value in reply.headers.items()}
    assert headers["retry-after"] == "7"
    assert headers["x-request-id"] == "r1"
    assert "set-cookie" not in headers


async def test_an_error_page_in_html(deckname: Deckname) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.Response(text="<p>[EMAIL_1]</p>", status=502, content_type="text/html")

    deckname.upstream.answer = answer
    reply = await deckname.post(BODY)
    assert (reply.status, reply.text) == (502, f"<p>{MAIL}</p>")


@pytest.mark.parametrize("garbage", [b"", b"not json", b'{"a":1', b"\xff\xfe"])
async def test_garbage_from_the_provider(deckname: Deckname, garbage: bytes) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.Response(body=garbage, content_type="application/json")

    deckname.upstream.answer = answer
    problem(await deckname.post(BODY), 502, "upstream_invalid")


async def test_redirects_are_not_followed(deckname: Deckname) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect("/v1/elsewhere")

    deckname.upstream.answer = answer
    problem(await deckname.post(BODY), 502, "upstream_redirect")
    assert len(deckname.upstream.seen) == 1


def events(raw: bytes) -> list[Any]:
    lines = [line.removeprefix("data: ") for line in raw.decode().splitlines() if line.startswith("data: ")]
    return [json.loads(line) if line != "[DONE]" else line for line in lines]


async def test_a_stream_that_is_cut_ends_with_an_error(deckname: Deckname) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        await response.write(sse([chunk({"content": "Mail an [EMAIL_1], "})], done=False))
        await asyncio.sleep(0.1)
        assert request.transport
        request.transport.abort()
        return response

    deckname.upstream.answer = answer
    got = events((await deckname.post({**BODY, "stream": True})).raw)
    assert got[0]["choices"][0]["delta"]["content"] == f"Mail an {MAIL}, "
    assert got[-1]["error"]["code"] in {"upstream_broken", "upstream_unreachable"}
    assert "[DONE]" not in got


async def test_a_stream_that_just_ends_is_an_error_too(deckname: Deckname) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return await stream_bytes(request, sse([chunk({"content": "Mail an [EMA"})], done=False), 1000)

    deckname.upstream.answer = answer
    got = events((await deckname.post({**BODY, "stream": True})).raw)
    assert "".join(e["choices"][0]["delta"]["content"] for e in got[:-1]) == "Mail an [EMA"
    assert got[-1]["error"]["code"] == "upstream_stream_cut"


async def test_garbage_in_a_stream_ends_it_with_an_error(deckname: Deckname) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        data = sse([chunk({"content": "a"})], done=False) + b"data: {nonsense\n\n" + sse([chunk({"content": "b"})])
        return await stream_bytes(request, data, 1000)

    deckname.upstream.answer = answer
    got = events((await deckname.post({**BODY, "stream": True})).raw)
    assert got[-1]["error"]["code"] == "upstream_stream_invalid"


async def test_an_error_event_in_a_stream_is_restored(deckname: Deckname) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        data = sse([chunk({"content": "a"}), {"error": {"message": "no: [EMAIL_1]", "code": "x"}}], done=False)
        return await stream_bytes(request, data, 1000)

    deckname.upstream.answer = answer
    got = events((await deckname.post({**BODY, "stream": True})).raw)
    assert got[-1] == {"error": {"message": f"no: {MAIL}", "code": "x"}}


async def test_an_error_instead_of_a_stream(deckname: Deckname) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.json_response({"error": {"message": "no: [EMAIL_1]"}}, status=400)

    deckname.upstream.answer = answer
    reply = await deckname.post({**BODY, "stream": True})
    assert (reply.status, json.loads(reply.raw)) == (400, {"error": {"message": f"no: {MAIL}"}})


async def test_silence_is_broken_by_comments(start: Start) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b": hello\n\n" + sse([chunk({"content": "a"})], done=False))
        await asyncio.sleep(0.5)
        await response.write(sse([chunk({}, finish="stop")]))
        return response

    async with start(keepalive_seconds="100ms") as deckname:
        deckname.upstream.answer = answer
        raw = (await deckname.post({**BODY, "stream": True})).raw
        assert raw.startswith(b": hello\n\n")
        assert raw.count(b": keep-alive\n\n") >= 2


# --- the client -------------------------------------------------------------------------------------------------------


async def test_a_client_that_leaves_cancels_the_provider(deckname: Deckname) -> None:
    begun = asyncio.Event()

    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        for _ in range(600):
            await response.write(sse([chunk({"content": "a"})], done=False))
            begun.set()
            await asyncio.sleep(0.05)
        return response

    deckname.upstream.answer = answer
    task = asyncio.create_task(deckname.post({**BODY, "stream": True}))
    await asyncio.wait_for(begun.wait(), 10)
    task.cancel()
    for _ in range(100):
        if deckname.upstream.gone:
            break
        await asyncio.sleep(0.05)
    assert deckname.upstream.gone == 1


# --- the store --------------------------------------------------------------------------------------------------------


async def test_without_a_store_nothing_is_forwarded(start: Start) -> None:
    async with start(redis_url="redis://127.0.0.1:9/0") as deckname:
        reply = await deckname.post(BODY)
        problem(reply, 503, "vault_unavailable")
        assert "retry-after" in {name.lower() for name in reply.headers}
        assert not deckname.upstream.seen
        async with deckname.http.get(f"{deckname.admin}/readyz") as response:
            assert response.status == 503
        async with deckname.http.get(f"{deckname.admin}/healthz") as response:
            assert response.status == 200


async def test_a_store_that_comes_back_is_used_again_and_no_token_was_forgotten(start: Start, tmp_path: Path) -> None:
    store = Server(tmp_path / "store", ("--appendonly", "yes", "--appendfsync", "always")).start()
    chat = {"X-Conversation-Id": "chat-1"}
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(store.stop)
        deckname = await stack.enter_async_context(start(redis_url=store.url))
        assert (await deckname.post(BODY, headers=chat)).status == 200
        store.kill()
        deckname.upstream.seen.clear()
        problem(await deckname.post(BODY, headers=chat), 503, "vault_unavailable")
        assert not deckname.upstream.seen
        store.start()
        again = {**BODY, "messages": [{"role": "user", "content": f"Mail an neu@beispiel.example, {MAIL}"}]}
        reply = await deckname.post(again, headers=chat)
        assert MAIL in reply.text
        assert deckname.upstream.last.body["messages"][0]["content"] == "Mail an [EMAIL_2], [EMAIL_1]"
