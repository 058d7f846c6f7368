"""Finding and forgetting a value where there is a lot to look through, and while others write."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from proxy.scope import Scope
from proxy.vault import Claim, Opened, VaultSettings, VaultUnavailable, open_both, search
from proxy.vault.custody import Forgotten
from proxy.vault.memory import MemoryStore
from tests.servers import Server
from tests.vault.clusters import QUIET
from tests.vault.conftest import Place, RingInHand, opened

ANNA, BERT = Claim("PERSON", "Anna Beispiel"), Claim("PERSON", "Bert Muster")
FAMILY = Claim("PERSON", "Beispiel", 0, "FAMILY")


@pytest.fixture
async def both(place: Place, ring: RingInHand) -> AsyncIterator[Opened]:
    async with opened(place.url, ring, place.settings) as both:
        yield both


@pytest.mark.parametrize("scope", [Scope("t", "u1", "c1"), Scope("t")], ids=["conversation", "tenant"])
async def test_a_large_scope_is_looked_through_by_pages_and_buried_in_place(
    both: Opened, monkeypatch: pytest.MonkeyPatch, scope: Scope
) -> None:
    monkeypatch.setattr(search, "SMALL", 10)
    scope = Scope(secrets.token_hex(8), scope.user, scope.conversation)
    crowd = [Claim("PERSON", f"Person {n}") for n in range(1500)]
    await both.vault.allocate(scope, crowd[:700])
    anna, family = await both.vault.allocate(scope, [ANNA, FAMILY])
    tokens = await both.vault.allocate(scope, crowd)
    [appearance] = await both.custody.find(scope.tenant, "anna  BEISPIEL")
    assert (appearance.scope, appearance.tokens) == (scope, (anna,))
    assert await both.custody.forget_value(scope.tenant, ANNA.value) == Forgotten(1, 2)
    assert await both.custody.find(scope.tenant, ANNA.value) == []
    assert await both.vault.restore(scope, [anna, family, tokens[0]]) == {tokens[0]: "Person 0"}
    again, *others = await both.vault.allocate(scope, [ANNA, *crowd])
    assert others == tokens
    assert again not in {anna, *tokens}
    assert await both.custody.forget_value(scope.tenant, "Niemand") == Forgotten()


@pytest.mark.timeout(400)
async def test_thousands_of_scopes_are_all_looked_through(tmp_path: Path, ring: RingInHand) -> None:
    with Server(tmp_path, QUIET) as server:
        async with opened(server.url, ring) as both:
            scopes = [Scope("t", f"u{n % 50}", f"c{n}") for n in range(2000)]
            gate = asyncio.Semaphore(16)

            async def fill(number: int, scope: Scope) -> None:
                async with gate:
                    await both.vault.allocate(scope, [ANNA, BERT] if number % 3 == 0 else [BERT])

            await asyncio.gather(*(fill(number, scope) for number, scope in enumerate(scopes)))
            heard: list[int] = []
            found = await both.custody.find("t", ANNA.value, heard.append)
            assert {appearance.scope for appearance in found} == set(scopes[::3])
            assert heard == sorted(heard)
            assert (len(heard) > 50, heard[-1]) == (True, 2000)
            assert await both.custody.forget_value("t", ANNA.value) == Forgotten(667, 667)
            assert await both.custody.find("t", ANNA.value) == []
            assert await both.custody.forget_all("t", "u7") == Forgotten(40, 40)


async def test_scopes_that_begin_meanwhile_are_looked_through_as_well(ring: RingInHand) -> None:
    both = open_both("memory:", ring)

    class Growing(MemoryStore):
        """While it is looked through for the first three times, another scope begins."""

        began = 0

        async def scan(self, prefix: str) -> AsyncIterator[str]:
            async for key in super().scan(prefix):
                yield key
            if self.began < 3:
                self.began += 1
                await both.vault.allocate(Scope("t", "u", f"new{self.began}"), [ANNA])

    vault: Any = both.vault
    custody: Any = both.custody
    settings = VaultSettings()
    store = Growing(idle=settings.idle, maximum=settings.maximum, clock=lambda: 0.0)
    vault._store = custody._store = custody._search._store = store
    await both.vault.allocate(Scope("t", "u", "old"), [ANNA])
    found = await both.custody.find("t", ANNA.value)
    assert {appearance.scope.conversation for appearance in found} == {"old", "new1", "new2", "new3"}


async def test_a_value_is_forgotten_while_others_write(tmp_path: Path, ring: RingInHand) -> None:
    """Whoever writes meanwhile loses nothing, in small scopes that are resealed and in large ones that are not."""
    with Server(tmp_path, QUIET) as server:
        async with opened(server.url, ring) as both:
            for scope in (Scope("t", "u", "c"), Scope("t")):
                [token] = await both.vault.allocate(scope, [ANNA])
                given: dict[str, str] = {}

                async def write(scope: Scope = scope, given: dict[str, str] = given) -> None:
                    for number in range(60):
                        value = f"Person {number}"
                        [given[value]] = await both.vault.allocate(scope, [Claim("PERSON", value)])

                writing = asyncio.create_task(write())
                while len(given) < 20:  # noqa: ASYNC110 - it goes on while the value is forgotten
                    await asyncio.sleep(0)
                assert await both.custody.forget_value("t", ANNA.value) == Forgotten(1, 1)
                await writing
                assert await both.vault.restore(scope, [token, *given.values()]) == {t: v for v, t in given.items()}


async def test_a_scope_that_never_rests_is_trouble_and_not_forgotten(
    ring: RingInHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = open_both("memory:", ring)
    await both.vault.allocate(Scope("t", "u", "c"), [ANNA])

    async def refused(*_: object) -> bool:
        return False

    custody: Any = both.custody
    for small, refusing in ((5000, "reseal"), (0, "bury")):
        monkeypatch.setattr(search, "SMALL", small)
        monkeypatch.setattr(custody._store, refusing, refused)
        with pytest.raises(VaultUnavailable, match="repeat"):
            await both.custody.forget_value("t", ANNA.value)
    assert len(await both.custody.find("t", ANNA.value)) == 1
