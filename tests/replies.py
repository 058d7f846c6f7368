"""A provider that answers in whatever dialect it is asked in: it repeats the question, or calls the tool it was given.

What it puts into a tool's arguments or an object is the token of the e-mail address, which a model would copy.
"""

import json
from typing import Any

from aiohttp import web

from tests.messages import events, message, wire
from tests.upstream import Seen, chunk, completion, last_text, pieces, sse, stream_bytes, text_chunks

ARGUMENTS = json.dumps({"mail": "[EMAIL_1]"})
CALL: dict[str, Any] = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": ARGUMENTS}}


async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
    """Answer in the dialect of the path."""
    body = seen.body
    match request.path.rpartition("/")[2]:
        case "embeddings":
            data = [{"object": "embedding", "index": 0, "embedding": "AAAAPwAAAD8="}]
            usage = {"prompt_tokens": 1, "total_tokens": 1}
            return web.json_response({"object": "list", "model": "m", "data": data, "usage": usage})
        case "responses":
            return await _response(request, body)
        case "messages":
            return await _message(request, body)
    return await _completion(request, body)


async def _completion(request: web.Request, body: Any) -> web.StreamResponse:
    call = CALL if body.get("tools") else None
    text = ARGUMENTS if body.get("response_format") else last_text(body)
    if not body.get("stream"):
        reply = {"role": "assistant", "content": text, **({"tool_calls": [call]} if call else {})}
        return web.json_response(completion(reply))
    if call is None:
        return await stream_bytes(request, sse(text_chunks(text, 3)), 50)
    first = chunk({"role": "assistant", "tool_calls": [{"index": 0, **call, "function": {"name": "look_up",
                                                                                        "arguments": ""}}]})
    rest = [chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}) for piece in pieces(ARGUMENTS, 3)]
    return await stream_bytes(request, sse([first, *rest, chunk({}, finish="tool_calls")]), 50)


async def _message(request: web.Request, body: Any) -> web.StreamResponse:
    content: list[dict[str, Any]] = [{"type": "text", "text": last_text(body)}]
    if body.get("tools"):
        content.append({"type": "tool_use", "id": "toolu_1", "name": "look_up", "input": json.loads(ARGUMENTS)})
    if body.get("stream"):
        return await stream_bytes(request, wire(events(content, 3)), 50)
    return web.json_response(message(content))


async def _response(request: web.Request, body: Any) -> web.StreamResponse:
    asked = body["input"] if isinstance(body["input"], str) else body["input"][-1]["content"]
    text = asked if isinstance(asked, str) else "".join(part["text"] for part in asked)
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2, "input_tokens_details": {"cached_tokens": 0},
             "output_tokens_details": {"reasoning_tokens": 0}}
    whole = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": "m", "tools": [],
             "output": [item], "parallel_tool_calls": True, "tool_choice": "auto", "usage": usage, "error": None,
             "incomplete_details": None, "instructions": None, "metadata": {}, "temperature": 1, "top_p": 1}
    if not body.get("stream"):
        return web.json_response(whole)
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "logprobs": []}
    begun = {**item, "status": "in_progress", "content": []}
    said: list[dict[str, Any]] = [
        {"type": "response.created", "response": {**whole, "status": "in_progress", "output": [], "usage": None}},
        {"type": "response.output_item.added", "output_index": 0, "item": begun},
        {"type": "response.content_part.added", **place, "part": {**part, "text": ""}},
        *({"type": "response.output_text.delta", **place, "delta": piece} for piece in pieces(text, 3)),
        {"type": "response.output_text.done", **place, "text": text},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    return await stream_bytes(request, wire([{**e, "sequence_number": n} for n, e in enumerate(said)]), 50)
