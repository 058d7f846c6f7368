"""Masked streams of every dialect: what the client joins is what a whole reply would say, at every cut of the bytes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from proxy.dialects import Dialect
from proxy.dialects.anthropic_messages import MESSAGES
from proxy.dialects.ollama_chat import CHAT as OLLAMA
from proxy.dialects.ollama_chat import GENERATE
from proxy.dialects.openai_audio import TRANSCRIPTION
from proxy.dialects.openai_chat import CHAT
from proxy.dialects.openai_completions import COMPLETIONS
from proxy.dialects.openai_responses import RESPONSES
from proxy.errors import Unavailable
from proxy.model_data.known import Known
from proxy.model_data.masking import Masking
from proxy.model_data.replies import Handling, ReplyStream
from proxy.readback import Readback
from proxy.streams import StreamRewriter
from tests.messages import events as message_events
from tests.messages import joined, message, read, wire
from tests.model_data.invented import LEXICON, SAID, SHOWN, People, Trail, reply, service
from tests.upstream import chunk, completion, pieces, sse

Texts = dict[str, Any]
ARGUMENTS = {"an": "erika.s@neu.example", "cc": ["[EMAIL_1]"], "tel": 305550999, "text": SAID}
SHOWN_ARGUMENTS = {"an": "[EMAIL]", "cc": ["moritz.fuchs@firma.example"], "tel": 305550999, "text": SHOWN}


@dataclass
class Case:
    """A dialect's stream of what ``SAID`` says, in deltas of some length, and how a client reads it."""

    dialect: Dialect
    write: Callable[[int], bytes]
    read: Callable[[bytes], Texts]
    shown: Texts


def data(out: bytes) -> list[Any]:
    lines = (line.removeprefix("data: ") for line in out.decode().splitlines())
    return [json.loads(line) for line in lines if line.startswith("{")]


def of_chat(length: int) -> bytes:
    arguments = json.dumps(ARGUMENTS)
    calls = [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in pieces(arguments, length)]
    named = {"tool_calls": [{"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": ""}}]}
    texts = [{name: piece} for name in ("reasoning_content", "content") for piece in pieces(SAID, length)]
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}, *texts, named, *calls]
    return sse([*(chunk(delta) for delta in deltas), chunk({}, finish="tool_calls")])


def read_chat(out: bytes) -> Texts:
    assert out.endswith(b"data: [DONE]\n\n")
    deltas = [event["choices"][0]["delta"] for event in data(out)]
    said = {name: "".join(delta.get(name) or "" for delta in deltas) for name in ("reasoning_content", "content")}
    calls = [call for delta in deltas for call in delta.get("tool_calls", ())]
    return {**said, "arguments": json.loads("".join(call["function"]["arguments"] for call in calls))}


def of_completions(length: int) -> bytes:
    def event(text: str, finish: str | None) -> dict[str, Any]:
        return {"id": "c", "object": "text_completion", "created": 1, "model": "m",
                "choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": finish}]}

    return sse([*(event(piece, None) for piece in pieces(SAID, length)), event("", "stop")])


def of_responses(length: int) -> bytes:
    part = {"type": "output_text", "text": SAID, "annotations": [], "logprobs": []}
    arguments = json.dumps(ARGUMENTS)
    items = [
        {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [part]},
        {"type": "function_call", "id": "f", "call_id": "c", "name": "f", "arguments": arguments},
    ]
    whole = {"id": "resp_1", "object": "response", "model": "m", "output": items, "instructions": "Für Anna Vogel"}
    text = {"item_id": "m", "output_index": 0, "content_index": 0}
    call = {"item_id": "f", "output_index": 1}
    said: list[dict[str, Any]] = [
        {"type": "response.created", "response": {**whole, "output": []}},
        *({"type": "response.output_text.delta", **text, "delta": piece} for piece in pieces(SAID, length)),
        {"type": "response.output_text.done", **text, "text": SAID},
        {"type": "response.content_part.done", **text, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": items[0]},
        *({"type": "response.function_call_arguments.delta", **call, "delta": p} for p in pieces(arguments, length)),
        {"type": "response.function_call_arguments.done", **call, "arguments": arguments},
        {"type": "response.output_item.done", "output_index": 1, "item": items[1]},
        {"type": "response.completed", "response": whole},
    ]
    return wire([{**event, "sequence_number": n} for n, event in enumerate(said)])


def read_responses(out: bytes) -> Texts:
    found = read(out)
    assert [event["sequence_number"] for event in found] == list(range(len(found)))
    deltas = {kind: "".join(e["delta"] for e in found if e["type"] == f"response.{kind}.delta")
              for kind in ("output_text", "function_call_arguments")}  # fmt: skip
    by_type = {event["type"]: event for event in found}
    assert by_type["response.output_text.done"]["text"] == deltas["output_text"]
    assert by_type["response.content_part.done"]["part"]["text"] == deltas["output_text"]
    assert by_type["response.function_call_arguments.done"]["arguments"] == deltas["function_call_arguments"]
    text, call = by_type["response.completed"]["response"]["output"]
    assert text["content"][0]["text"] == deltas["output_text"]
    assert call["arguments"] == deltas["function_call_arguments"]
    assert by_type["response.completed"]["response"]["instructions"] == "Für Anna Vogel"
    return {"text": deltas["output_text"], "arguments": json.loads(deltas["function_call_arguments"])}


def of_messages(length: int) -> bytes:
    thought = {"type": "thinking", "thinking": SAID, "signature": "c2ln"}
    use = {"type": "tool_use", "id": "t", "name": "f", "input": ARGUMENTS}
    return wire(message_events([thought, {"type": "text", "text": SAID}, use], length))


def read_messages(out: bytes) -> Texts:
    thought, text, use = joined(read(out))
    thinking = {name: thought[name] for name in ("thinking", "signature")}
    return {**thinking, "text": text["text"], "input": use["input"]}


def of_ollama(length: int) -> bytes:
    lines: list[dict[str, Any]] = [{"message": {"role": "assistant", "content": p}} for p in pieces(SAID, length)]
    lines += [{"message": {"role": "assistant", "content": "", "thinking": piece}} for piece in pieces(SAID, length)]
    called = [{"function": {"name": "f", "arguments": ARGUMENTS}}]
    lines.append({"message": {"role": "assistant", "content": "", "tool_calls": called}})
    every = [{"model": "m", **line, "done": False} for line in lines]
    end = {"model": "m", "message": {"role": "assistant", "content": ""}, "done": True}
    return "".join(json.dumps(line) + "\n" for line in (*every, end)).encode()


def read_ollama(out: bytes) -> Texts:
    messages = [line["message"] for line in data(out)]
    calls = [call for each in messages for call in each.get("tool_calls", ())]
    said = {name: "".join(each.get(name, "") for each in messages) for name in ("thinking", "content")}
    return {**said, "arguments": calls[0]["function"]["arguments"]}


def of_generate(length: int) -> bytes:
    lines = [{"model": "m", "response": piece, "done": False} for piece in pieces(SAID, length)]
    return "".join(json.dumps(line) + "\n" for line in (*lines, {"model": "m", "response": "", "done": True})).encode()


def of_transcript(length: int) -> bytes:
    deltas = [{"type": "transcript.text.delta", "delta": piece} for piece in pieces(SAID, length)]
    return sse([*deltas, {"type": "transcript.text.done", "text": SAID}], done=False)


def read_transcript(out: bytes) -> Texts:
    *deltas, done = data(out)
    assert "".join(event["delta"] for event in deltas) == done["text"]
    return {"text": done["text"]}


CASES = {
    "chat": Case(CHAT, of_chat, read_chat,
                 {"reasoning_content": SHOWN, "content": SHOWN, "arguments": SHOWN_ARGUMENTS}),
    "completions": Case(COMPLETIONS, of_completions,
                        lambda out: {"text": "".join(e["choices"][0]["text"] for e in data(out))}, {"text": SHOWN}),
    "responses": Case(RESPONSES, of_responses, read_responses, {"text": SHOWN, "arguments": SHOWN_ARGUMENTS}),
    "messages": Case(MESSAGES, of_messages, read_messages,
                     {"thinking": SAID, "signature": "c2ln", "text": SHOWN, "input": SHOWN_ARGUMENTS}),
    "ollama": Case(OLLAMA, of_ollama, read_ollama,
                   {"thinking": SHOWN, "content": SHOWN, "arguments": SHOWN_ARGUMENTS}),
    "generate": Case(GENERATE, of_generate,
                     lambda out: {"text": "".join(line["response"] for line in data(out))}, {"text": SHOWN}),
    "transcript": Case(TRANSCRIPTION, of_transcript, read_transcript, {"text": SHOWN}),
}  # fmt: skip
EVERY = pytest.mark.parametrize("name", CASES)


def masked(dialect: Dialect, detector: People | None = None) -> ReplyStream:
    readback = Readback(LEXICON)
    return reply(service(detector=detector), readback).stream(dialect, readback, None)


async def through(stream: ReplyStream, parts: list[bytes]) -> bytes:
    out = b"".join([await stream.feed(part) for part in parts]) + await stream.flush()
    assert stream.complete
    return out


@EVERY
@pytest.mark.parametrize("length", [0, 1, 3, 50])
async def test_a_masked_stream_says_what_a_whole_reply_does(name: str, length: int) -> None:
    case = CASES[name]
    out = await through(masked(case.dialect), [case.write(length)])
    assert case.read(out) == case.shown


@EVERY
async def test_bytes_one_by_one_and_every_cut_give_the_same(name: str) -> None:
    case = CASES[name]
    written = case.write(40)
    whole = await through(masked(case.dialect), [written])
    assert await through(masked(case.dialect), [written[i : i + 1] for i in range(len(written))]) == whole
    for cut in range(0, len(written), 101):
        assert await through(masked(case.dialect), [written[:cut], written[cut:]]) == whole


WHOLE: dict[str, tuple[Dialect, Any]] = {
    "chat": (CHAT, completion({"role": "assistant", "content": SAID, "tool_calls": [
        {"id": "c", "type": "function", "function": {"name": "f", "arguments": json.dumps(ARGUMENTS)}}]})),
    "messages": (MESSAGES, message([{"type": "thinking", "thinking": SAID, "signature": "c2ln"},
                                    {"type": "text", "text": SAID}])),
    "ollama": (OLLAMA, {"model": "m", "message": {"role": "assistant", "content": SAID}, "done": True}),
    "items": (RESPONSES, {"object": "list", "data": [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Ich bin Anna Vogel"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": SAID}]}]}),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
async def test_whole_replies(name: str) -> None:
    dialect, body = WHOLE[name]
    readback = Readback(LEXICON)
    given: Any = await reply(readback=readback).body(dialect.reply, readback.body(dialect.reply, body))
    match name:
        case "chat":
            said = given["choices"][0]["message"]
            assert said["content"] == SHOWN
            assert json.loads(said["tool_calls"][0]["function"]["arguments"]) == SHOWN_ARGUMENTS
        case "messages":
            assert given["content"][0] == {"type": "thinking", "thinking": SAID, "signature": "c2ln"}
            assert given["content"][1]["text"] == SHOWN
        case "ollama":
            assert given["message"]["content"] == SHOWN
        case "items":
            assert given["data"][0]["content"][0]["text"] == "Ich bin Anna Vogel"
            assert given["data"][1]["content"][0]["text"] == SHOWN


ERRORS = {"chat": "data: ", "responses": "event: error", "messages": "event: error", "ollama": "{"}


@pytest.mark.parametrize("name", ERRORS)
async def test_a_stream_whose_text_cannot_be_read_ends_without_it(name: str) -> None:
    case, given = CASES[name], b""
    stream = masked(case.dialect, People(patience=3))
    written = case.write(7)
    refused: Unavailable | None = None
    for start in range(0, len(written), 100):
        try:
            given += await stream.feed(written[start : start + 100])
        except Unavailable as error:
            refused = error
            break
    assert refused is not None
    end = stream.broken(refused)
    assert ERRORS[name] in end.decode()
    assert "detector_unavailable" in end.decode()
    assert "neu.example" not in (given + end).decode().replace("thinking", "")
    if name == "responses":
        numbers = [event["sequence_number"] for event in data(given + end)]
        assert numbers == list(range(len(numbers)))


def test_what_waits_too_long_unread_is_not_given() -> None:
    place = {"item_id": "m", "content_index": 0}
    deltas = [("m", 0, "Erika "), *(("n", 1, f"{n} ") for n in range(9))]
    said = [{"type": "response.output_text.delta", **place, "item_id": item, "output_index": index, "delta": delta}
            for item, index, delta in deltas]  # fmt: skip
    masker = StreamRewriter(RESPONSES, Masking(lambda _: True, Known()), most_waiting=3)
    with pytest.raises(Unavailable):
        masker.feed(wire([{**event, "sequence_number": n} for n, event in enumerate(said)]))


async def test_citations_wait_for_their_text_and_move_with_it() -> None:
    text = f"{'Wir prüfen das. ' * 8}Erika Sommerfeld kommt. [PERSON_1] auch【1】. {'Und so weiter. ' * 20}"
    start, end = text.index("[PERSON_1]"), text.index("【1】") + 3
    note = {"type": "url_citation", "start_index": start, "end_index": end, "url": "https://a.example", "title": "A"}
    place = {"item_id": "m", "output_index": 0, "content_index": 0}
    part = {"type": "output_text", "text": text, "annotations": [note]}
    item = {"type": "message", "id": "m", "role": "assistant", "content": [part]}
    before, after = text[: end + 2], text[end + 2 :]
    said: list[dict[str, Any]] = [
        *({"type": "response.output_text.delta", **place, "delta": piece} for piece in pieces(before, 9)),
        {"type": "response.output_text.annotation.added", **place, "annotation_index": 0, "annotation": note},
        *({"type": "response.output_text.delta", **place, "delta": piece} for piece in pieces(after, 9)),
        {"type": "response.output_text.done", **place, "text": text},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": {"id": "r", "object": "response", "output": [item]}},
    ]
    written = wire([{**event, "sequence_number": n} for n, event in enumerate(said)])
    found = read(await through(masked(RESPONSES), [written]))
    shown = "".join(event["delta"] for event in found if event["type"].endswith(".delta"))
    assert shown == text.replace("Erika Sommerfeld", "[PERSON]").replace("[PERSON_1]", "Moritz Fuchs")
    added = next(event["annotation"] for event in found if "annotation" in event)
    last = found[-1]["response"]["output"][0]["content"][0]["annotations"][0]
    for each in (added, last):
        assert shown[each["start_index"] : each["end_index"]] == "Moritz Fuchs auch【1】"
    assert [event["sequence_number"] for event in found] == list(range(len(found)))


async def test_what_looks_like_a_file_in_the_middle_of_a_text_keeps_its_place() -> None:
    deltas = ["Ein Bild: ", "data:image/png;base64,AAAA von Erika Sommerfeld", " und [PERSON_1]"]
    events = [*(chunk({"content": delta}) for delta in deltas), chunk({}, finish="stop")]
    out = data(await through(masked(CHAT), [sse(events)]))
    said = "".join(event["choices"][0]["delta"].get("content", "") for event in out)
    assert said == "Ein Bild: data:image/png;base64,AAAA von [PERSON] und Moritz Fuchs"


async def test_a_resumed_stream_goes_on_as_the_whole_would() -> None:
    case, readback = CASES["responses"], Readback(LEXICON)
    written = case.write(20)
    whole = read(await through(masked(case.dialect), [written]))
    for after in (0, 7, len(whole) - 2):
        resumed = reply(readback=readback).stream(case.dialect, readback, after)
        assert read(await through(resumed, [written])) == whole[after + 1 :]


async def test_probabilities_do_not_spell_out_what_is_masked() -> None:
    logprobs = {"content": [{"token": "Erika", "logprob": -1, "bytes": None, "top_logprobs": []}]}
    event = chunk({"content": "Erika Sommerfeld"})
    event["choices"][0]["logprobs"] = logprobs
    out = await through(masked(CHAT), [sse([event, chunk({}, finish="stop")])])
    assert b"Erika" not in out
    assert data(out)[0]["choices"][0]["logprobs"] is None
    body = completion({"role": "assistant", "content": "Guten Tag"})
    body["choices"][0]["logprobs"] = logprobs
    given: Any = await reply().body(CHAT.reply, body)
    assert given["choices"][0]["logprobs"] is None


async def test_reported_replies_stay_as_they_are_and_are_written_down() -> None:
    trail, readback = Trail(), Readback(LEXICON, listening=True)
    told = reply(service(Handling.REPORT, trail=trail), readback)
    case = CASES["responses"]
    restored = await through(told.stream(case.dialect, readback, None), [case.write(5)])
    plain = StreamRewriter(case.dialect, Readback(LEXICON))
    assert restored == plain.feed(case.write(5)) + plain.flush()
    await told.told(readback.said)
    await told.told(readback.said)
    assert [(event.action, event.actor, event.outcome, event.reason) for event in trail.events] == [
        ("model_data", "web", "done", "EMAIL 2, PERSON 2, PHONE 1"),
    ]


async def test_a_report_that_cannot_be_made_is_no_reply() -> None:
    readback = Readback(LEXICON, listening=True)
    told = reply(service(Handling.REPORT, People(patience=0)), readback)
    with pytest.raises(Unavailable):
        await told.told(["Erika Sommerfeld"])
