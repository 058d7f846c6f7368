"""Random bodies in every dialect: no canary leaves, nothing fails, and what is echoed comes back as it was written."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
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
from proxy.dialects.openai_responses import RESPONSES
from proxy.filling import Filling
from proxy.walk import Leaf, Rules, Treatment
from tests.gateway.conftest import Deckname, Reply
from tests.messages import events, message, wire
from tests.upstream import Seen, completion, pieces, sse, text_chunks

DIALECTS = {
    "chat": CHAT, "responses": RESPONSES, "completions": COMPLETIONS, "embeddings": EMBEDDINGS, "messages": MESSAGES,
    "conversations": CONVERSATIONS, "ollama_chat": OLLAMA_CHAT, "ollama_generate": GENERATE, "ollama_embed": EMBED,
}  # fmt: skip
CANARIES = ("kanari.vogel@beispiel.example", "DE89 3704 0044 0532 0130 00", "+49 30 901820")
BODIES = 10_000
OPAQUE = "x" * 20  # what stands in a random body for what a provider signed or encrypted


@dataclass
class Random:
    """Draws bodies that look much like a dialect's own: its field names and types, in and out of place."""

    dialect: Dialect
    draw: random.Random

    def body(self) -> JSON:
        return {self.key(name): self.value(rules, 4) for name, rules in self.some(self.dialect.request.rules)}

    def some(self, rules: Rules) -> list[tuple[str, Any]]:
        named = [(name, below) for name, below in rules.items() if name not in ("", "[]", "*", "**")]
        chosen = self.draw.sample(named, min(len(named), self.draw.randint(0, 4)))
        return [*chosen, ("frei", Treatment.TEXT)] if self.draw.random() < 0.3 else chosen

    def key(self, name: str) -> str:
        if name.startswith("{"):
            return "type"
        return f"{name} {self.draw.choice(CANARIES)}" if self.draw.random() < 0.05 else name

    def value(self, rules: Any, depth: int) -> JSON:
        if isinstance(rules, dict) and rules.get("**") is Treatment.OPAQUE:
            return {"key": OPAQUE}
        if depth == 0 or not isinstance(rules, dict) or self.draw.random() < 0.1:
            return self.leaf(rules, depth)
        if "[]" in rules and self.draw.random() < 0.9:
            return [self.value(rules["[]"], depth - 1) for _ in range(self.draw.randint(1, 2))]
        out: dict[str, JSON] = {}
        for name, below in self.some(rules):
            if name.startswith("{"):
                out["type"] = name[1:-1]
                out |= {self.key(n): self.value(b, depth - 1) for n, b in self.some(below) if isinstance(below, dict)}
            else:
                out[self.key(name)] = self.value(below, depth - 1)
        return out

    def leaf(self, rules: Any, depth: int) -> JSON:
        if rules is Treatment.OPAQUE or (isinstance(rules, dict) and rules.get("") is Treatment.OPAQUE):
            return OPAQUE
        match self.draw.randint(0, 9):
            case 0:
                return self.draw.choice((None, True, 7, 1.5))
            case 1 if depth:
                return {self.draw.choice(CANARIES): [self.text()], "type": self.text()}
            case 2:
                return json.dumps({"tief": json.dumps({self.draw.choice(CANARIES): self.text()})})
        return self.text()

    def text(self) -> str:
        words = [self.draw.choice(("Herr", "an", "[EMAIL_1]", '"', "\\", "\n", "ß", *CANARIES)) for _ in range(3)]
        return " ".join(words)


def bodies(name: str) -> Iterator[JSON]:
    fuzz = Random(DIALECTS[name], random.Random(f"{name} 2026"))  # noqa: S311 - repeatable on purpose
    return (fuzz.body() for _ in range(BODIES))


def hidden(leaf: Leaf) -> str:
    """Do what the pseudonymiser does with a leaf, knowing what to look for."""
    if leaf.treatment is Treatment.HASH:
        return "0" * 32
    text = leaf.text
    for canary in CANARIES:
        text = text.replace(canary, "TOKEN_1")
    return text


def in_signed(value: JSON, *, signed: bool = False) -> bool:
    """Whether a canary stands where a signature beside it vouches for the text, which is then not to be touched."""
    if isinstance(value, str):
        return signed and any(canary in value for canary in CANARIES)
    if isinstance(value, list):
        return any(in_signed(each, signed=signed) for each in value)
    if isinstance(value, dict):
        vouched = bool(value.get("signature"))
        return any(in_signed(v, signed=signed or (vouched and k in ("thinking", "content"))) for k, v in value.items())
    return False


@pytest.mark.parametrize("name", DIALECTS)
def test_no_string_of_any_body_is_left_out(name: str) -> None:
    table = DIALECTS[name].request
    leaking = sent = 0
    for body in bodies(name):
        leaves = table.leaves(body)
        if any(leaf.treatment is Treatment.ATTACHMENT for leaf in leaves):
            continue  # refused
        sent += 1
        out = Filling(body).fill([(leaf, hidden(leaf)) for leaf in leaves])
        text = encode(out).decode()
        assert decode(encode(out)) == out
        if any(canary in text for canary in CANARIES):
            leaking += 1
            assert in_signed(body), body
    assert leaking < sent / 50
    assert sent > BODIES / 3


WORDS = st.sampled_from(
    [*CANARIES, "Guten Tag", "[EMAIL_1]", "[PERSON_2]", "EMAIL_1", "email", "ß", "Ü", "\n", "\t", '"', "\\", "\\n", "{",
     "}", "[", "]", "<b>", "&amp;", "%20", "\u200b", "😀", "\u0301", "1.", "*", "_", "`", "http://a.example/", "an:"]
)  # fmt: skip
TEXTS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
JSONS = st.recursive(
    st.one_of(TEXTS, st.none(), st.booleans(), st.integers(-9, 9)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS | st.sampled_from(["type", "content"]),
                                                                         inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


@dataclass
class Echo:
    """A dialect's way of asking something, of a provider that repeats it, and of reading the answer."""

    path: str
    ask: Callable[[str], dict[str, Any]]
    said: Callable[[Any], str]
    reply: Callable[[str], Any]
    stream: Callable[[str, int], bytes] | None
    read: Callable[[list[Any]], str]
    kind: str = "text/event-stream"


def of_lines(read: Callable[[Any], str]) -> Callable[[list[Any]], str]:
    return lambda events: "".join(map(read, events))


ECHOES = {
    "chat": Echo(
        "/v1/chat/completions",
        lambda text: {"model": "m", "messages": [{"role": "user", "content": text}]},
        lambda body: body["messages"][-1]["content"],
        lambda text: completion({"role": "assistant", "content": text}),
        lambda text, cut: sse(text_chunks(text, cut)),
        of_lines(lambda e: str(e["choices"][0].get("delta", e["choices"][0].get("message"))["content"] or "")
                 if "content" in e["choices"][0].get("delta", e["choices"][0].get("message")) else ""),
    ),
    "responses": Echo(
        "/v1/responses",
        lambda text: {"model": "m", "input": text, "store": False},
        lambda body: body["input"],
        lambda text: {"object": "response", "output": [{"type": "message", "content": [
            {"type": "output_text", "text": text, "annotations": []}]}]},
        None,
        of_lines(lambda e: str(e["output"][0]["content"][0]["text"])),
    ),
    "messages": Echo(
        "/v1/messages",
        lambda text: {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": text}]},
        lambda body: body["messages"][-1]["content"],
        lambda text: message([{"type": "text", "text": text}]),
        lambda text, cut: wire(events([{"type": "text", "text": text}], cut)),
        of_lines(lambda e: str(e.get("delta", {}).get("text", "")) if "type" in e and e["type"] != "message"
                 else str(e["content"][0]["text"])),
    ),
    "ollama": Echo(
        "/api/chat",
        lambda text: {"model": "m", "messages": [{"role": "user", "content": text}]},
        lambda body: body["messages"][-1]["content"],
        lambda text: {"model": "m", "message": {"role": "assistant", "content": text}, "done": True},
        lambda text, cut: "".join(
            json.dumps({"message": {"content": piece}, "done": False}) + "\n" for piece in pieces(text, cut)
        ).encode() + b'{"model":"m","message":{"content":""},"done":true}\n',
        of_lines(lambda e: str(e["message"]["content"])),
        "application/x-ndjson",
    ),
}  # fmt: skip


def repeating(echo: Echo, cut: int) -> Any:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        text = echo.said(seen.body)
        if seen.body.get("stream") and echo.stream:
            return web.Response(body=echo.stream(text, cut), content_type=echo.kind)
        return web.json_response(echo.reply(text))

    return answer


def read(echo: Echo, reply: Reply) -> str:
    if reply.headers["Content-Type"].startswith("application/json"):
        return echo.read([json.loads(reply.raw)])
    lines = [line.removeprefix("data: ") for line in reply.raw.decode().split("\n")]
    return echo.read([json.loads(line) for line in lines if line.startswith("{")])


FUZZED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", ECHOES)
@FUZZED
@given(text=TEXTS, extra=JSONS, cut=st.integers(0, 20))
@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_echoed_comes_back_as_written(
    deckname: Deckname, name: str, text: str, extra: JSON, cut: int
) -> None:
    echo = ECHOES[name]
    deckname.upstream.answer = repeating(echo, cut)
    streamed = cut > 0 and echo.stream is not None
    body = {**echo.ask(text), "unbekannt": extra, "stream": streamed}
    async with deckname.http.post(deckname.base.removesuffix("/v1") + echo.path, json=body) as response:
        reply = Reply(response.status, dict(response.headers), await response.read())
    assert reply.status == 200, reply.text
    sent = deckname.upstream.last.raw.decode()
    assert not any(canary in sent for canary in CANARIES)
    assert read(echo, reply) == text
