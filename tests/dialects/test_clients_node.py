"""Clients for Node, OpenAI's and Vercel's AI SDK, as they come. Needs node, npm and its registry."""

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest
import pytest_asyncio

from tests.gateway.conftest import Deckname
from tests.replies import answer

pytestmark = pytest.mark.asyncio(loop_scope="session")

HERE = Path(__file__).parent.parent / "node"
MAIL = "erika.musterfrau@beispiel.example"
PROMPT = f"Bitte antworten Sie {MAIL}."
ASKS = {
    "openai chat": PROMPT,
    "openai chat stream": PROMPT,
    "openai chat tools": MAIL,
    "openai responses stream": PROMPT,
    "openai embeddings": "2",
    "ai openai": PROMPT,
    "ai openai stream": PROMPT,
    "ai chat stream": PROMPT,
    "ai chat tools": MAIL,
    "ai chat object": MAIL,
    "ai anthropic": PROMPT,
    "ai anthropic stream": PROMPT,
    "ai anthropic tools": MAIL,
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the locked packages, without running their scripts, and return their folder."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json", ".npmrc", "clients.mjs"):
        shutil.copy(HERE / name, folder)
    status, _, told = await run(folder, "npm", "ci", "--ignore-scripts", "--prefer-offline")
    if status and ("ENOTFOUND" in told or "ECONNREFUSED" in told or "EAI_AGAIN" in told or "ETIMEDOUT" in told):
        pytest.skip("npm's registry can't be reached")
    assert status == 0, told
    return folder


async def run(folder: Path, *command: str, **environment: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 100)
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("ask", ASKS)
async def test_a_client_reads_what_it_wrote_and_the_provider_does_not(
    deckname: Deckname, clients: Path, ask: str
) -> None:
    deckname.upstream.answer = answer
    status, out, err = await run(clients, "node", "clients.mjs", ask, BASE=deckname.base, PROMPT=PROMPT)
    assert deckname.upstream.seen, err
    assert MAIL not in deckname.upstream.last.wire
    assert (status, json.loads(out or "null")) == (0, ASKS[ask]), err
