"""Records of what the provider keeps: whose it is, in which scope, and what happens without a vault."""

from collections.abc import Sequence

import pytest

from keys.secret import Secret
from proxy.caller import Tenant
from proxy.dialects import Reference
from proxy.errors import Unavailable, UnknownObject
from proxy.scope import Scope
from proxy.stored import Kept, StoredObjects
from proxy.vault.memory import MemoryVault
from proxy.vault.protocol import Claim, Entry, Vault, VaultUnavailable

ONE, OTHER = (Tenant.of(Secret(b"k" * 32), name) for name in ("one", "other"))
RESPONSE = Reference("response", "resp_1")


@pytest.fixture
def stored() -> StoredObjects:
    return StoredObjects(MemoryVault())


async def test_a_record_says_whose_an_object_is_and_which_scope_holds_its_values(stored: StoredObjects) -> None:
    kept = Kept(Scope("t", "u", "c", 3), "u", "a model")
    await stored.keep(ONE, [RESPONSE, Reference("item", "i")], kept)
    assert await stored.find(ONE, RESPONSE, "u") == kept
    assert await stored.find(ONE, Reference("item", "i"), "u") == kept
    await stored.keep(ONE, [RESPONSE], kept)  # twice is once
    await stored.forget(ONE, RESPONSE)
    assert await stored.look_up(ONE, RESPONSE) is None


@pytest.mark.parametrize(
    ("tenant", "reference", "owner"),
    [(OTHER, RESPONSE, "u"), (ONE, RESPONSE, ""), (ONE, RESPONSE, "v"), (ONE, Reference("file", "resp_1"), "u"),
     (ONE, Reference("response", "resp_2"), "u")],
)  # fmt: skip
async def test_nobody_else_finds_it(stored: StoredObjects, tenant: Tenant, reference: Reference, owner: str) -> None:
    await stored.keep(ONE, [RESPONSE], Kept(Scope("t", "u"), "u"))
    with pytest.raises(UnknownObject):
        await stored.find(tenant, reference, owner)


async def test_recalled_are_only_tokens_of_the_very_scope() -> None:
    vault = MemoryVault()
    scope = Scope("t")
    [token] = await vault.allocate(scope, [Claim("EMAIL", "a@b.example")])
    [foreign] = await vault.allocate(Scope("u"), [Claim("EMAIL", "c@d.example")])
    found = await StoredObjects(vault).recall(scope, f"an {token}, {foreign}, [EMAIL_1] und [x]")
    assert [(each.token, each.value) for each in found] == [(token, "a@b.example")]


class Gone(MemoryVault):
    async def allocate(self, scope: Scope, claims: object) -> list[str]:
        raise VaultUnavailable("gone")

    async def known(self, scope: Scope, seen: Sequence[tuple[str, str]] = ()) -> list[Entry]:
        raise VaultUnavailable("gone")

    async def restore(self, scope: Scope, tokens: object) -> dict[str, str]:
        raise VaultUnavailable("gone")

    async def life(self, scope: Scope) -> str:
        raise VaultUnavailable("gone")

    async def forget(self, scope: Scope) -> int:
        raise VaultUnavailable("gone")


async def test_without_a_vault_nothing_is_guessed() -> None:
    vault: Vault = Gone()
    stored = StoredObjects(vault)
    for call in (
        stored.keep(ONE, [RESPONSE, Reference("item", "i")], Kept(Scope("t"))), stored.find(ONE, RESPONSE, ""),
        stored.forget(ONE, RESPONSE), stored.recall(Scope("t"), "[EMAIL_1]"),
    ):  # fmt: skip
        with pytest.raises(Unavailable):
            await call
