"""Records of what the provider keeps go with the values they lead to, and never lead to the values of a later life."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from keys import derive
from proxy.caller import Tenant
from proxy.dialects import Reference
from proxy.errors import UnknownObject
from proxy.scope import Scope
from proxy.stored import StoredObjects
from proxy.vault import Claim, Opened
from proxy.vault.custody import Forgotten
from proxy.vault.kept import Kept
from tests.servers import Server
from tests.vault.clusters import QUIET, client
from tests.vault.conftest import Place, RingInHand, opened

ANNA, BERT = Claim("PERSON", "Anna Beispiel"), Claim("PERSON", "Bert Muster")
FIRST, SECOND = Reference("response", "resp_1"), Reference("file", "file_2")


@dataclass
class House:
    """A tenant's vault, with the records of what its provider keeps."""

    opened: Opened
    tenant: Tenant
    stored: StoredObjects

    def user(self, raw: str) -> str:
        return derive.identifier(self.tenant.key, "user", raw)

    def scope(self, user: str = "u1", conversation: str = "c1") -> Scope:
        return Scope(self.tenant.id, self.user(user), conversation)

    async def keep(self, reference: Reference, scope: Scope, owner: str = "") -> None:
        await self.opened.vault.allocate(scope, [ANNA])
        await self.stored.keep(self.tenant, [reference], Kept(scope, owner, "a model"))

    async def is_known(self, reference: Reference) -> bool:
        return await self.stored.look_up(self.tenant, reference) is not None


@pytest.fixture
async def house(place: Place, ring: RingInHand) -> AsyncIterator[House]:
    async with opened(place.url, ring, place.settings) as both:
        yield House(both, Tenant.of(ring.ring.root, secrets.token_hex(4)), StoredObjects(both.vault))


async def test_forgetting_a_scope_forgets_what_is_kept_of_it_and_nothing_else(house: House) -> None:
    await house.keep(FIRST, house.scope())
    await house.keep(SECOND, house.scope(conversation="c2"))
    assert await house.opened.custody.forget(house.scope()) == Forgotten(1, 1, 1)
    assert [await house.is_known(each) for each in (FIRST, SECOND)] == [False, True]
    assert await house.opened.custody.forget(house.scope()) == Forgotten()


@pytest.mark.parametrize("owned", [False, True])
async def test_forgetting_a_user_forgets_what_is_kept_of_theirs(house: House, owned: bool) -> None:
    """Whether headers proved who they are, or the request's body named them."""
    await house.keep(FIRST, house.scope(), house.user("u1") if owned else "")
    await house.keep(SECOND, house.scope("u2"), house.user("u2") if owned else "")
    assert await house.opened.custody.forget_all(house.tenant.id, house.user("u1")) == Forgotten(1, 1, 1)
    assert [await house.is_known(each) for each in (FIRST, SECOND)] == [False, True]


async def test_forgetting_a_user_forgets_their_files_in_the_whole_tenants_scope(house: House) -> None:
    await house.keep(SECOND, Scope(house.tenant.id), house.user("u1"))
    assert await house.opened.custody.forget_all(house.tenant.id, house.user("u1")) == Forgotten(0, 0, 1)
    assert not await house.is_known(SECOND)


async def test_forgetting_a_tenant_leaves_no_record(house: House) -> None:
    await house.keep(FIRST, house.scope())
    await house.keep(SECOND, Scope(house.tenant.id))
    assert await house.opened.custody.forget_all(house.tenant.id) == Forgotten(2, 2, 2)
    assert [await house.is_known(each) for each in (FIRST, SECOND)] == [False, False]


async def test_records_are_no_place_where_a_person_appears(house: House) -> None:
    await house.keep(FIRST, house.scope())
    assert [each async for each in house.opened.custody.scopes(house.tenant.id)] == [house.scope()]
    assert [each.scope for each in await house.opened.custody.find(house.tenant.id, ANNA.value)] == [house.scope()]
    assert await house.opened.custody.forget_value(house.tenant.id, ANNA.value) == Forgotten(1, 1)
    assert await house.is_known(FIRST)  # the others in its scope keep their tokens, and it stays theirs


async def test_a_scope_that_begins_anew_gives_no_values_to_what_was_kept_before(house: House) -> None:
    """The new life's [PERSON_1] is somebody else."""
    await house.keep(FIRST, house.scope())
    await house.opened.vault.forget(house.scope())  # nobody told the records
    assert not await house.is_known(FIRST)
    assert await house.opened.vault.allocate(house.scope(), [BERT]) == ["[PERSON_1]"]
    with pytest.raises(UnknownObject):
        await house.stored.find(house.tenant, FIRST, "")


async def test_what_was_kept_before_the_first_value_stays_known(house: House) -> None:
    await house.stored.keep(house.tenant, [FIRST], Kept(house.scope()))
    assert await house.is_known(FIRST)
    await house.keep(SECOND, house.scope())
    assert await house.is_known(FIRST)
    assert await house.is_known(SECOND)


async def test_a_scope_that_expired_gives_no_values_to_what_was_kept_before(tmp_path: Path, ring: RingInHand) -> None:
    with Server(tmp_path, QUIET) as server:
        async with opened(server.url, ring) as both:
            house = House(both, Tenant.of(ring.ring.root, "team"), StoredObjects(both.vault))
            await house.keep(FIRST, house.scope())
            client(server).delete(f"deckname:{{{house.scope().key}}}")
            await both.vault.allocate(house.scope(), [BERT])
            assert not await house.is_known(FIRST)


async def test_a_life_lasts_until_the_scope_is_forgotten_or_its_key_destroyed(house: House, ring: RingInHand) -> None:
    vault, scope = house.opened.vault, house.scope()
    assert await vault.life(scope) == ""
    await vault.allocate(scope, [ANNA, BERT])
    first = await vault.life(scope)
    await house.opened.custody.forget_value(house.tenant.id, ANNA.value)
    await vault.allocate(scope, [ANNA])
    assert await vault.life(scope) == first != ""
    old = ring.ring.primary.key_id
    ring.change(lambda ring: ring.rotate(secrets.token_bytes, 1).retire(old).destroy(old))
    assert await vault.life(scope) == ""
    await vault.allocate(scope, [ANNA])
    assert await vault.life(scope) not in {"", first}
