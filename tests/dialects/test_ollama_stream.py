"""Ollama's lines, however they are cut: the same texts, one object a line, thoughts before the answer."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.dialects.ollama_chat import CHAT, GENERATE
from proxy.errors import Blocked
from proxy.readback import Readback, ToolPolicy
from proxy.restore import Issued, Lexicon
from proxy.streams import StreamRewriter
from tests.upstream import pieces

MAIL, ODD = "erika@beispiel.example", 'Zeile "eins"\nund \\ <zwei> & mehr'
LEXICON = Lexicon([Issued("[EMAIL_1]", MAIL), Issued("[SECRET_1]", ODD)])
THOUGHT, TEXT = "Wem schreiben, [EMAIL_1]? [EMAIL_1", "An [EMAIL_1]: ([SECRET_1]). [EMAIL_1"
RESTORED = (f"Wem schreiben, {MAIL}? {MAIL}", f"An {MAIL}: ({ODD}). {MAIL}")
Lines = list[dict[str, Any]]


def chat(length: int) -> Lines:
    def line(**message: Any) -> dict[str, Any]:
        return {"model": "m", "created_at": "2026-11-22T10:00:00Z", "message": {"role": "assistant", **message},
                "done": False}

    thoughts = [line(content="", thinking=piece) for piece in pieces(THOUGHT, length)]
    call = {"function": {"name": "send", "arguments": {"to": ["[EMAIL_1]"], "[SECRET_1]": "[SECRET_1]", "n": 1}}}
    texts = [line(content=piece) for piece in pieces(TEXT, length)]
    return [*thoughts, *texts, line(content="", tool_calls=[call]), {**line(content=""), "done": True, "eval_count": 9}]


def generate(length: int) -> Lines:
    lines = [{"model": "m", "response": piece, "done": False} for piece in pieces(TEXT, length)]
    thoughts = [{"model": "m", "response": "", "thinking": piece, "done": False} for piece in pieces(THOUGHT, length)]
    return [*thoughts, *lines, {"model": "m", "response": "", "done": True, "context": [1, 2]}]


def wire(lines: Lines) -> bytes:
    """Write lines as Go does, which escapes what could be HTML."""
    escapes = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    return "".join(escapes.get(c, c) for c in text).encode()


def through(dialect: Any, data: bytes, cuts: list[int], tools: ToolPolicy | None = None) -> Lines:
    stream, out = StreamRewriter(dialect, Readback(LEXICON, tools)), b""
    for size in cuts:
        out += stream.feed(data[:size])
        data = data[size:]
    out += stream.feed(data) + stream.flush()
    assert stream.complete
    return [json.loads(line) for line in out.decode().splitlines()]


def said(lines: Lines) -> tuple[str, str]:
    """Return the thoughts and the text, as a client joins them."""
    messages = [line.get("message", line) for line in lines]
    texts = [message.get("content", message.get("response", "")) for message in messages]
    return "".join(message.get("thinking", "") for message in messages), "".join(texts)


def calls(lines: Lines) -> list[Any]:
    return [line["message"]["tool_calls"] for line in lines if "tool_calls" in line["message"]]


@pytest.mark.parametrize("length", [1, 2, 3, 7, 0])
def test_thoughts_and_texts_are_restored(length: int) -> None:
    for dialect, lines in ((CHAT, chat(length)), (GENERATE, generate(length))):
        out = through(dialect, wire(lines), [])
        assert said(out) == RESTORED
        assert [line["done"] for line in out] == [*[False] * (len(out) - 1), True]
        thinks = [bool(line.get("message", line).get("thinking")) for line in out]
        answers = [bool(line.get("message", line).get("content") or line.get("response")) for line in out]
        assert not any(answers[: max(i for i, thought in enumerate(thinks) if thought)])


def test_arguments_are_objects_and_stay_so() -> None:
    arguments = {"to": [MAIL], ODD: ODD, "n": 1}
    assert calls(through(CHAT, wire(chat(3)), [])) == [[{"function": {"name": "send", "arguments": arguments}}]]


@settings(max_examples=100)
@given(st.lists(st.integers(1, 50), max_size=60), st.integers(1, 9))
def test_any_cuts_of_the_bytes_give_the_same(cuts: list[int], length: int) -> None:
    for dialect, lines in ((CHAT, chat(length)), (GENERATE, generate(length))):
        assert through(dialect, wire(lines), cuts) == through(dialect, wire(lines), [])


def test_a_tool_may_be_kept_from_values_or_ends_the_reply() -> None:
    kept = through(CHAT, wire(chat(3)), [], ToolPolicy({"send": "keep"}))
    assert calls(kept)[0][0]["function"]["arguments"]["to"] == ["[EMAIL_1]"]
    with pytest.raises(Blocked):
        through(CHAT, wire(chat(3)), [], ToolPolicy({"send": "block"}))


def test_what_changes_nothing_leaves_as_it_came() -> None:
    data = b'{"model": "m" ,"message":{"role":"assistant","content":"\\u003cb\\u003e"},"done":false}\n'
    assert StreamRewriter(CHAT, Readback(LEXICON)).feed(data) == data
