"""A provider for load: it answers at once, costs next to nothing, and streams at the pace it is told.

Run as ``python -m benchmarks.load.upstream PORT``. The body's ``bench`` field tells it how to answer:
``{"chunks": 50, "pause": 0.01}`` streams that many chunks, with so many seconds between them, and ``{"echo": true}``
answers with the last message.
"""

import asyncio
import contextlib
import json
import sys

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "bench",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }, ensure_ascii=False).encode()


def event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "bench", "choices": [choice]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def framed(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


_COMPLETION = completion("Vielen Dank, wir kümmern uns darum.")
_CHUNK = framed(event({"content": "Wort "}))
_END = framed(event({}, "stop")) + framed(b"data: [DONE]\n\n") + b"0\r\n\r\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError), contextlib.closing(writer):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(length(head))
            streamed = b'"stream":true' in body or b'"stream": true' in body
            echoed = b'"echo":true' in body or b'"echo": true' in body
            asked = json.loads(body) if streamed or echoed else {}
            text = asked["messages"][-1]["content"] if echoed else None
            if streamed:
                await stream(writer, asked.get("bench") or {}, text)
            else:
                reply = _COMPLETION if text is None else completion(text)
                writer.write(_HEAD % len(reply) + reply)
            await writer.drain()


def length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line[15:])
    return 0


def pieces(text: str, count: int) -> list[bytes]:
    size = len(text) // count + 1
    return [framed(event({"content": text[at : at + size]})) for at in range(0, len(text), size)]


async def stream(writer: asyncio.StreamWriter, how: dict[str, float], text: str | None) -> None:
    writer.write(_STREAM_HEAD)
    pause, count = how.get("pause", 0), int(how.get("chunks", 20))
    for chunk in [_CHUNK] * count if text is None else pieces(text, count):
        writer.write(chunk)
        if pause:
            await writer.drain()
            await asyncio.sleep(pause)
    writer.write(_END)


async def main(port: int) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", port, limit=1 << 26, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
