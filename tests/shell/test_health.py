"""The admin listener: health for everybody, readiness by real checks, metrics for those who may."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from proxy import health
from proxy.health import Check, admin_application
from proxy.metrics import Metrics


async def passes() -> None:
    pass


async def fails() -> None:
    raise RuntimeError("redis://:secret@host")


async def hangs() -> None:
    await asyncio.sleep(3600)


@asynccontextmanager
async def serving(checks: dict[str, Check], token: str | None = None) -> AsyncIterator[tuple[ClientSession, str]]:
    async with TestServer(admin_application(checks, Metrics(), token)) as server, ClientSession() as client:
        yield client, str(server.make_url("")).rstrip("/")


async def test_alive_is_not_ready() -> None:
    async with serving({"store": passes, "detector": fails}) as (client, url):
        assert (await client.get(f"{url}/healthz")).status == 200
        answer = await client.get(f"{url}/readyz")
        assert answer.status == 503
        assert await answer.json() == {"ready": False, "checks": {"store": True, "detector": False}}


async def test_ready_when_every_check_passes() -> None:
    async with serving({"store": passes, "keys": passes}) as (client, url):
        answer = await client.get(f"{url}/readyz")
        assert (answer.status, (await answer.json())["ready"]) == (200, True)


async def test_a_check_that_hangs_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_CHECK_SECONDS", 0.05)
    assert await health.readiness({"store": hangs, "keys": passes}) == {"store": False, "keys": True}


async def test_why_it_is_not_ready_is_logged_without_the_error_text(caplog: pytest.LogCaptureFixture) -> None:
    await health.readiness({"store": fails})
    assert "store (RuntimeError)" in caplog.text
    assert "secret" not in caplog.text


async def test_metrics_are_prometheus_text() -> None:
    async with serving({}) as (client, url):
        answer = await client.get(f"{url}/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=")
        assert "deckname_build_info" in await answer.text()


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer ", "Basic t0ken", "t0ken", "Bearer tökén"])
async def test_with_a_token_configured_only_health_is_open(header: str | None) -> None:
    async with serving({}, token="t0ken") as (client, url):
        headers = {"Authorization": header} if header else {}
        assert (await client.get(f"{url}/metrics", headers=headers)).status == 401
        assert (await client.get(f"{url}/anything", headers=headers)).status == 401
        assert (await client.get(f"{url}/healthz", headers=headers)).status == 200
        assert (await client.get(f"{url}/metrics", headers={"Authorization": "Bearer t0ken"})).status == 200
