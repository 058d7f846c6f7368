"""The demonstration's parts: the relay keeps the wire as it was, and the panes read it back."""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from proxy.demo import model, panes
from proxy.demo.letter import LETTER, TASK
from proxy.demo.relay import Relay
from proxy.token import mint
from tests.upstream import serving


@pytest.fixture
async def upstream() -> AsyncIterator[str]:
    async def echo(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=207, headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        for part in (b"data: ", request.headers["authorization"].encode(), b"\r\n\r\n", await request.read()):
            await response.write(part)
        return response

    application = web.Application()
    application.router.add_route("*", "/api/v1/{path:.*}", echo)
    async with TestServer(application) as server:
        yield str(server.make_url("/api/v1"))


async def test_the_relay_passes_bytes_on_and_keeps_the_first_chat(upstream: str) -> None:
    async with Relay(upstream).listening() as relay, ClientSession(headers={"authorization": "Bearer k"}) as client:
        for path, body in (("/models", b"0"), ("/chat/completions", b'{"first": 1}'), ("/chat/completions", b"second")):
            async with client.post(relay.url + path, data=body) as reply:
                assert reply.status == 207
                assert await reply.read() == b"data: Bearer k\r\n\r\n" + body
        assert relay.request == b'{"first": 1}'
        assert relay.reply == b'data: Bearer k\r\n\r\n{"first": 1}'


_WORDS = st.text(st.characters(blacklist_characters="[]", blacklist_categories=["Cs"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(_WORDS, _WORDS), min_size=1, max_size=6))
def test_tokens_and_values_are_read_off_the_two_texts(pairs: list[tuple[str, str]]) -> None:
    tokens = [mint("PERSON", number) for number in range(1, len(pairs) + 1)]
    sent = "".join(f"<{number}>{value}" for number, (_, value) in enumerate(pairs))
    seen = "".join(f"<{number}>{token}" for number, token in enumerate(tokens))
    values = panes.replaced(sent, seen)
    assert list(values) == tokens
    assert "".join(f"<{number}>{value}" for number, value in enumerate(values.values())) == sent


def test_texts_that_differ_otherwise_give_no_values() -> None:
    assert panes.replaced("Hello Anna", "Bye [PERSON_1]") == {}


@pytest.mark.parametrize("width", [60, 100, 180])
def test_three_panes_are_shown(width: int) -> None:
    out = io.StringIO()
    seen = LETTER.replace("Annegret Feldhusen", "[PERSON_1]")
    panes.show(Console(file=out, width=width), LETTER, seen, "Dear Annegret Feldhusen")
    text = out.getvalue()
    assert all(title in text for title in ("What you sent", "What the model saw", "What you got back"))
    assert "[PERSON_1]" in text
    assert "1 values were hidden" in text


def test_what_the_model_saw_is_the_last_message() -> None:
    body = {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": TASK + LETTER}]}
    assert panes.saw(json.dumps(body).encode()) == TASK + LETTER


def test_a_missing_model_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(model.ModelError, match="make setup"):
        model.weights()


@pytest.mark.timeout(400)
async def test_the_whole_demonstration_with_its_own_model(tmp_path: Path) -> None:
    done = await run_demo(tmp_path, {})
    assert done.returncode == 0, done.stderr
    tokens = ("[PERSON_1]", "[ADDRESS_1]", "[PHONE_1]", "[EMAIL_1]", "[IBAN_1]")
    assert all(part in done.stdout for part in ("What you sent", *tokens, "What you got back"))


@pytest.mark.timeout(400)
async def test_the_demonstration_in_front_of_another_api(tmp_path: Path) -> None:
    async with serving() as upstream:
        upstream.cut = 3
        done = await run_demo(tmp_path, {"DECKNAME_UPSTREAM": upstream.base, "OPENAI_API_KEY": "synthetic"})
    assert done.returncode == 0, done.stderr
    assert "5 values were hidden; the model repeated 5" in " ".join(done.stdout.split())
    assert upstream.last.headers["authorization"] == "Bearer synthetic"
    assert all(part not in upstream.last.wire for part in ("Feldhusen", "Lindenallee", "2255", "DE02", "@example.com"))


async def run_demo(folder: Path, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    foreign = ("DECKNAME_", "REDIS_", "OPENAI_")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    command = [sys.executable, "-m", "proxy", "demo", "--once", "--data-dir", str(folder / "data"),
               "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]
    return await asyncio.to_thread(subprocess.run, command, env=ours | {"DECKNAME_DETECTOR_WORKERS": "1"} | environ,
                                   capture_output=True, text=True, check=False)
