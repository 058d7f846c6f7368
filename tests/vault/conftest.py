"""Stores of every kind the vault runs on, and a vault over each."""

import secrets
from collections.abc import AsyncIterator, Iterator

import pytest

from keys.ring import KeyRing
from keys.sources import Change
from proxy.vault import VaultSettings, open_vault
from proxy.vault.sealed import SealedVault
from tests.servers import Server


class RingInHand:
    """A key source for tests: a ring that is changed in place."""

    def __init__(self) -> None:
        self.ring = KeyRing.generate(secrets.token_bytes, 0)

    def current(self) -> KeyRing:
        return self.ring

    def change(self, change: Change) -> KeyRing:
        self.ring = change(self.ring)
        return self.ring


@pytest.fixture
def ring() -> RingInHand:
    return RingInHand()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("valkey"), ("--save", "", "--enable-debug-command", "yes")) as server:
        yield server


@pytest.fixture(params=["memory", "valkey"])
def store_url(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return "memory:"
    server: Server = request.getfixturevalue(request.param)
    return server.url


@pytest.fixture
async def vault(store_url: str, ring: RingInHand) -> AsyncIterator[SealedVault]:
    opened = open_vault(store_url, ring, VaultSettings())
    yield opened
    await opened.close()
