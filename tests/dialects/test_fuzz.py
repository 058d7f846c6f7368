"""Any body of any dialect: no canary leaves, nothing fails by accident, and what comes back is what was said.

Each property by itself here, ``FUZZ_EXAMPLES`` times; ten thousand bodies go all the way in ``test_fuzz_wire``.
"""

import asyncio
import os
import re
import secrets
from typing import Any

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keys.secret import Secret
from proxy.body import JSON, decode, encode
from proxy.caller import Caller, Tenant
from proxy.dialects import Dialect
from proxy.dialects.anthropic_messages import MESSAGES
from proxy.dialects.openai_chat import CHAT, STORED_CHAT
from proxy.dialects.openai_completions import COMPLETIONS
from proxy.dialects.openai_conversations import CONVERSATIONS
from proxy.dialects.openai_embeddings import EMBEDDINGS
from proxy.dialects.openai_files import BATCHES
from proxy.dialects.openai_images import IMAGES
from proxy.dialects.openai_moderations import MODERATIONS
from proxy.dialects.openai_responses import RESPONSES
from proxy.dialects.openai_vector_stores import VECTOR_STORES
from proxy.errors import Refusal
from proxy.filling import Filling
from proxy.findings_cache import FindingsCache
from proxy.operators import Operators
from proxy.policy import Policy
from proxy.pseudonymise import Pseudonymiser
from proxy.readback import Readback
from proxy.restore import Issued, Lexicon
from proxy.schemas import relaxed
from proxy.scope import Scope
from proxy.streams import StreamRewriter
from proxy.vault.memory import MemoryVault
from proxy.walk import Leaf, Rules, Treatment, own_treatment
from tests.dialects.light import CANARY, Canaries
from tests.gateway.conftest import Deckname
from tests.upstream import Seen

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))
FUZZ = settings(
    max_examples=EXAMPLES, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)  # fmt: skip
DIALECTS: dict[str, Dialect] = {
    "/chat/completions": CHAT, "/responses": RESPONSES, "/completions": COMPLETIONS, "/embeddings": EMBEDDINGS,
    "/moderations": MODERATIONS, "/images/generations": IMAGES, "/conversations": CONVERSATIONS, "/batches": BATCHES,
    "/vector_stores": VECTOR_STORES, "/chat/completions/{id}": STORED_CHAT, "/messages": MESSAGES,
}  # fmt: skip
BY_NAME = pytest.mark.parametrize("path", DIALECTS)


def words(rules: "Rules | Treatment") -> set[str]:
    """Return the field names of a table, but for what passes unseen."""
    if not isinstance(rules, dict):
        return set()
    unseen = (name for name, below in rules.items() if own_treatment(below) is Treatment.OPAQUE)
    seen = {name for name, below in rules.items() if "**" not in words_of(below)}.difference(unseen)
    return {*seen, *(word for name in seen for word in words(rules[name]))} - {"", "*", "**", "[]"}


def words_of(rules: "Rules | Treatment") -> set[str]:
    return set(rules) if isinstance(rules, dict) else set()


PARTS = ["kanari1@beispiel.example", "kanari2@beispiel.example", "[EMAIL_1]", "ä ", '"', "\\", "\n", "user", "function",
         "\ud800", "data:image/png;base64,AA", "{", "}", "x"]  # fmt: skip


def bodies(names: set[str], between: str = "") -> st.SearchStrategy[Any]:
    texts = st.lists(st.sampled_from(PARTS), max_size=4).map(between.join)
    plain = sorted(name for name in names if not name.startswith("{"))
    types = sorted(name[1:-1] for name in names if name.startswith("{"))
    keys = st.sampled_from(plain) | texts if plain else texts
    typed = st.sampled_from([*types, "message", "input_text", "function_call", "text"])
    leaf = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False) | texts
    return st.dictionaries(
        keys,
        st.recursive(
            leaf,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
            | st.builds(lambda t, d: {"type": t, **d}, typed, st.dictionaries(keys, inner, max_size=3)),
            max_leaves=8,
        ),
        max_size=4,
    )  # fmt: skip


def pseudonymiser() -> Pseudonymiser:
    return Pseudonymiser(FindingsCache(Canaries(), 1 << 20), MemoryVault(), Policy(), Operators(b"s" * 16))


TENANT = Tenant.of(Secret(b"k" * 32), "fuzz")


async def outward(dialect: Dialect, body: JSON) -> tuple[bytes, list[tuple[str, str]]]:
    """Return what goes out, and each text as it was with how it reads after the way out and back."""
    table = dialect.request
    leaves = table.leaves(body)
    caller = Caller(TENANT, Scope("t", conversation=secrets.token_hex(8)), lasting=False)
    hidden = await pseudonymiser()(leaves, caller, lambda leaf: table.place(leaf.path))
    readback = Readback(hidden.lexicon)
    pairs = zip(leaves, hidden.texts, strict=True)
    returned = [(leaf.text, readback.text(text)) for leaf, text in pairs if leaf.treatment is Treatment.TEXT]
    return encode(table.change_schemas(Filling(body).fill(hidden.changed), relaxed)), returned


@BY_NAME
def test_no_canary_leaves_and_what_left_comes_back(path: str) -> None:
    dialect = DIALECTS[path]

    @FUZZ
    @given(bodies(words(dialect.request.rules)))
    def holds(body: JSON) -> None:
        try:
            data, returned = asyncio.run(outward(dialect, decode(encode(body))))
        except Refusal:
            return
        assert not CANARY.search(data.decode())
        assert decode(data) is not None
        assert [pair for pair in returned if pair[0] != pair[1] and "\\" not in pair[0]] == []

    holds()


PIECES = st.lists(st.sampled_from(["[EMAIL_1]", "[PERSON_2]", " und ", "[EMA", "ä", "s", "."]), max_size=5).map("".join)
VALUES = {"[EMAIL_1]": "e@beispiel.example", "[PERSON_2]": "Max Vogel"}
LEXICON = Lexicon([Issued(token, value) for token, value in VALUES.items()])


def said(leaf: Leaf) -> str:
    if leaf.treatment in (Treatment.ATTACHMENT, Treatment.HASH):
        return leaf.text
    return re.sub(r"\[EMAIL_1\]|\[PERSON_2\]", lambda match: VALUES[match[0]], leaf.text)


@BY_NAME
def test_a_reply_is_what_was_said_with_values_put_back(path: str) -> None:
    table = DIALECTS[path].reply
    names = st.sampled_from(sorted(name for name in words(table.rules) if name.isidentifier()))

    @FUZZ
    @given(st.recursive(PIECES, lambda i: st.lists(i, max_size=3) | st.dictionaries(names, i, max_size=3)))
    def holds(reply: JSON) -> None:
        leaves = table.leaves(reply)
        if not any(leaf.treatment is Treatment.JSON for leaf in leaves):  # which has tests of its own
            assert Readback(LEXICON).body(table, decode(encode(reply))) == table.rewrite(reply, said)

    holds()


@BY_NAME
def test_no_bytes_of_a_stream_fail_by_accident(path: str) -> None:
    dialect = DIALECTS[path]
    names = words(dialect.event.rules)
    kinds = st.sampled_from(["response.output_text.delta", "response.output_text.done", "response.completed", "error"])

    @FUZZ
    @given(st.lists(st.tuples(kinds, bodies(names)), max_size=4), st.integers(1, 40))
    def holds(pairs: list[Any], cut: int) -> None:
        events = [{"type": kind, **body} for kind, body in pairs]
        data = b"".join(b"data: " + encode(event) + b"\n\n" for event in events)
        restorer = StreamRewriter(dialect, Readback(LEXICON))
        out = b""
        try:
            for i in range(0, len(data), cut):
                out += restorer.feed(data[i : i + cut])
            out += restorer.flush()
        except Refusal:
            return
        assert out.count(b"data: {") >= len(events)

    holds()


@pytest.mark.parametrize("path", [path for path in DIALECTS if "{" not in path])
@pytest.mark.asyncio(loop_scope="session")
async def test_the_gateway_never_fails_by_accident(deckname: Deckname, path: str) -> None:
    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        return web.json_response({"echo": seen.body})

    deckname.upstream.answer = answer
    headers = {"content-type": "application/json"}
    for body in drawn(bodies(words(DIALECTS[path].request.rules), " "), 15):
        data = encode(body).replace(b"\\ud800", b"")
        async with deckname.http.post(deckname.base + path, data=data, headers=headers) as response:
            assert response.status in (200, 400, 404), await response.text()
    for seen in deckname.upstream.seen:
        assert not CANARY.search(seen.wire)


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    found: list[Any] = []

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def draw(body: Any) -> None:
        found.append(body)

    draw()
    return found
