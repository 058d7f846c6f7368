"""A whole Deckname on loopback, with its real store and detector, in front of a recording upstream.

It is started once; tests that break things start one of their own with ``deckname``.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from proxy.app import running
from proxy.settings import load
from tests.upstream import Upstream, serving


@dataclass
class Deckname:
    """A running proxy, the upstream behind it, and a plain HTTP client in front of it."""

    base: str
    admin: str
    upstream: Upstream
    http: aiohttp.ClientSession
    data_dir: Path

    async def post(self, body: Any, *, path: str = "/chat/completions", **options: Any) -> "Reply":
        """Post a JSON body and read the whole reply."""
        async with self.http.post(self.base + path, json=body, **options) as response:
            return Reply(response.status, dict(response.headers), await response.read())


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def text(self) -> str:
        return self.raw.decode()


Start = Callable[..., AbstractAsyncContextManager[Deckname]]


@asynccontextmanager
async def started(data_dir: Path, **settings: Any) -> AsyncIterator[Deckname]:
    """Run a proxy with ``settings`` on free ports, in front of an upstream of its own."""
    async with serving() as upstream:
        options = {
            "listen": "127.0.0.1:0",
            "admin_listen": "127.0.0.1:0",
            "data_dir": data_dir,
            "upstream": upstream.base,
            "upstream_anthropic": upstream.base,
            "upstream_azure": upstream.base.removesuffix("/v1"),
            "upstream_ollama": upstream.base.removesuffix("/v1"),
            "detector_workers": 1,
            **settings,
        }
        loaded = load(options, environ={}, serving=True)
        async with running(loaded) as proxy, aiohttp.ClientSession() as http:
            base, admin = f"http://{proxy.address}/v1", f"http://{proxy.admin_address}"
            yield Deckname(base, admin, upstream, http, data_dir)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deckname]:
    async with started(tmp_path_factory.mktemp("deckname")) as deckname:
        yield deckname


@pytest.fixture
def deckname(shared: Deckname) -> Deckname:
    """The shared proxy, its upstream as good as new."""
    upstream = shared.upstream
    upstream.seen.clear()
    upstream.answer, upstream.cut, upstream.gone = None, 0, 0
    return shared


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a proxy with other settings: ``async with start(actions="EMAIL=block") as deckname``."""

    def of(**settings: Any) -> AbstractAsyncContextManager[Deckname]:
        return started(tmp_path, **settings)

    return of
