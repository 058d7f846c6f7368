"""A provider for load: it answers at once, costs next to nothing, and streams at the pace it is told.

Run as ``python -m benchmarks.load.upstream PORT``. The body's ``bench`` field tells it how to answer:
``{"chunks": 50, "pause": 0.01}`` streams that many chunks, with so many seconds between them.
"""

import asyncio
import contextlib
import json
import sys

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_COMPLETION = json.dumps({
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "bench",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Vielen Dank, wir kümmern uns darum."},
                 "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}, ensure_ascii=False).encode()


def event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "bench", "choices": [choice]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def framed(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


_CHUNK = framed(event({"content": "Wort "}))
_END = framed(event({}, "stop")) + framed(b"data: [DONE]\n\n") + b"0\r\n\r\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError), contextlib.closing(writer):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(length(head))
            if b'"stream":true' in body or b'"stream": true' in body:
                await stream(writer, json.loads(body).get("bench") or {})
            else:
                writer.write(_HEAD % len(_COMPLETION) + _COMPLETION)
            await writer.drain()


def length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line[15:])
    return 0


async def stream(writer: asyncio.StreamWriter, how: dict[str, float]) -> None:
    writer.write(_STREAM_HEAD)
    pause = how.get("pause", 0)
    for _ in range(int(how.get("chunks", 20))):
        writer.write(_CHUNK)
        if pause:
            await writer.drain()
            await asyncio.sleep(pause)
    writer.write(_END)


async def main(port: int) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", port, limit=1 << 26, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
