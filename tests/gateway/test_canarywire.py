"""canarywire drives ``deckname serve`` on both of its routes, and once more while the store hangs."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.gateway.test_suites import BIN, run, serve
from tests.servers import free_port

ROUTES = [
    {"protocol": "openai-chat", "path": "/v1/chat/completions"},
    {"protocol": "anthropic-messages", "path": "/v1/messages"},
]


@asynccontextmanager
async def capturing(tmp_path: Path) -> AsyncIterator[str]:
    """Run canarywire's capture server, the provider of these tests."""
    port = free_port()
    capture = await asyncio.create_subprocess_exec(
        BIN / "canarywire", "serve", "--listen", f"127.0.0.1:{port}", cwd=tmp_path,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        capture.terminate()
        await capture.wait()


async def attack(tmp_path: Path, config: dict[str, Any]) -> dict[str, Any]:
    """Run canarywire with ``config`` and return its report."""
    (tmp_path / "canarywire.yaml").write_text(yaml.safe_dump(config))
    status, output = await run(
        BIN / "canarywire", "run", "--config", tmp_path / "canarywire.yaml", "--out", tmp_path / "out", cwd=tmp_path
    )
    assert status == 0, output
    report: dict[str, Any] = json.loads((tmp_path / "out" / "report.json").read_text())
    return report


def store_of(tmp_path: Path) -> int:
    """Return the process of the embedded store that serves ``tmp_path``."""
    commands = {int(entry.name): _command(entry) for entry in Path("/proc").iterdir() if entry.name.isdecimal()}
    servers = [pid for pid, command in commands.items() if str(tmp_path) in command and " serve " in command]
    stores = [pid for pid, command in commands.items() if "valkey-server" in command and _parent(pid) in servers]
    assert len(stores) == 1
    return stores[0]


def _command(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.timeout(240)
async def test_every_attack_on_both_routes_is_restored(tmp_path: Path) -> None:
    async with capturing(tmp_path) as capture, serve(tmp_path, f"{capture}/v1", anthropic=True) as deckname:
        report = await attack(
            tmp_path, {"capture": {"url": capture}, "target": {"base_url": deckname, "routes": ROUTES}}
        )
    assert (report["outcome"], len(report["attacks"])) == ("pass", 70)
    assert {attack["status"] for attack in report["attacks"]} == {"restored"}


@pytest.mark.timeout(240)
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find the store's process")
async def test_while_the_store_hangs_every_request_is_refused(tmp_path: Path) -> None:
    async with capturing(tmp_path) as capture, serve(tmp_path, f"{capture}/v1", anthropic=True) as deckname:
        store = store_of(tmp_path)
        fault = {"name": "store-hangs", "before": f"kill -STOP {store}", "after": f"kill -CONT {store}"}
        report = await attack(
            tmp_path,
            {
                "capture": {"url": capture},
                "target": {"base_url": deckname, "routes": ROUTES},
                "generators": {"baseline": {"enabled": False}, "fragmentation": {"enabled": False}},
                "faults": [fault],
            },
        )
    assert report["outcome"] == "pass"
    statuses = {attack["name"]: attack["status"] for attack in report["attacks"]}
    assert statuses == {
        "fault/control/default@openai-chat": "restored",
        "fault/control/default@anthropic-messages": "restored",
        "fault/store-hangs/default@openai-chat": "refused",
        "fault/store-hangs/default@anthropic-messages": "refused",
    }
