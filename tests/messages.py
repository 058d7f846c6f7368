"""Writes replies the way Anthropic's Messages API does, whole or as named events."""

import json
from typing import Any

from tests.upstream import pieces

Events = list[dict[str, Any]]


def message(content: list[dict[str, Any]], **extra: Any) -> dict[str, Any]:
    """Return a whole reply."""
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-test", "content": content,
            "stop_reason": "end_turn", "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}, **extra}


def events(content: list[dict[str, Any]], length: int = 0) -> Events:
    """Return the events that stream a reply with ``content``, texts in pieces of ``length`` characters."""
    between = [event for index, block in enumerate(content) for event in _block(index, block, length)]
    end = {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
           "usage": {"output_tokens": 1}}
    start = {"type": "message_start", "message": message([], stop_reason=None)}
    return [start, {"type": "ping"}, *between, end, {"type": "message_stop"}]


def _block(index: int, block: dict[str, Any], length: int) -> Events:
    begun: dict[str, dict[str, Any]] = {
        "text": {"text": ""}, "tool_use": {"input": {}}, "thinking": {"thinking": "", "signature": ""}
    }
    empty = begun.get(block["type"], {})
    if "citations" in block:
        empty = {**empty, "citations": []}
    deltas: Events = []
    match block["type"]:
        case "text":
            deltas = [{"type": "text_delta", "text": piece} for piece in pieces(block["text"], length)]
        case "tool_use":
            text = json.dumps(block["input"], ensure_ascii=False)
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in ["", *pieces(text, length)]]
        case "thinking":
            deltas = [{"type": "thinking_delta", "thinking": piece} for piece in pieces(block["thinking"], length)]
            deltas.append({"type": "signature_delta", "signature": block["signature"]})
    cited = [{"type": "citations_delta", "citation": citation} for citation in block.get("citations") or ()]
    return [
        {"type": "content_block_start", "index": index, "content_block": {**block, **empty}},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in [*deltas, *cited]),
        {"type": "content_block_stop", "index": index},
    ]


def wire(reply: Events) -> bytes:
    """Write events, each with its name."""
    return "".join(f"event: {e['type']}\ndata: {json.dumps(e, ensure_ascii=False)}\n\n" for e in reply).encode()


def read(data: bytes) -> Events:
    """Read events back; each must bear its type as its name."""
    frames = [frame.splitlines() for frame in data.decode().split("\n\n") if frame.strip()]
    found = [(name.removeprefix("event: "), json.loads(body.removeprefix("data: "))) for name, body in frames]
    assert [name for name, _ in found] == [event["type"] for _, event in found]
    return [event for _, event in found]


def joined(reply: Events) -> list[dict[str, Any]]:
    """Return the content that the events of a stream add up to."""
    content: list[dict[str, Any]] = []
    for event in reply:
        if event["type"] == "content_block_start":
            content.append(dict(event["content_block"]))
        elif event["type"] == "content_block_delta":
            _add(content[event["index"]], event["delta"])
    for block in content:
        if "partial_json" in block:
            block["input"] = json.loads(block.pop("partial_json"))
    return content


def _add(block: dict[str, Any], delta: dict[str, Any]) -> None:
    for name, value in delta.items():
        if name not in ("type", "citation"):
            block[name] = block.get(name, "") + value
