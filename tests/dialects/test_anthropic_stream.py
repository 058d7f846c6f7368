"""Streamed messages: however they are cut, the blocks are those of the whole reply, and what is signed is untouched."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.dialects.anthropic_messages import MESSAGES
from proxy.errors import Blocked, UpstreamFailed
from proxy.readback import Readback, ToolPolicy
from proxy.restore import Issued, Lexicon
from proxy.streams import StreamRewriter
from tests.bodies import fields, with_value
from tests.messages import Events, events, joined, read, wire

MAIL, NAME, ODD = "erika@beispiel.example", "Moritz Fuchs", 'Zeile "eins"\nund \\ zwei'
LEXICON = Lexicon([Issued("[EMAIL_1]", MAIL), Issued("[PERSON_1]", NAME), Issued("[SECRET_1]", ODD)])
TEXT = "An [EMAIL_1], über [PERSON_1]s Mail ([SECRET_1])."
THOUGHT = {"type": "thinking", "thinking": "Was will [PERSON_1] von [EMAIL_1]?", "signature": "Eq[EMAIL_1]=="}
CONTENT: list[dict[str, Any]] = [
    THOUGHT,
    {"type": "redacted_thinking", "data": "[EMAIL_1]"},
    {"type": "text", "text": TEXT},
    {"type": "tool_use", "id": "toolu_1", "name": "send", "input": {"to": ["[EMAIL_1]"], "[PERSON_1]": "[SECRET_1]"}},
    {"type": "web_search_tool_result", "tool_use_id": "t", "content": [
        {"type": "web_search_result", "title": "Über [PERSON_1]", "url": "https://x.example/", "encrypted_content":
         "[EMAIL_1]"}]},
    {"type": "text", "text": "Nur [EMAIL_1"},
]  # fmt: skip
RESTORED = [
    *CONTENT[:2],
    {"type": "text", "text": f"An {MAIL}, über Moritz Fuchs' Mail ({ODD})."},
    {**CONTENT[3], "input": {"to": [MAIL], NAME: ODD}},
    {**CONTENT[4], "content": [{**CONTENT[4]["content"][0], "title": f"Über {NAME}"}]},
    {"type": "text", "text": "Nur [EMAIL_1"},
]


def restorer(tools: ToolPolicy | None = None) -> StreamRewriter:
    return StreamRewriter(MESSAGES, Readback(LEXICON, tools))


def through(reply: Events, *, cut: int = 0, tools: ToolPolicy | None = None) -> Events:
    stream, data = restorer(tools), wire(reply)
    step = cut or len(data)
    out = [stream.feed(data[i : i + step]) for i in range(0, len(data), step)]
    return read(b"".join([*out, stream.flush()]))


def in_order(reply: Events) -> bool:
    """Whether every block is begun before its deltas and ended after them, one block at a time."""
    opened: int | None = None
    for event in reply:
        match event["type"]:
            case "content_block_start" if opened is None:
                opened = event["index"]
            case "content_block_delta" if opened == event["index"]:
                pass
            case "content_block_stop" if opened == event["index"]:
                opened = None
            case "content_block_start" | "content_block_delta" | "content_block_stop":
                return False
    return opened is None


@pytest.mark.parametrize("length", [1, 2, 3, 5, 8, 13, 0])
def test_the_deltas_add_up_to_the_whole_reply(length: int) -> None:
    whole = Readback(LEXICON).body(MESSAGES.reply, {"content": json.loads(json.dumps(CONTENT))})
    out = through(events(CONTENT, length), cut=7)
    assert isinstance(whole, dict)
    assert in_order(out)
    final = {"type": "text", "text": f"Nur {MAIL}"}  # the end of the text completes the token
    assert joined(out) == whole["content"] == [*RESTORED[:-1], final]


def test_every_cut_of_the_bytes_gives_the_same() -> None:
    reply = events(CONTENT, 4)
    whole, data = through(reply), wire(reply)
    for place in range(0, len(data), 5):
        stream = restorer()
        assert read(stream.feed(data[:place]) + stream.feed(data[place:]) + stream.flush()) == whole
        assert stream.complete


@settings(max_examples=100)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=60), st.integers(1, 9))
def test_any_cuts_of_the_bytes_give_the_same(cuts: list[int], length: int) -> None:
    reply = events(CONTENT, length)
    whole, data, stream, out = through(reply), wire(reply), restorer(), b""
    for size in cuts:
        out += stream.feed(data[:size])
        data = data[size:]
    assert read(out + stream.feed(data) + stream.flush()) == whole


@pytest.mark.parametrize("path", fields("anthropic_messages_events.txt"))
def test_every_text_of_an_event_is_restored(path: str) -> None:
    signed = (".signature", ".thinking", ".data", ".encrypted_content", ".encrypted_index", ".encrypted_stdout",
              "{compaction}.content", "{compaction_delta}.content", "fallback_credit_token", "{base64}.data",
              "{container_upload}.file_id")  # fmt: skip
    event = {**with_value(path, "[EMAIL_1]"), "type": path[1:].partition("}")[0], "index": 0}
    stop = {"type": "content_block_stop", "index": 0}
    stream = restorer()
    out = read(stream.feed(wire([event, stop])) + stream.flush())
    text = json.dumps(out, ensure_ascii=False)
    keeps = path.endswith(signed) and not path.endswith("{text}.data")
    assert (MAIL in text, "[EMAIL_1]" in text) == ((False, True) if keeps else (True, False))


def test_what_changes_nothing_leaves_as_it_came() -> None:
    data = b'event: ping\ndata: {"type": "ping" }\n\n: hello\n\nevent: content_block_delta\ndata: {"type":'
    data += b'"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"[EMAIL_1] \\u00e4"}}\n\n'
    assert restorer().feed(data) == data


def test_a_tool_may_be_kept_from_values_or_ends_the_reply() -> None:
    keep = joined(through(events(CONTENT, 3), tools=ToolPolicy({"send": "keep"})))
    assert keep[3] == CONTENT[3]
    assert keep[2]["text"] == RESTORED[2]["text"]
    with pytest.raises(Blocked):
        through(events(CONTENT, 3), tools=ToolPolicy({"se*": "block"}))


def test_a_refusal_in_the_middle_is_an_event_named_error() -> None:
    stream = restorer()
    begun = stream.feed(wire(events([{"type": "text", "text": "An [EMAIL_1], [EMA"}])[:4]))
    told = read(begun + stream.broken(UpstreamFailed("upstream_stream_cut", "It ended.")))
    assert told[-1]["error"]["type"] == "api_error"
    assert told[-1]["type"] == "error"
    assert joined(told)[0]["text"] == f"An {MAIL}, [EMA"
    assert not stream.complete


def test_an_error_of_the_providers_is_restored_and_ends_the_stream() -> None:
    stream = restorer()
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Zu viel [EMAIL_1]"}}
    assert read(stream.feed(wire([error])))[0]["error"]["message"] == f"Zu viel {MAIL}"
    assert stream.complete
