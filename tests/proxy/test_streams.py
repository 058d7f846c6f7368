"""A reply's stream, whole, at every cut and byte by byte: what the client reads is always the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.openai_chat import CHAT
from proxy.errors import UpstreamFailed
from proxy.readback import Readback
from proxy.restore import Issued, Lexicon
from proxy.streams import StreamRewriter
from tests.upstream import chunk, pieces, sse

LEXICON = Lexicon([
    Issued("[PERSON_1]", 'Jörg "Jo" Müller'), Issued("[PERSON_12]", "Anna"), Issued("[EMAIL_1]", "a@x.example"),
])


def restored(stream: list[bytes]) -> bytes:
    restorer = StreamRewriter(CHAT, Readback(LEXICON))
    out = b"".join([restorer.feed(data) for data in stream]) + restorer.flush()
    assert restorer.complete
    return out


def events(data: bytes) -> list[Any]:
    lines = [line.removeprefix("data: ") for line in data.decode().splitlines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def channel(data: bytes, *path: str) -> str:
    """Join what all chunks carry on one channel of the first choice."""
    text = ""
    for event in events(data):
        for choice in event["choices"]:
            value = choice["delta"]
            for step in path:
                value = value.get(step) if isinstance(value, dict) else value[0] if value else None
                value = value[0] if isinstance(value, list) and value else value
            text += value or ""
    return text


TEXT = "An [PERSON_1], [PERSON_12] und person_1 [unbekannt] – [EMAIL_1]"
READ = 'An Jörg "Jo" Müller, Anna und person_1 [unbekannt] – a@x.example'
STREAM = sse([
    chunk({"role": "assistant", "content": ""}),
    *[chunk({"content": piece}) for piece in pieces(TEXT, 5)],
    chunk({}, finish="stop"),
])


def test_whole() -> None:
    assert channel(restored([STREAM]), "content") == READ


def test_at_every_cut_and_byte_by_byte() -> None:
    whole = restored([STREAM])
    for i in range(len(STREAM)):
        assert restored([STREAM[:i], STREAM[i:]]) == whole
    assert restored([STREAM[i : i + 1] for i in range(len(STREAM))]) == whole


@given(st.lists(st.integers(1, 9), min_size=1, max_size=40), st.sampled_from(["content", "refusal", "reasoning_content",
                                                                               "reasoning", "unknown_channel"]))
def test_however_the_model_cuts_its_text(lengths: list[int], name: str) -> None:
    parts, rest = [], TEXT
    for length in lengths:
        parts.append(rest[:length])
        rest = rest[length:]
    stream = sse([*[chunk({name: part}) for part in [*parts, rest]], chunk({}, finish="stop")])
    assert channel(restored([stream]), name) == READ


@given(st.integers(1, 9))
def test_tool_arguments_stay_json(length: int) -> None:
    arguments = json.dumps({"to": "[PERSON_1]", "note": "[EMAIL_1]"})
    calls = [{"index": 0, "function": {"arguments": piece}} for piece in pieces(arguments, length)]
    stream = sse([*[chunk({"tool_calls": [call]}) for call in calls], chunk({}, finish="tool_calls")])
    read = channel(restored([stream]), "tool_calls", "function", "arguments")
    assert json.loads(read) == {"to": 'Jörg "Jo" Müller', "note": "a@x.example"}


def test_what_is_held_back_comes_before_the_end_of_its_channel() -> None:
    stream = sse([chunk({"content": "am Ende [PERSON_1"}), chunk({}, finish="stop")])
    read = events(restored([stream]))
    assert "".join(e["choices"][0]["delta"].get("content", "") for e in read) == "am Ende [PERSON_1"
    assert read[-1]["choices"][0]["finish_reason"] == "stop"
    assert [e["choices"][0]["finish_reason"] for e in read[:-1]] == [None] * (len(read) - 1)


def test_choices_end_by_themselves() -> None:
    stream = sse([
        chunk({"content": "[PERS"}, index=1), chunk({"content": "[PERS"}, index=0), chunk({}, index=1, finish="stop"),
        chunk({"content": "ON_12]"}, index=0), chunk({}, index=0, finish="stop"),
    ])
    texts = {0: "", 1: ""}
    for event in events(restored([stream])):
        for choice in event["choices"]:
            texts[choice["index"]] += choice["delta"].get("content", "")
    assert texts == {0: "Anna", 1: "[PERS"}


def test_text_in_the_finishing_chunk_itself() -> None:
    stream = sse([chunk({"content": "[PERSON"}), chunk({"content": "_12]s"}, finish="stop")])
    assert channel(restored([stream]), "content") == "Annas"


def test_what_does_not_change_leaves_as_it_came() -> None:
    data = (
        b": comment\r\n\r\n"
        b'data: {"choices": [], "prompt_filter_results": [{"x": 1.10}]}\r\n\r\n'
        b'event: ping\ndata: {"type":  "ping"}\n\n'
        b'data: {"choices":[{"index":0,"finish_reason":"length","content_filter_results":{}}]}\n\n'
        b"data:[DONE]\n\n"
    )
    assert restored([data]) == data


@pytest.mark.parametrize("data", [b"data: {nonsense\n\n", b'data: {"a":1,"a":2}\n\n', b"data: \xff\n\n"])
def test_garbage_is_refused(data: bytes) -> None:
    restorer = StreamRewriter(CHAT, Readback(LEXICON))
    with pytest.raises(UpstreamFailed):
        restorer.feed(data)


def test_a_stream_without_an_end_is_not_complete() -> None:
    restorer = StreamRewriter(CHAT, Readback(LEXICON))
    restorer.feed(sse([chunk({"content": "a"})], done=False))
    restorer.flush()
    assert not restorer.complete


def test_logprobs_are_not_restored() -> None:
    logprobs = {"content": [{"token": "[PERSON_1]", "logprob": -0.1, "bytes": [91], "top_logprobs": []}]}
    event = chunk({"content": "[PERSON_12]"})
    event["choices"][0]["logprobs"] = logprobs
    read = events(restored([sse([event, chunk({}, finish="stop")])]))
    assert read[0]["choices"][0]["logprobs"] == logprobs
    assert read[0]["choices"][0]["delta"]["content"] == "Anna"
