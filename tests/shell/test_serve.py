"""``deckname serve`` as an operator meets it: a process that starts, says where it listens, drains, and ends."""

import asyncio
import base64
import contextlib
import gc
import json
import os
import re
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from proxy.commands import serve
from tests.upstream import Seen, Upstream, chunk, serving, sse

MAIL = "annegret.feldhusen@example.com"


@dataclass
class Served:
    """A running ``deckname serve``: its process and the file it logs to."""

    process: asyncio.subprocess.Process
    file: Path
    base: str = ""
    admin: str = ""

    @property
    def log(self) -> str:
        return self.file.read_text()

    async def says(self, pattern: str) -> re.Match[str]:
        """Wait until the log holds ``pattern``."""
        while not (found := re.search(pattern, self.log)):
            assert self.process.returncode is None, self.log
            await asyncio.sleep(0.02)
        return found

    async def listening(self) -> "Served":
        self.base, self.admin = (await self.says(r"listens on (http://\S+/v1) .* (http://\S+)\n")).groups()
        return self


async def launch(data_dir: Path, *options: str) -> Served:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DECKNAME_", "REDIS_"))}
    arguments = ("--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--data-dir", str(data_dir), *options)
    file = data_dir.parent / f"{secrets.token_hex(4)}.log"
    with file.open("wb") as log:
        return Served(await asyncio.create_subprocess_exec(
            sys.executable, "-m", "proxy", "serve", *arguments, stderr=log,
            env=environ | {"DECKNAME_DETECTOR_WORKERS": "1"},
        ), file)


@asynccontextmanager
async def served(data_dir: Path, upstream: Upstream) -> AsyncIterator[Served]:
    running = await launch(data_dir, "--upstream", upstream.base)
    try:
        yield await running.listening()
    finally:
        for _ in range(2):  # the second signal says not to wait for running replies
            with contextlib.suppress(ProcessLookupError):
                running.process.terminate()
        await running.process.wait()


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with serving() as upstream:
        yield upstream


def chat(text: str, *, stream: bool = False) -> dict[str, object]:
    return {"model": "test-model", "stream": stream, "messages": [{"role": "user", "content": text}]}


def arguments() -> list[bytes]:
    """Give the arguments of all processes of this machine, as everybody sees them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            found.append((process / "cmdline").read_bytes())
    return found


async def run(*arguments: str) -> bytes:
    """Run a command of Deckname's to its end and give all it says."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "proxy", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await child.communicate()
    assert child.returncode == 0, said
    return said


@pytest.mark.timeout(300)
async def test_no_key_is_in_a_log_an_argument_or_a_file_but_its_own(tmp_path: Path, upstream: Upstream) -> None:
    data, config = tmp_path / "data", tmp_path / "deckname.toml"
    config.write_text('[log]\nlog_level = "debug"\n')
    deckname = await (await launch(data, "--upstream", upstream.base, "--config", str(config))).listening()
    seen = []
    async with ClientSession(headers={"X-Conversation-Id": "chat-1"}) as http:
        for act in ("rotate", "rewrap"):
            async with http.post(f"{deckname.base}/chat/completions", json=chat(f"Mail an {MAIL}")) as reply:
                assert reply.status == 200
            seen.append(await run("keys", act, "--data-dir", str(data)))
    seen += arguments()
    deckname.process.send_signal(signal.SIGTERM)
    assert await deckname.process.wait() == 0
    ring = json.loads((data / "keys.json").read_text())
    keys = [base64.b64decode(key) for key in (ring["root"], *(each["key"] for each in ring["keys"]))]
    files = [path for path in data.rglob("*") if path.is_file() and path.name != "keys.json"]
    everything = b"\n".join([*seen, deckname.file.read_bytes(), *(path.read_bytes() for path in files)])
    assert len(keys) == 3
    assert str(data).encode() in everything
    for key in keys:
        assert not any(form in everything for form in (key, key.hex().encode(), base64.b64encode(key)))


async def test_it_serves_until_sigterm_and_leaves_nothing_behind(tmp_path: Path, upstream: Upstream) -> None:
    async with served(tmp_path / "data", upstream) as deckname, ClientSession() as http:
        async with http.get(f"{deckname.admin}/readyz") as ready:
            assert await ready.json() == {"ready": True, "checks": {"store": True, "detector": True, "keys": True}}
        async with http.post(f"{deckname.base}/chat/completions", json=chat(f"Mail an {MAIL}")) as reply:
            assert MAIL in await reply.text()
        assert MAIL not in upstream.last.wire
        async with http.get(f"{deckname.admin}/metrics") as metrics:
            assert 'deckname_findings_total{action="pseudonymise",kind="EMAIL"' in await metrics.text()
        deckname.process.send_signal(signal.SIGTERM)
        assert await deckname.process.wait() == 0
    assert MAIL not in deckname.log
    assert not (tmp_path / "data" / "store" / "valkey.sock").exists()
    assert all(MAIL.encode() not in path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())


async def test_a_running_stream_is_finished_after_sigterm(tmp_path: Path, upstream: Upstream) -> None:
    told = asyncio.Event()

    async def slowly(request: web.Request, _: Seen) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        await response.write(sse([chunk({"content": "first "})], done=False))
        await told.wait()
        await response.write(sse([chunk({"content": "last [EMAIL_1]"}), chunk({}, finish="stop")]))
        return response

    upstream.answer = slowly
    async with served(tmp_path / "data", upstream) as deckname, ClientSession() as http:
        body = chat(f"Mail an {MAIL}", stream=True)
        async with http.post(f"{deckname.base}/chat/completions", json=body) as reply:
            received = await reply.content.readuntil(b"first ")
            deckname.process.send_signal(signal.SIGTERM)
            await deckname.says("running replies may finish")
            told.set()
            received += await reply.content.read()
        assert f"last {MAIL}".encode() in received
        assert received.endswith(b"data: [DONE]\n\n")
        assert await deckname.process.wait() == 0


async def test_a_second_signal_ends_it_at_once(tmp_path: Path, upstream: Upstream) -> None:
    async def never(request: web.Request, _: Seen) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        await response.write(sse([chunk({"content": "first "})], done=False))
        await asyncio.sleep(3600)
        return response

    upstream.answer = never
    async with (
        served(tmp_path / "data", upstream) as deckname,
        ClientSession() as http,
        http.post(f"{deckname.base}/chat/completions", json=chat("Hallo", stream=True)) as reply,
    ):
        await reply.content.readuntil(b"first ")
        deckname.process.send_signal(signal.SIGINT)
        await deckname.says("running replies may finish")
        deckname.process.send_signal(signal.SIGINT)
        await deckname.process.wait()
    assert "Traceback" not in deckname.log


async def test_a_killed_one_is_followed_by_another_on_the_same_data(tmp_path: Path, upstream: Upstream) -> None:
    for _ in range(2):
        async with served(tmp_path / "data", upstream) as deckname, ClientSession() as http:
            headers = {"X-Conversation-Id": "c"}
            url = f"{deckname.base}/chat/completions"
            async with http.post(url, json=chat(f"Mail an {MAIL}"), headers=headers) as reply:
                assert MAIL in await reply.text()
            assert "[EMAIL_1]" in upstream.last.wire
            deckname.process.kill()
            await deckname.process.wait()
    async with served(tmp_path / "data", upstream) as deckname:
        deckname.process.send_signal(signal.SIGTERM)
        assert await deckname.process.wait() == 0


async def test_what_keeps_it_from_starting_is_said_in_one_line(tmp_path: Path, upstream: Upstream) -> None:
    async with served(tmp_path / "data", upstream) as first:
        second = await launch(tmp_path / "data", "--upstream", upstream.base)
        assert await second.process.wait() == 2
        assert "Another Deckname is using" in second.log
        taken = await launch(tmp_path / "other", "--upstream", upstream.base, "--listen", first.base[7:-3])
        assert await taken.process.wait() == 2
        assert "address already in use" in taken.log
    for log in (second.log, taken.log):
        assert "Traceback" not in log


def test_what_was_loaded_is_left_out_of_collections() -> None:
    thresholds = gc.get_threshold()
    try:
        serve._spare_what_stays()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold()[0] > thresholds[0]
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
