"""LiteLLM's proxy with its Presidio guardrail beside Deckname, where it is installed: it is no dependency.

``DECKNAME_LITELLM`` is the path of its command, in an environment of its own (``pip install 'litellm[proxy]'``);
without it, ``litellm`` on the search path counts.
"""

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from aiohttp import ClientSession

from benchmarks.load import presidio, texts
from benchmarks.load.client import Client
from benchmarks.load.measure import Beside, Results
from benchmarks.load.processes import MODULE, NotStarted, Setting, process
from tests.servers import free_port

VARIABLE: Final = "DECKNAME_LITELLM"
_GUARDRAIL: Final = "presidio"
# No table of prices is fetched at the start, and no .env file read.
_ALONE: Final = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION"}


class Absent(Exception):
    """LiteLLM cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A running LiteLLM: its base URL (which ends in ``/v1``) and the header that it lets in."""

    base: str
    headers: Mapping[str, str]


def command(environment: Mapping[str, str]) -> str:
    """Return LiteLLM's command; raises ``Absent`` where there is none."""
    named = environment.get(VARIABLE)
    found = shutil.which(named or "litellm", path=environment.get("PATH", ""))
    if found is None:
        wanted = f"{VARIABLE} names no command: {named}" if named else f"it is not installed ({VARIABLE} can name it)"
        raise Absent(f"LiteLLM is left out: {wanted}")
    return found


def configuration(upstream: str, services: str) -> dict[str, Any]:
    """Return LiteLLM's configuration: one model, and the guardrail on every request and its reply."""
    model = {"model": "openai/bench", "api_base": upstream, "api_key": "none"}
    guard = {
        "guardrail": "presidio",
        "mode": "pre_call",
        "default_on": True,
        "output_parse_pii": True,
        "presidio_analyzer_api_base": services,
        "presidio_anonymizer_api_base": services,
    }
    return {
        "model_list": [{"model_name": "bench", "litellm_params": model}],
        "guardrails": [{"guardrail_name": _GUARDRAIL, "litellm_params": guard}],
    }


@asynccontextmanager
async def serving(program: str, upstream: str) -> AsyncIterator[Peer]:
    """Run LiteLLM in front of a provider, and Presidio's services for it."""
    services, port = free_port(), free_port()
    key = f"sk-{secrets.token_hex(24)}"  # without one it refuses to start
    with tempfile.TemporaryDirectory(prefix="deckname-litellm-") as folder:
        file = Path(folder) / "config.yaml"
        file.write_text(json.dumps(configuration(upstream, f"http://127.0.0.1:{services}")))  # JSON is YAML, too
        options = ("--config", str(file), "--host", "127.0.0.1", "--port", str(port))
        started = (program, *options, "--num_workers", "1", "--telemetry", "False")
        async with (
            process(*started, port=port, LITELLM_MASTER_KEY=key, **_ALONE),
            process(*MODULE, "benchmarks.load.presidio_services", str(services), port=services),
        ):
            yield Peer(f"http://127.0.0.1:{port}/v1", {"Authorization": f"Bearer {key}"})


async def beside(where: Setting, results: Results) -> None:
    """Measure what LiteLLM adds, and Deckname to the same requests; raises ``Absent`` where LiteLLM cannot be."""
    program = command(os.environ)
    if presidio.english_model() is None:
        raise Absent("LiteLLM is left out: its guardrail needs Presidio, and that an English spaCy model")
    try:
        async with serving(program, where.direct) as peer:
            version = await _version(peer)
            bodies = [texts.body(texts.sized(20_000 + i, 1_000)) for i in range(30)]
            fresh = await _added(where, peer, bodies)
            again = await _added(where, peer, bodies)
            chat = await _added(where, peer, texts.chat(20, seed=800_000))
    except NotStarted as failed:
        raise Absent(f"LiteLLM is left out: {failed}") from failed
    results.peers[f"LiteLLM {version} with Presidio"] = {
        "1 kB, cold": Beside(median(ms.peer for ms in fresh), median(ms.ours for ms in fresh)),
        "1 kB, warm": Beside(median(ms.peer for ms in again), median(ms.ours for ms in again)),
        "20-turn chat": Beside(sum(ms.peer for ms in chat), sum(ms.ours for ms in chat)),
    }


async def _version(peer: Peer) -> str:
    """Return LiteLLM's version, from its answers to requests that only warm it up and show its guardrail at work."""
    version = ""
    async with ClientSession(headers=peer.headers) as session:
        for i in range(5):
            body = texts.body(texts.message(900_000 + i))
            async with session.post(f"{peer.base}/chat/completions", json=body) as reply:
                if reply.status != 200:
                    raise Absent(f"LiteLLM is left out: it answered with {reply.status}: {(await reply.text())[:500]}")
                if _GUARDRAIL not in reply.headers.get("x-litellm-applied-guardrails", ""):
                    raise Absent("LiteLLM is left out: it answered without its guardrail")
                version = reply.headers["x-litellm-version"]
    return version


async def _added(where: Setting, peer: Peer, bodies: Iterable[Any]) -> list[Beside]:
    """Send each body directly, through Deckname and through LiteLLM, in turn."""
    added = []
    async with Client(where.direct) as direct, Client(where.proxied) as ours, Client(peer.base) as theirs:
        for body in bodies:
            base = await direct.send(direct.packed(body))
            mine = await ours.send(ours.packed(body))
            other = await theirs.send(theirs.packed(body, **peer.headers))
            if {mine.status, other.status} != {200}:
                raise RuntimeError(f"Deckname answered with {mine.status}, LiteLLM with {other.status}")
            added.append(Beside((other.total - base.total) * 1_000, (mine.total - base.total) * 1_000))
    return added
