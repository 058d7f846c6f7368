"""A real provider on loopback for tests: it records what arrives at the wire and answers as it is told.

By default it answers like a model that repeats its last user message, whole or in pieces of a given length.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request, "Seen"], Awaitable[web.StreamResponse]]


@dataclass
class Seen:
    """One request as it arrived: nothing is decoded before it is recorded."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def wire(self) -> str:
        """Everything that arrived, as one text, for leak tests."""
        return "\n".join([self.path, self.query, *map(str, self.headers.items()), self.raw.decode()])


@dataclass
class Upstream:
    """What tests hold in their hands: where it listens, what it saw, and how it answers."""

    base: str = ""
    seen: list[Seen] = field(default_factory=list)
    answer: Answer | None = None
    cut: int = 0  # characters per streamed chunk; 0 sends each text whole
    gone: int = 0  # connections that were cancelled under a running answer

    @property
    def last(self) -> Seen:
        return self.seen[-1]

    async def respond(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        seen = Seen(request.method, request.path, request.query_string, headers, await request.read())
        self.seen.append(seen)
        try:
            return await (self.answer or self.echo)(request, seen)
        except (asyncio.CancelledError, ConnectionError):
            self.gone += 1
            raise

    async def echo(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        if request.path.endswith("/models"):
            return web.json_response({"object": "list", "data": [{"id": "test-model", "object": "model"}]})
        message = last_text(seen.body)
        if seen.body.get("stream"):
            return await stream(request, text_chunks(message, self.cut))
        return web.json_response(completion({"role": "assistant", "content": message}))


def last_text(body: Any) -> str:
    """Return the last message's text, its parts joined."""
    content = body["messages"][-1].get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def completion(message: dict[str, Any], **extra: Any) -> dict[str, Any]:
    """Return a chat completion with one choice."""
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "test-model",
            "choices": [choice], "usage": usage, **extra}


def chunk(delta: dict[str, Any], *, index: int = 0, finish: str | None = None, **extra: Any) -> dict[str, Any]:
    """Return one chunk of a streamed chat completion."""
    choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "test-model",
            "choices": [choice], **extra}


def pieces(text: str, length: int) -> list[str]:
    """Cut ``text`` into pieces of ``length`` characters; 0 leaves it whole."""
    return [text] if not length else [text[i : i + length] for i in range(0, len(text), length)]


def text_chunks(text: str, length: int) -> list[dict[str, Any]]:
    """Return the chunks that stream ``text`` as content."""
    body = [chunk({"content": piece}) for piece in pieces(text, length)]
    return [chunk({"role": "assistant", "content": ""}), *body, chunk({}, finish="stop")]


def sse(events: list[dict[str, Any]], *, done: bool = True) -> bytes:
    """Write events the way OpenAI does."""
    lines = [f"data: {json.dumps(event, ensure_ascii=False)}\n\n" for event in events]
    return "".join([*lines, "data: [DONE]\n\n" if done else ""]).encode()


async def stream(request: web.Request, events: list[dict[str, Any]]) -> web.StreamResponse:
    """Answer with a complete event stream, one write an event."""
    response = web.StreamResponse(headers={"content-type": "text/event-stream"})
    await response.prepare(request)
    for event in events:
        await response.write(sse([event], done=False))
    await response.write(b"data: [DONE]\n\n")
    await response.write_eof()
    return response


async def stream_bytes(request: web.Request, data: bytes, length: int) -> web.StreamResponse:
    """Answer with ``data`` as an event stream, ``length`` bytes a write."""
    response = web.StreamResponse(headers={"content-type": "text/event-stream"})
    await response.prepare(request)
    for start in range(0, len(data), length):
        await response.write(data[start : start + length])
        await asyncio.sleep(0)
    await response.write_eof()
    return response


@asynccontextmanager
async def serving() -> AsyncIterator[Upstream]:
    """Run an upstream on a free port of 127.0.0.1."""
    upstream = Upstream()
    app = web.Application(client_max_size=64 << 20)
    app.router.add_route("*", "/{path:.*}", upstream.respond)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    upstream.base = f"http://{host}:{port}/v1"
    try:
        yield upstream
    finally:
        await runner.cleanup()
