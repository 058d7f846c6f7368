"""Two public suites for gateways drive ``deckname serve``, the real command, as they would drive anybody's."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.servers import free_port

BIN = Path(sys.executable).parent


@asynccontextmanager
async def serve(
    tmp_path: Path, upstream: str, *, anthropic: bool = False, model_data: str = "leave"
) -> AsyncIterator[str]:
    """Run ``deckname serve`` until it is ready, and stop it with SIGTERM."""
    further = ("--upstream-anthropic", upstream) if anthropic else ()
    port, admin = free_port(), free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DECKNAME_") and k != "REDIS_URL"}
    with (tmp_path / "serve.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            BIN / "deckname", "serve", "--listen", f"127.0.0.1:{port}", "--admin-listen", f"127.0.0.1:{admin}",
            "--upstream", upstream, *further, "--data-dir", tmp_path / "data",
            stdout=log, stderr=log,
            env=environment | {"DECKNAME_DETECTOR_WORKERS": "1", "DECKNAME_MODEL_DATA": model_data},
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


async def response_split(tmp_path: Path, model_data: str, *options: str) -> dict[str, Any]:
    """Run the suite that echoes what was sent and adds what was not, and return its report."""
    port = free_port()
    async with serve(tmp_path, f"http://127.0.0.1:{port}/v1", model_data=model_data) as deckname:
        status, output = await run(
            BIN / "pii-leak-benchmark-v2", "--only", "deckname", "--gateway-url", f"{deckname}/v1/chat/completions",
            "--upstream-port", str(port), "--out", "out", "--seed", "5eed", *options, cwd=tmp_path,
        )
    assert status == 0, output
    report: dict[str, Any] = json.loads((tmp_path / "out" / "deckname.json").read_text())
    assert report["checks"]["configured_upstream_boundary"]["passed"], output
    assert report["metrics"]["cases_applicable"] == report["metrics"]["cases_scored"] == 32, output
    assert report["metrics"]["fidelity_rate"] == 1.0, output
    return report


async def test_pii_leak_benchmark_v2_passes_where_model_data_is_masked(tmp_path: Path) -> None:
    report = await response_split(tmp_path, "mask", "--oracle", "exhaustive-2-part")
    assert report["metrics"]["leak_rate"] == {"single_chunk": 0.0, "adversarial": 0.0, "overall": 0.0}
    assert report["outcome"] == "pass"


async def test_pii_leak_benchmark_v2_finds_all_restored_and_no_request_leaking_where_it_is_left(
    tmp_path: Path,
) -> None:
    report = await response_split(tmp_path, "leave")
    assert report["metrics"]["leak_rate"]["single_chunk"] == 1.0  # the model's own words are none of our business here


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
