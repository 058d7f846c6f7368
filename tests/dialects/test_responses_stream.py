"""Streamed responses: however they are cut, deltas, done events and snapshots say the same, under the same numbers."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.dialects.openai_responses import RESPONSES
from proxy.errors import Blocked, UpstreamFailed
from proxy.readback import Readback, ToolPolicy
from proxy.restore import Issued, Lexicon, restore
from proxy.streams import StreamRewriter
from tests.bodies import fields

MAIL, NAME, ODD = "erika@beispiel.example", "Moritz Fuchs", 'Zeile "eins"\nund \\ zwei'
LEXICON = Lexicon([Issued("[EMAIL_1]", MAIL), Issued("[PERSON_1]", NAME), Issued("[SECRET_1]", ODD)])
TEXT = "An [EMAIL_1], über [PERSON_1]s Mail ([SECRET_1]). [EMA"
JSON_TEXT = json.dumps({"to": "[EMAIL_1]", "text": "[SECRET_1]"})
Events = list[dict[str, Any]]


def numbered(events: Events) -> Events:
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def wire(events: Events) -> bytes:
    lines = (f"event: {e['type']}\ndata: {json.dumps(e, ensure_ascii=False)}\n\n" for e in events)
    return "".join(lines).encode()


def parsed(data: bytes) -> Events:
    return [json.loads(line[6:]) for line in data.decode().splitlines() if line.startswith("data: ")]


def through(events: Events, *, cut: int = 0, after: int | None = None, tools: ToolPolicy | None = None) -> Events:
    restorer = StreamRewriter(RESPONSES, Readback(LEXICON, tools), after=after)
    data = wire(numbered(events))
    step = cut or len(data)
    out = b"".join(restorer.feed(data[i : i + step]) for i in range(0, len(data), step)) + restorer.flush()
    return parsed(out)


# The delta and the done event of everything that is streamed, and the field of the latter that holds the whole.
STREAMED = {
    "response.output_text": "text",
    "response.refusal": "refusal",
    "response.reasoning_text": "text",
    "response.reasoning_summary_text": "text",
    "response.function_call_arguments": "arguments",
    "response.mcp_call_arguments": "arguments",
    "response.custom_tool_call_input": "input",
    "response.code_interpreter_call_code": "code",
    "response.shell_call_command": "command",
    "response.audio.transcript": "",
}


def of(base: str) -> str:
    return JSON_TEXT if base.endswith("_arguments") else TEXT


def restored(base: str) -> str:
    return restore(LEXICON, of(base), json_string=base.endswith("_arguments"))


def stream(base: str, length: int) -> Events:
    place = {"item_id": "i_1", "output_index": 0, "content_index": 0}
    text, field = of(base), STREAMED[base]
    deltas = [{"type": f"{base}.delta", **place, "delta": text[i : i + length]} for i in range(0, len(text), length)]
    done = {"type": f"{base}.done", **place, **({field: text} if field else {})}
    return [{"type": "response.created", "response": {"id": "r"}}, *deltas, done,
            {"type": "response.completed", "response": {"id": "r", "output": []}}]


@pytest.mark.parametrize("length", [1, 2, 3, 5, 8, 13, 1000])
@pytest.mark.parametrize("base", STREAMED)
def test_deltas_are_what_done_says_under_unbroken_numbers(base: str, length: int) -> None:
    given_events = stream(base, length)
    out = through(given_events, cut=7)
    assert [e["sequence_number"] for e in out] == list(range(len(given_events)))
    assert [e["type"] for e in out] == [e["type"] for e in given_events]
    whole = "".join(e["delta"] for e in out if e["type"].endswith(".delta"))
    assert whole == restored(base)
    if STREAMED[base]:
        assert out[-2][STREAMED[base]] == whole


@pytest.mark.parametrize("base", STREAMED)
def test_every_cut_of_the_bytes_gives_the_same(base: str) -> None:
    events = stream(base, 4)
    whole = through(events)
    data = wire(numbered(events))
    for place in range(0, len(data), 3):
        restorer = StreamRewriter(RESPONSES, Readback(LEXICON))
        out = restorer.feed(data[:place]) + restorer.feed(data[place:]) + restorer.flush()
        assert parsed(out) == whole
        assert restorer.complete


def vectors() -> Iterator[tuple[str, list[str]]]:
    for line in fields("openai_responses_events.txt"):
        kind, _, names = line.partition(" | ")
        yield kind, [name.split(":")[0].strip() for name in names.split(",") if name.strip()]


PARTS: dict[str, Any] = {
    "response": {
        "id": "r", "instructions": TEXT, "metadata": {"a": TEXT}, "tools": [{"type": "function", "description": TEXT}],
        "output": [
            {"type": "message", "content": [{"type": "output_text", "text": TEXT}]},
            {"type": "function_call", "name": "f", "arguments": JSON_TEXT},
            {"type": "mcp_call", "arguments": JSON_TEXT, "output": TEXT},
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": TEXT}], "encrypted_content": TEXT},
            {"type": "shell_call", "action": {"commands": [TEXT]}},
            {"type": "web_search_call", "action": {"type": "search", "query": TEXT}},
        ],
    },
    "item": {"type": "custom_tool_call", "name": "f", "input": TEXT},
    "part": {"type": "output_text", "text": TEXT},
    "annotation": {"type": "url_citation", "title": TEXT, "start_index": 3, "end_index": 12},
    "output": [{"stdout": TEXT, "stderr": TEXT}],
}
OPAQUE = {"partial_image_b64", "obfuscation", "item_id", "logprobs", "status"}


def values(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key not in ("encrypted_content", "type", "id", "name"):
                yield from values(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from values(value)
    elif isinstance(tree, str):
        yield tree


@pytest.mark.parametrize(("kind", "names"), [*vectors()], ids=lambda v: v if isinstance(v, str) else "")
def test_every_event_of_the_specification_is_restored(kind: str, names: list[str]) -> None:
    texts = [name for name in names if name not in OPAQUE and kind != "response.audio.delta"]
    plain = JSON_TEXT if "arguments" in kind else TEXT
    parts = {name: PARTS.get(name, plain) for name in texts}
    event = {"type": kind, "output_index": 0, "content_index": 0, **parts}
    if "delta" in parts and kind == "response.shell_call_output_content.delta":
        event["delta"] = {"stdout": TEXT, "stderr": TEXT}
    end = {"type": "response.completed", "response": {"id": "r", "output": []}}
    [out, *_] = through([event, end], cut=5)
    found = [*values({name: out[name] for name in texts})]
    assert bool(found) == bool(texts)
    for text in found:
        assert json.loads(text) == {"to": MAIL, "text": ODD} if text.startswith("{") else MAIL in text and ODD in text
    if kind == "response.completed":
        assert out["response"]["output"][3]["encrypted_content"] == TEXT


WORDS = ["[EMAIL_1]", "[PERSON_1]", "[EMA", "[", "\\", " ", "P", "EMAIL_", "ä", '"', "s"]


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.integers(1, 9), st.integers(0, 2))
@settings(deadline=None)
def test_any_text_in_any_pieces_agrees_with_itself(words: list[str], length: int, others: int) -> None:
    text = "".join(words)
    place = {"item_id": "i", "output_index": 0, "content_index": 0}
    events: Events = []
    for i in range(0, len(text), length):
        events.append({"type": "response.output_text.delta", **place, "delta": text[i : i + length]})
        events += [{**events[-1], "output_index": n + 1, "delta": "[EM"} for n in range(others)]
    events.append({"type": "response.output_text.done", **place, "text": text})
    part = {"type": "output_text", "text": text}
    events.append({"type": "response.completed", "response": {"output": [{"type": "message", "content": [part]}]}})
    out = through(events, cut=11)
    assert [e["sequence_number"] for e in out] == list(range(len(events)))
    deltas = "".join(e["delta"] for e in out if e["type"].endswith("delta") and e["output_index"] == 0)
    assert deltas == out[-2]["text"] == out[-1]["response"]["output"][0]["content"][0]["text"]


@pytest.mark.parametrize("after", range(0, 60, 3))
def test_a_stream_resumed_in_the_middle_of_a_token_goes_on_where_it_was(after: int) -> None:
    events = stream("response.output_text", 2)
    assert through(events, after=after) == through(events)[after + 1 :]


def test_offsets_of_citations_move_with_their_text() -> None:
    text = "Laut [EMAIL_1] und [PERSON_1] stimmt es."
    place = {"item_id": "i", "output_index": 0, "content_index": 0}
    begin, end = text.index("[PERSON_1]"), text.index(" stimmt")
    note = {"type": "url_citation", "url": "u", "title": "t", "start_index": begin, "end_index": end}
    part = {"type": "output_text", "text": text, "annotations": [note, {"type": "file_citation", "index": end}]}
    events: Events = [
        {"type": "response.output_text.delta", **place, "delta": text[:20]},
        {"type": "response.output_text.delta", **place, "delta": text[20:]},
        {"type": "response.output_text.annotation.added", **place, "annotation_index": 0, "annotation": note},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.completed", "response": {"output": [{"type": "message", "content": [part]}]}},
    ]
    out = through(events)
    whole = out[3]["part"]["text"]
    for each in (out[2]["annotation"], out[3]["part"]["annotations"][0]):
        assert whole[each["start_index"] : each["end_index"]] == NAME
    assert whole[: out[3]["part"]["annotations"][1]["index"]].endswith(NAME)
    assert out[4]["response"]["output"][0]["content"] == [out[3]["part"]]


def test_probabilities_stay_those_of_the_tokens() -> None:
    logprobs = [{"token": "[EMAIL_1]", "logprob": -0.1, "bytes": [91], "top_logprobs": []}]
    place = {"item_id": "i", "output_index": 0, "content_index": 0}
    part = {"type": "output_text", "text": "[EMAIL_1]", "logprobs": logprobs}
    out = through([{"type": "response.output_text.delta", **place, "delta": "[EMAIL_1]", "logprobs": logprobs},
                   {"type": "response.content_part.done", **place, "part": part}])
    assert (out[0]["delta"], out[0]["logprobs"]) == (MAIL, logprobs)
    assert (out[1]["part"]["text"], out[1]["part"]["logprobs"]) == (MAIL, logprobs)


CALL = {"type": "function_call", "name": "post_publicly", "call_id": "c", "arguments": ""}


def call_events() -> Events:
    place = {"item_id": "i", "output_index": 2}
    return [
        {"type": "response.output_item.added", "output_index": 2, "item": CALL},
        *({"type": "response.function_call_arguments.delta", **place, "delta": c} for c in JSON_TEXT),
        {"type": "response.function_call_arguments.done", **place, "arguments": JSON_TEXT},
        {"type": "response.output_item.done", "output_index": 2, "item": {**CALL, "arguments": JSON_TEXT}},
        {"type": "response.completed", "response": {"output": [{**CALL, "arguments": JSON_TEXT}]}},
    ]


def test_a_tool_may_be_given_tokens_only() -> None:
    out = through(call_events(), tools=ToolPolicy({"post_*": "keep"}))
    assert "".join(e["delta"] for e in out if e["type"].endswith("delta")) == JSON_TEXT
    assert (out[-3]["arguments"], out[-2]["item"]["arguments"]) == (JSON_TEXT, JSON_TEXT)
    assert out[-1]["response"]["output"][0]["arguments"] == JSON_TEXT
    out = through(call_events(), tools=ToolPolicy({"other": "keep"}))
    assert json.loads(out[-3]["arguments"])["to"] == MAIL


def test_a_tool_may_be_forbidden_to_be_given_personal_data() -> None:
    with pytest.raises(Blocked, match="post_publicly"):
        through(call_events(), tools=ToolPolicy({"post_publicly": "block"}))
    harmless = json.loads(json.dumps(call_events()).replace("[EMAIL_1]", "x").replace("[SECRET_1]", "y"))
    events = [e for e in harmless if not e["type"].endswith("delta")]
    assert through(events, tools=ToolPolicy({"post_publicly": "block"}))


def test_a_broken_stream_says_so_under_the_next_number() -> None:
    restorer = StreamRewriter(RESPONSES, Readback(LEXICON))
    events = numbered(stream("response.output_text", 9))[:-2]
    out = restorer.feed(wire(events)) + restorer.broken(UpstreamFailed("upstream_broken", "Broken."))
    last = parsed(out)[-1]
    assert "".join(e["delta"] for e in parsed(out)[1:-1]) == restored("response.output_text")
    assert (last["type"], last["code"], last["sequence_number"]) == ("error", "upstream_broken", len(events))
    assert b"event: error\n" in out


def test_nothing_waits_for_ever_behind_an_event_whose_channel_never_ends() -> None:
    place = {"item_id": "i", "output_index": 0, "content_index": 0}
    events = numbered([
        {"type": "response.output_text.delta", **place, "delta": "und [EMA"},
        *({"type": "response.output_text.delta", **place, "output_index": 1, "delta": "ja "} for _ in range(80)),
    ])
    restorer = StreamRewriter(RESPONSES, Readback(LEXICON))
    out = parsed(b"".join(restorer.feed(wire([event])) for event in events))
    assert [e["sequence_number"] for e in out] == list(range(81))
    assert out[0]["delta"] == "und [EMA"


def test_a_blocked_call_ends_the_stream_with_an_error_and_no_value() -> None:
    restorer = StreamRewriter(RESPONSES, Readback(LEXICON, ToolPolicy({"post_*": "block"})))
    with pytest.raises(Blocked) as caught:
        restorer.feed(wire(numbered(call_events())))
    out = restorer.broken(caught.value)
    assert parsed(out)[-1]["code"] == "tool_blocked"
    assert MAIL.encode() not in out
