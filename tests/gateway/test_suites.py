"""Two public suites for gateways drive ``deckname serve``, the real command, as they would drive anybody's."""

import asyncio
import json
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@asynccontextmanager
async def serve(tmp_path: Path, upstream: str, *, anthropic: bool = False) -> AsyncIterator[str]:
    """Run ``deckname serve`` until it is ready, and stop it with SIGTERM."""
    further = ("--upstream-anthropic", upstream) if anthropic else ()
    port, admin = free_port(), free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DECKNAME_") and k != "REDIS_URL"}
    with (tmp_path / "serve.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            BIN / "deckname", "serve", "--listen", f"127.0.0.1:{port}", "--admin-listen", f"127.0.0.1:{admin}",
            "--upstream", upstream, *further, "--data-dir", tmp_path / "data",
            stdout=log, stderr=log, env=environment | {"DECKNAME_DETECTOR_WORKERS": "1"},
        )
        try:
            async with asyncio.timeout(60):
                while not await _accepts(port):
                    assert process.returncode is None, (tmp_path / "serve.log").read_text()
                    await asyncio.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            if process.returncode is None:
                process.terminate()
            assert await asyncio.wait_for(process.wait(), 60) == 0


async def _accepts(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def run(*command: str | Path, cwd: Path) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


@pytest.mark.parametrize("profile", ["pii-v1", "pii-secrets-v1"])
async def test_pii_leak_benchmark_selfcheck_says_clean(tmp_path: Path, profile: str) -> None:
    port = free_port()
    async with serve(tmp_path, f"http://127.0.0.1:{port}/v1") as deckname:
        for _ in range(2):  # on a busy machine its check of latency may fail; a leak is never given a second try
            status, output = await run(
                BIN / "pii-leak-benchmark", "selfcheck", "--target-base-url", f"{deckname}/v1",
                "--capture-port", str(port), "--profile", profile, cwd=tmp_path,
            )
            assert not re.search(r"^\s*LEAK\b|\bLEAK  ", output, re.MULTILINE), output
            if status == 0:
                break
    assert status == 0, output
    assert "CLEAN" in output


async def test_canarywire_passes_every_openai_attack(tmp_path: Path) -> None:
    port = free_port()
    capture = await asyncio.create_subprocess_exec(
        BIN / "canarywire", "serve", "--listen", f"127.0.0.1:{port}", cwd=tmp_path,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with serve(tmp_path, f"http://127.0.0.1:{port}/v1") as deckname:
            status, output = await run(
                BIN / "canarywire", "run", "--target", deckname, "--capture", f"http://127.0.0.1:{port}",
                "--out", tmp_path / "out", cwd=tmp_path,
            )
    finally:
        capture.terminate()
        await capture.wait()
    assert status == 0, output
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert (report["outcome"], len(report["attacks"])) == ("pass", 35)
    assert {attack["status"] for attack in report["attacks"]} == {"restored"}
