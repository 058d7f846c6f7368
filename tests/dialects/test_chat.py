"""What of chat completions is restored, and how: every field, every cut, citations, probabilities, tools, stops."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.body import decode
from proxy.dialects.openai_chat import CHAT
from proxy.errors import Blocked
from proxy.readback import Readback, ToolPolicy
from proxy.restore import Issued, Lexicon, restore
from proxy.streams import StreamRewriter
from tests.bodies import fields, with_value
from tests.upstream import chunk, completion, sse

MAIL, NAME = "erika@beispiel.example", "Moritz Fuchs"
LEXICON = Lexicon([Issued("[EMAIL_1]", MAIL), Issued("[PERSON_1]", NAME)])
TEXT = "An [EMAIL_1], über [PERSON_1]. [EMA"
Events = list[dict[str, Any]]


def through(events: Events, *, cut: int = 0, tools: ToolPolicy | None = None) -> Events:
    restorer = StreamRewriter(CHAT, Readback(LEXICON, tools))
    data = sse(events)
    step = cut or len(data)
    out = b"".join(restorer.feed(data[i : i + step]) for i in range(0, len(data), step)) + restorer.flush()
    assert restorer.complete
    lines = [line[6:] for line in out.decode().splitlines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def whole(body: Any, tools: ToolPolicy | None = None) -> Any:
    return Readback(LEXICON, tools).body(CHAT.reply, decode(json.dumps(body).encode()))


KEPT = ("logprobs.content[].token", "top_logprobs[].token", "refusal[].token", "audio.data", ".obfuscation")


@pytest.mark.parametrize("line", fields("openai_chat_replies.txt"))
def test_every_field_of_the_specification_is_restored(line: str) -> None:
    where, path = line.split()
    value = json.dumps({"a": "[EMAIL_1]"}) if path.endswith("arguments") else "[EMAIL_1]"
    body = with_value(path, value)
    got = json.dumps(whole(body) if where == "reply" else through([body], cut=9)[0])
    assert (MAIL in got) != path.endswith(KEPT)
    assert ("[EMAIL_1]" in got) == path.endswith(KEPT)


CHANNELS: list[dict[str, Any]] = [
    {"content": "X"}, {"refusal": "X"}, {"reasoning": "X"}, {"reasoning_content": "X"},
    {"reasoning_details": [{"type": "reasoning.text", "text": "X", "index": 0}]}, {"audio": {"transcript": "X"}},
    {"tool_calls": [{"index": 0, "function": {"arguments": "X"}}]}, {"function_call": {"arguments": "X"}},
    {"tool_calls": [{"index": 2, "custom": {"input": "X"}}]},
]  # fmt: skip


def filled(template: Any, text: str) -> Any:
    return json.loads(json.dumps(template).replace('"X"', json.dumps(text)))


def text_in(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(text_in(v) for k, v in value.items() if k != "type")
    return "".join(map(text_in, value)) if isinstance(value, list) else value if isinstance(value, str) else ""


@pytest.mark.parametrize("length", [1, 2, 3, 4, 7, 1000])
@pytest.mark.parametrize("template", CHANNELS, ids=lambda t: next(iter(t)))
def test_every_channel_at_every_cut(template: dict[str, Any], length: int) -> None:
    deltas = [filled(template, TEXT[i : i + length]) for i in range(0, len(TEXT), length)]
    out = through([*map(chunk, deltas), chunk({}, finish="stop")], cut=5)
    json_string = "arguments" in json.dumps(template)
    assert "".join(text_in(e["choices"][0]["delta"]) for e in out) == restore(LEXICON, TEXT, json_string=json_string)


def test_offsets_of_citations_move_with_their_text() -> None:
    text = "Laut [EMAIL_1] und [PERSON_1] stimmt es."
    place = {"start_index": text.index("[PERSON_1]"), "end_index": text.index(" stimmt"), "url": "u", "title": "t"}
    note = {"type": "url_citation", "url_citation": place}
    message = whole(completion({"content": text, "annotations": [note]}))["choices"][0]["message"]
    moved = message["annotations"][0]["url_citation"]
    assert message["content"][moved["start_index"] : moved["end_index"]] == NAME
    out = through([chunk({"content": text[:9]}), chunk({"content": text[9:]}), chunk({"annotations": [note]}),
                   chunk({}, finish="stop")])
    assert out[2]["choices"][0]["delta"]["annotations"][0]["url_citation"] == moved
    at_once = through([chunk({"content": text, "annotations": [note]}), chunk({}, finish="stop")])
    assert at_once[0]["choices"][0]["delta"]["annotations"][0]["url_citation"] == moved


@given(st.text("aß [EMAIL_1]", max_size=40), st.integers(0, 45), st.integers(0, 45))
def test_offsets_never_leave_the_text(text: str, start: int, end: int) -> None:
    place = {"start_index": min(start, end, len(text)), "end_index": min(max(start, end), len(text))}
    note = {"type": "url_citation", "url_citation": dict(place)}
    message = whole(completion({"content": text, "annotations": [note]}))["choices"][0]["message"]
    moved = message["annotations"][0]["url_citation"]
    assert 0 <= moved["start_index"] <= moved["end_index"] <= len(message["content"])
    if "[EMAIL_1]" not in text.upper():
        assert message["content"] != text or moved == place


def test_probabilities_stay_those_of_the_tokens() -> None:
    logprobs = {"content": [{"token": "[EMAIL_1]", "logprob": -0.1, "bytes": [91], "top_logprobs": []}]}
    event = chunk({"content": "[EMAIL_1]"})
    event["choices"][0]["logprobs"] = logprobs
    [out, _] = through([event, chunk({}, finish="stop")])
    assert (out["choices"][0]["delta"]["content"], out["choices"][0]["logprobs"]) == (MAIL, logprobs)


def call(arguments: str, name: str = "post_publicly") -> dict[str, Any]:
    return {"index": 0, "id": "c", "type": "function", "function": {"name": name, "arguments": arguments}}


ARGUMENTS = json.dumps({"to": "[EMAIL_1]"})


def streamed_call(arguments: str) -> Events:
    pieces = [{"index": 0, "function": {"arguments": c}} for c in arguments]
    return [chunk({"tool_calls": [call("")]}), *(chunk({"tool_calls": [p]}) for p in pieces), chunk({}, finish="stop")]


@pytest.mark.parametrize(("action", "to"), [("restore", MAIL), ("keep", "[EMAIL_1]")])
def test_a_tool_gets_values_or_tokens(action: str, to: str) -> None:
    policy = ToolPolicy({"other": "block", "post_*": action})
    reply = whole(completion({"content": "[EMAIL_1]", "tool_calls": [call(ARGUMENTS)]}), policy)
    message = reply["choices"][0]["message"]
    assert message["content"] == MAIL
    assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == {"to": to}
    out = through(streamed_call(ARGUMENTS), cut=13, tools=policy)
    deltas = [call for e in out for call in e["choices"][0]["delta"].get("tool_calls", [])]
    assert json.loads("".join(each["function"].get("arguments", "") for each in deltas)) == {"to": to}


def test_a_tool_may_be_forbidden_to_be_given_personal_data() -> None:
    policy = ToolPolicy({"post_*": "block"})
    with pytest.raises(Blocked):
        whole(completion({"tool_calls": [call(ARGUMENTS)]}), policy)
    with pytest.raises(Blocked):
        through(streamed_call(ARGUMENTS), tools=policy)
    assert whole(completion({"tool_calls": [call("{}")]}), policy)
    assert through(streamed_call("{}"), tools=policy)


@given(st.lists(st.sampled_from(["[EMAIL_1]", "[PERSON_1]", "[EMA", "[", " ", "P", "EMAIL_", "ä", "s"]), max_size=12),
       st.integers(1, 9), st.integers(1, 3))  # fmt: skip
@settings(deadline=None)
def test_any_text_of_any_number_of_choices_in_any_pieces(words: list[str], length: int, choices: int) -> None:
    text = "".join(words)
    pieces = [text[i : i + length] for i in range(0, len(text), length)]
    events = [chunk({"content": piece}, index=n) for piece in pieces for n in range(choices)]
    out = through([*events, *(chunk({}, index=n, finish="stop") for n in range(choices))], cut=17)
    for n in range(choices):
        deltas = [c["delta"].get("content", "") for e in out for c in e["choices"] if c["index"] == n]
        assert "".join(deltas) == restore(LEXICON, text)
