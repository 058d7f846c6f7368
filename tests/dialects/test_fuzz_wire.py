"""Ten thousand bodies of each dialect at the wire: no canary upstream, no failure, and what was said with values back.

Hypothesis draws bodies that look much like a dialect's own (its fields and types, in and out of place) by the handful,
with what the provider answers to each; they are posted at once. ``FUZZ_BODIES`` sets their number per dialect.
"""

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from proxy.body import JSON, decode, encode
from proxy.dialects import Dialect
from proxy.dialects.anthropic_messages import MESSAGES
from proxy.dialects.ollama_chat import CHAT as OLLAMA_CHAT
from proxy.dialects.ollama_chat import GENERATE
from proxy.dialects.ollama_embed import EMBED
from proxy.dialects.openai_chat import CHAT
from proxy.dialects.openai_completions import COMPLETIONS
from proxy.dialects.openai_conversations import CONVERSATIONS
from proxy.dialects.openai_embeddings import EMBEDDINGS
from proxy.dialects.openai_files import BATCHES
from proxy.dialects.openai_images import IMAGES
from proxy.dialects.openai_moderations import MODERATIONS
from proxy.dialects.openai_responses import RESPONSES
from proxy.dialects.openai_vector_stores import VECTOR_STORES
from proxy.walk import Leaf, Rules, Treatment
from tests.dialects.light import CANARY, light
from tests.gateway.conftest import Deckname, Reply
from tests.messages import events, wire
from tests.upstream import Seen, pieces, sse, text_chunks

BODIES = int(os.environ.get("FUZZ_BODIES", "10000"))
AT_ONCE = 20
FUZZ = settings(
    max_examples=max(BODIES // AT_ONCE, 1), deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
DIALECTS: dict[str, tuple[Dialect, dict[str, JSON]]] = {
    "/v1/chat/completions": (CHAT, {"model": "m", "messages": []}),
    "/v1/responses": (RESPONSES, {"model": "m"}),
    "/v1/completions": (COMPLETIONS, {"model": "m"}),
    "/v1/embeddings": (EMBEDDINGS, {"model": "m"}),
    "/v1/moderations": (MODERATIONS, {}),
    "/v1/images/generations": (IMAGES, {}),
    "/v1/conversations": (CONVERSATIONS, {}),
    "/v1/batches": (BATCHES, {}),
    "/v1/vector_stores": (VECTOR_STORES, {}),
    "/v1/messages": (MESSAGES, {"model": "m", "messages": []}),
    "/api/chat": (OLLAMA_CHAT, {"model": "m"}),
    "/api/generate": (GENERATE, {"model": "m"}),
    "/api/embed": (EMBED, {"model": "m"}),
}  # fmt: skip
VALUES = ("kanari1@beispiel.example", "kanari2@beispiel.example")
OPAQUE = "x" * 20  # what stands for what was signed or encrypted

# --- requests ---------------------------------------------------------------------------------------------------------

Field = tuple[tuple[str, ...], bool]  # the steps of a path, and whether what stands there passes unseen



def every(words: list[str], most: int, between: str = "") -> st.SearchStrategy[str]:
    """Draw one of all texts of up to ``most`` of these words. One draw is what a whole list of them would cost each."""
    return st.sampled_from([between.join(one) for n in range(most + 1) for one in product(words, repeat=n)])


TEXTS = every([*VALUES, "[EMAIL_1]", "ä ", '"', "\\", "\n", "Herr", "{", "}", "%", "ß😀", "data:a/b;base64,QQ"], 3, " ")
FREE = st.one_of(
    TEXTS, TEXTS, st.lists(TEXTS, max_size=3), st.none() | st.booleans() | st.integers(-9, 9),
    st.builds(lambda key, text: {key: [text], "type": text}, TEXTS, TEXTS),
    TEXTS.map(lambda text: json.dumps({"tief": json.dumps([text])})),
)  # fmt: skip


def fields(rules: Rules | Treatment, steps: tuple[str, ...] = ()) -> Iterator[Field]:
    """Yield every path of a table."""
    if isinstance(rules, Treatment):
        yield steps, rules in (Treatment.OPAQUE, Treatment.SIGNED)
        return
    for name, below in rules.items():
        yield from fields(below, (*steps, name) if name else steps)


def placed(steps: tuple[str, ...], value: JSON) -> JSON:
    """Return the smallest tree with ``value`` at a path."""
    tree, kind = value, ""
    for step in reversed(steps):
        if step.startswith("{"):
            kind = step[1:-1]
            continue
        if kind and isinstance(tree, dict):
            tree = {"type": kind, **tree}
        kind = ""
        tree = [tree] if step == "[]" else {"frei" if step in ("*", "**") else step: tree}
    return {"type": kind, **tree} if kind and isinstance(tree, dict) else tree


def united(one: JSON, other: JSON) -> JSON:
    """Return both trees in one, where they are of the same type; else the first."""
    if isinstance(one, list) and isinstance(other, list):
        same = one and other and _type(one[-1]) == _type(other[0]) and isinstance(one[-1], dict)
        return [*one[:-1], united(one[-1], other[0]), *other[1:]] if same else [*one, *other]
    if isinstance(one, dict) and isinstance(other, dict) and _type(one) == _type(other):
        return {**other, **{key: united(below, other[key]) if key in other else below for key, below in one.items()}}
    return one


def _type(tree: JSON) -> JSON:
    return tree.get("type") if isinstance(tree, dict) else None


def bodies(dialect: Dialect, base: dict[str, JSON]) -> st.SearchStrategy[dict[str, JSON]]:
    known = [*fields(dialect.request.rules)]
    seen = [*(steps for steps, unseen in known if not unseen), ("frei",), ("neues Feld",), (VALUES[0],)]
    unseen = [steps for steps, unseen in known if unseen]
    free = st.tuples(st.sampled_from(seen), FREE)
    one = st.one_of(free, free, free, st.tuples(st.sampled_from(unseen), st.just(OPAQUE))) if unseen else free

    def body(placings: list[tuple[tuple[str, ...], JSON]]) -> dict[str, JSON]:
        tree: JSON = dict(base)
        for steps, value in placings:
            tree = united(tree, placed(steps, value))
        return tree if isinstance(tree, dict) else dict(base)

    return st.lists(one, max_size=4).map(body)


# --- replies ----------------------------------------------------------------------------------------------------------

# Tokens are named by the number of their value; the provider writes those that it got.
SAID = every(["⟨0⟩", "⟨1⟩", " und ", "[EMA", "[EMAIL_7]", "ä", "s", ".", "\n", "email "], 4)
MARK = re.compile("⟨([01])⟩")


def replies(dialect: Dialect) -> st.SearchStrategy[JSON]:
    names = st.sampled_from(sorted({s for steps, _ in fields(dialect.reply.rules) for s in steps if s.isidentifier()}))
    tree = st.recursive(SAID, lambda i: st.lists(i, max_size=3) | st.dictionaries(names, i, max_size=3), max_leaves=6)
    return st.dictionaries(names, tree, max_size=3).map(lambda reply: _without_documents(dialect, reply))


def _without_documents(dialect: Dialect, reply: dict[str, Any]) -> JSON:
    """Leave documents in strings to tests of their own: what a value looks like in them depends on its place."""
    documents = {leaf.path[0] for leaf in dialect.reply.leaves(reply) if leaf.treatment is Treatment.JSON}
    return {key: value for key, value in reply.items() if key not in documents and key not in ("id", "object", "error")}


def filled(tree: JSON, tokens: list[str]) -> Any:
    text = MARK.sub(lambda match: tokens[int(match[1])], encode(tree).decode())
    return decode(text.encode())


def read_back(dialect: Dialect, reply: JSON, tokens: list[str]) -> Any:
    """Return what the client must get: the reply with values in all strings but those that pass as they are."""

    def value(leaf: Leaf) -> str:
        passes = leaf.treatment in (Treatment.ATTACHMENT, Treatment.HASH)
        return leaf.text if passes else MARK.sub(lambda match: VALUES[int(match[1])], leaf.text)

    shown = dialect.reply.rewrite(reply, value)
    return filled(shown, tokens)


def _chunks(text: str, cut: int) -> bytes:
    def chunk(piece: str, finish: str | None = None) -> dict[str, Any]:
        return {"id": "c", "choices": [{"index": 0, "text": piece, "finish_reason": finish}]}

    return sse([*map(chunk, pieces(text, cut)), chunk("", "stop")])


def _deltas(text: str, cut: int) -> bytes:
    place = {"item_id": "i", "output_index": 0, "content_index": 0}
    deltas = [{"type": "response.output_text.delta", **place, "delta": piece} for piece in pieces(text, cut)]
    done = {"type": "response.output_text.done", **place, "text": text}
    said: list[dict[str, Any]] = [*deltas, done, {"type": "response.completed", "response": {}}]
    return wire([{**event, "sequence_number": number} for number, event in enumerate(said)])


def _lines(name: str, text: str, cut: int) -> bytes:
    def line(piece: str, *, done: bool = False) -> dict[str, Any]:
        return {"done": done, **({"response": piece} if name == "response" else {"message": {"content": piece}})}

    return b"".join(encode(each) + b"\n" for each in [*map(line, pieces(text, cut)), line("", done=True)])


@dataclass
class Stream:
    """How a provider streams a text, and how a client joins it."""

    write: Any
    read: Any
    kind: str = "text/event-stream"


STREAMS = {
    "/v1/chat/completions": Stream(
        lambda text, cut: sse(text_chunks(text, cut)), lambda e: e["choices"][0]["delta"].get("content") or ""),
    "/v1/completions": Stream(_chunks, lambda e: e["choices"][0]["text"]),
    "/v1/responses": Stream(_deltas, lambda e: e.get("delta", "")),
    "/v1/messages": Stream(lambda text, cut: wire(events([{"type": "text", "text": text}], cut)),
                           lambda e: e.get("delta", {}).get("text", "")),
    "/api/chat": Stream(lambda text, cut: _lines("content", text, cut), lambda e: e["message"]["content"],
                        "application/x-ndjson"),
    "/api/generate": Stream(lambda text, cut: _lines("response", text, cut), lambda e: e["response"],
                            "application/x-ndjson"),
}  # fmt: skip

# --- the wire ---------------------------------------------------------------------------------------------------------


@dataclass
class Turn:
    """A request, and what the provider says to it: a body, or a text in pieces of ``cut`` characters."""

    body: dict[str, JSON]
    reply: JSON
    text: str
    cut: int


class Provider:
    """Answers each request as its turn says, whose number it bears, with the tokens that came for the values."""

    def __init__(self, path: str) -> None:
        self._stream = STREAMS.get(path)
        self.turns: list[Turn] = []
        self.tokens: dict[int, list[str]] = {}  # by turn, those that came for the values

    async def answer(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        body = decode(seen.raw)
        assert isinstance(body, dict)
        number, given = int(str(body["zug"]).removeprefix("n")), body["werte"]
        assert isinstance(given, list)
        turn, tokens = self.turns[number], [*map(str, given)]
        self.tokens[number] = tokens
        if turn.cut and self._stream:
            written = self._stream.write(filled(turn.text, tokens), turn.cut)
            return web.Response(body=written, content_type=self._stream.kind)
        return web.json_response(body=encode(filled(turn.reply, tokens)))


@dataclass
class Wire:
    """One dialect's path through a light proxy."""

    path: str
    deckname: Deckname
    provider: Provider
    outcomes: Counter[int]

    async def all_hold(self, turns: list[Turn]) -> None:
        self.provider.turns = turns
        self.deckname.upstream.seen.clear()
        await asyncio.gather(*(self.holds(number, turn) for number, turn in enumerate(turns)))
        for seen in self.deckname.upstream.seen:
            assert not CANARY.search(seen.wire), f"A canary left: {seen.wire}"

    async def holds(self, number: int, turn: Turn) -> None:
        stream = STREAMS.get(self.path) if turn.cut else None
        streams = {"stream": stream is not None} if self.path in STREAMS else {}
        sent = encode({**turn.body, **streams, "zug": f"n{number}", "werte": [*VALUES]})
        async with self.deckname.http.post(
            self.deckname.base.removesuffix("/v1") + self.path, data=sent, headers={"content-type": "application/json"}
        ) as response:
            reply = Reply(response.status, dict(response.headers), await response.read())
        self.outcomes[reply.status] += 1
        assert reply.status in (200, 400, 404), f"{reply.status} for {sent.decode()}: {reply.text}"
        if reply.status != 200:
            return
        if stream is None:
            expected = read_back(DIALECTS[self.path][0], turn.reply, self.provider.tokens[number])
            assert decode(reply.raw) == expected, f"{reply.text} for {sent.decode()}"
        else:
            lines = [line.removeprefix("data: ") for line in reply.text.split("\n")]
            said = "".join(stream.read(json.loads(line)) for line in lines if line.startswith("{"))
            assert said == filled(turn.text, [*VALUES]), f"{reply.text} for {sent.decode()}"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", DIALECTS)
def test_bodies_at_the_wire(path: str, tmp_path: Path) -> None:
    dialect, base = DIALECTS[path]
    turns = st.builds(Turn, bodies(dialect, base), replies(dialect), SAID, st.integers(0, 9))

    with asyncio.Runner() as runner:
        proxy = light(tmp_path)
        deckname = runner.run(proxy.__aenter__())
        wire_of = Wire(path, deckname, Provider(path), Counter())
        deckname.upstream.answer = wire_of.provider.answer

        @FUZZ
        @given(st.lists(turns, min_size=AT_ONCE, max_size=AT_ONCE))
        def hold(drawn: list[Turn]) -> None:
            runner.run(wire_of.all_hold(drawn))

        try:
            hold()
        finally:
            runner.run(proxy.__aexit__(None, None, None))
    assert wire_of.outcomes.total() >= BODIES
    assert wire_of.outcomes[200] > BODIES / 3, wire_of.outcomes
