"""Finding and forgetting people, on every store: by value, user, tenant and scope; and that keys go with them."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from proxy.audit import AuditEvent, AuditFailed, AuditFile
from proxy.scope import Scope
from proxy.vault import Claim, Custody, VaultUnavailable
from proxy.vault.access import Access, AccessRefused, Operator, Role
from proxy.vault.custody import Forgotten
from proxy.vault.deks import Rewrapping
from proxy.vault.sealed import SealedVault
from tests.vault.conftest import Place, RingInHand, opened

ANNA = Claim("PERSON", "Anna Beispiel")
BERT = Claim("PERSON", "Bert Muster")


@dataclass
class Both:
    vault: SealedVault
    custody: Custody
    tenant: str

    def scope(self, user: str = "u1", conversation: str = "c1") -> Scope:
        return Scope(self.tenant, user, conversation)


@pytest.fixture(params=["together", "apart"])
async def both(place: Place, ring: RingInHand, request: pytest.FixtureRequest) -> AsyncIterator[Both]:
    settings = place.settings if request.param == "together" else replace(place.settings, dek_url=place.url)
    async with opened(place.url, ring, settings) as held:
        yield Both(held.vault, held.custody, secrets.token_hex(8))


async def test_a_value_is_found_in_every_scope_of_its_tenant_and_no_other(both: Both) -> None:
    stranger = Scope(secrets.token_hex(8), "u1", "c1")
    for scope in (both.scope(), both.scope("u2"), stranger, Scope(both.tenant)):
        await both.vault.allocate(scope, [BERT, ANNA])
    await both.vault.allocate(both.scope(conversation="c2"), [BERT])
    found = await both.custody.find(both.tenant, "  anna   BEISPIEL ")
    assert {appearance.scope for appearance in found} == {both.scope(), both.scope("u2"), Scope(both.tenant)}
    assert {appearance.tokens for appearance in found if not appearance.scope.derived} == {("[PERSON_2]",)}
    assert all(a.kinds == ("PERSON",) and 0 < a.first <= a.last for a in found)
    assert await both.custody.find(both.tenant, "Anna") == []


async def test_a_forgotten_value_is_gone_and_its_token_is_never_used_again(both: Both) -> None:
    scope = both.scope()
    await both.vault.allocate(scope, [ANNA, BERT, Claim("PERSON", "Beispiel", 0, "FAMILY")])
    assert await both.custody.forget_value(both.tenant, ANNA.value.upper()) == Forgotten(1, 2)
    assert await both.vault.restore(scope, ["[PERSON_1]", "[PERSON_1_FAMILY]", "[PERSON_2]"]) == {
        "[PERSON_2]": BERT.value
    }
    assert await both.custody.find(both.tenant, ANNA.value) == []
    again = await both.vault.allocate(scope, [ANNA, BERT, Claim("PERSON", "Cora Probe")])
    assert again == ["[PERSON_3]", "[PERSON_2]", "[PERSON_4]"]
    assert await both.custody.forget_value(both.tenant, "Niemand Nirgends") == Forgotten()


async def test_forgetting_in_a_tenant_scope_leaves_the_others_their_tokens(both: Both) -> None:
    scope = Scope(both.tenant)
    anna, bert = await both.vault.allocate(scope, [ANNA, BERT])
    assert await both.custody.forget_value(both.tenant, ANNA.value) == Forgotten(1, 1)
    assert await both.vault.restore(scope, [anna, bert]) == {bert: BERT.value}
    again = await both.vault.allocate(scope, [ANNA, BERT])
    assert again[1] == bert
    assert again[0] != anna


async def test_users_and_tenants_are_forgotten_whole(both: Both) -> None:
    for scope in (both.scope(), both.scope(conversation="c2"), both.scope("u11"), Scope(both.tenant)):
        await both.vault.allocate(scope, [ANNA, BERT])
    assert await both.custody.forget_all(both.tenant, "u1") == Forgotten(2, 4)
    assert await both.vault.known(both.scope()) == []
    assert len(await both.vault.known(both.scope("u11"))) == 2
    assert await both.custody.forget_all(both.tenant) == Forgotten(2, 4)
    assert [scope async for scope in both.custody.scopes(both.tenant)] == []
    assert await both.custody.forget_all(both.tenant) == Forgotten()


async def test_one_scope_is_forgotten(both: Both) -> None:
    await both.vault.allocate(both.scope(), [ANNA])
    assert await both.custody.forget(both.scope()) == Forgotten(1, 1)
    assert await both.custody.forget(both.scope()) == Forgotten()
    assert await both.vault.allocate(both.scope(), [BERT]) == ["[PERSON_1]"]


async def test_rotation_and_rewrapping_over_four_generations(both: Both, ring: RingInHand) -> None:
    """Old tokens restore, new ones use the new key, rewrapping moves the rest, then the old key may be destroyed."""
    scopes = [both.scope(conversation=f"c{n}") for n in range(4)]
    for scope in scopes:
        await both.vault.allocate(scope, [Claim("PERSON", f"Person {scope.conversation}")])
        ring.change(lambda ring: ring.rotate(secrets.token_bytes, 1))
    for key in ring.ring.keys[:-1]:
        ring.change(lambda ring, key=key: ring.retire(key.key_id))  # type: ignore[misc]
    heard: list[Rewrapping] = []
    done = await both.custody.rewrap(heard.append)
    assert done.moved == len(scopes)
    assert heard[-1] == done == Rewrapping(len(heard), done.moved, done.stuck)
    assert await both.custody.rewrap(lambda _: None) == Rewrapping(done.seen, 0, done.stuck)
    for key in ring.ring.keys[:-1]:
        old = bytes.fromhex(key.key_id)
        assert await both.custody.wrapped_under(lambda dek, old=old: dek[1:5] == old) == 0  # type: ignore[misc]
        ring.change(lambda ring, key=key: ring.destroy(key.key_id))  # type: ignore[misc]
    for scope in scopes:
        assert await both.vault.restore(scope, ["[PERSON_1]"]) == {"[PERSON_1]": f"Person {scope.conversation}"}
        assert await both.vault.allocate(scope, [BERT]) == ["[PERSON_2]"]


async def test_destroying_a_key_erases_what_was_not_rewrapped(both: Both, ring: RingInHand) -> None:
    await both.vault.allocate(both.scope(), [ANNA])
    first = ring.ring.primary.key_id
    ring.change(lambda ring: ring.rotate(secrets.token_bytes, 1).retire(first).destroy(first))
    assert await both.vault.known(both.scope()) == []
    assert await both.vault.restore(both.scope(), ["[PERSON_1]"]) == {}
    assert await both.custody.find(both.tenant, ANNA.value) == []
    assert await both.vault.allocate(both.scope(), [BERT]) == ["[PERSON_1]"]
    assert await both.vault.restore(both.scope(), ["[PERSON_1]"]) == {"[PERSON_1]": BERT.value}


async def test_a_key_that_is_unknown_here_is_trouble_and_not_erasure(both: Both, ring: RingInHand) -> None:
    await both.vault.allocate(both.scope(), [ANNA])
    known, ring.ring = ring.ring, RingInHand().ring
    for attempt in (both.vault.known(both.scope()), both.vault.allocate(both.scope(), [BERT])):
        with pytest.raises(VaultUnavailable):
            await attempt
    ring.ring = known
    assert await both.vault.restore(both.scope(), ["[PERSON_1]"]) == {"[PERSON_1]": ANNA.value}


async def test_keys_kept_apart_are_needed(place: Place, ring: RingInHand) -> None:
    if place.url == "memory:":
        pytest.skip("memory is not shared by two vaults")
    scope, settings = Scope(secrets.token_hex(8), "u", "c"), replace(place.settings, dek_url=place.url)
    async with opened(place.url, ring, settings) as apart, opened(place.url, ring, place.settings) as without:
        await apart.vault.allocate(scope, [ANNA])
        with pytest.raises(VaultUnavailable, match="place apart"):
            await without.vault.allocate(scope, [BERT])
        assert [entry.value for entry in await apart.vault.known(scope)] == [ANNA.value]


class Heard:
    def __init__(self) -> None:
        self.events: list[AuditEvent] = []

    async def record(self, event: AuditEvent) -> None:
        self.events.append(event)


@pytest.fixture
async def alone(ring: RingInHand) -> AsyncIterator[Both]:
    async with opened("memory:", ring) as held:
        yield Both(held.vault, held.custody, secrets.token_hex(8))


async def test_detokenising_needs_a_role_and_a_reason_and_leaves_a_line(alone: Both) -> None:
    await alone.vault.allocate(alone.scope(), [ANNA, BERT])
    heard, key = Heard(), alone.scope().key
    eve = Operator("eve", frozenset({Role.FIND, Role.FORGET}))
    dora = Operator("dora", frozenset({Role.DETOKENISE}))
    for access in (Access(alone.custody, heard, eve, "curious"), Access(alone.custody, heard, dora, " ")):
        with pytest.raises(AccessRefused):
            await access.detokenise(alone.scope(), ["[PERSON_1]"])
    granted = Access(alone.custody, heard, dora, "access request 2026-117")
    assert await granted.detokenise(alone.scope(), ["[PERSON_1]", "[PERSON_9]"]) == {"[PERSON_1]": ANNA.value}
    assert heard.events == [
        AuditEvent("detokenise", "eve", key, "refused", 0, "curious"),
        AuditEvent("detokenise", "dora", key, "refused"),
        AuditEvent("detokenise", "dora", key, "begun", 2, "access request 2026-117"),
    ]


async def test_finding_and_forgetting_have_roles_of_their_own(alone: Both) -> None:
    await alone.vault.allocate(alone.scope(), [ANNA, BERT])
    heard = Heard()
    nobody = Access(alone.custody, heard, Operator("nobody", frozenset()))
    for act in (
        nobody.find(alone.tenant, ANNA.value),
        nobody.forget_scope(alone.scope()),
        nobody.forget_all(alone.tenant),
        nobody.forget_value(alone.tenant, ANNA.value),
    ):
        with pytest.raises(AccessRefused):
            await act
    assert len(await alone.vault.known(alone.scope())) == 2
    officer = Access(alone.custody, heard, Operator("officer", frozenset({Role.FIND, Role.FORGET})))
    assert len(await officer.find(alone.tenant, ANNA.value)) == 1
    assert await officer.forget_value(alone.tenant, ANNA.value) == Forgotten(1, 1)
    assert await officer.forget_scope(alone.scope()) == Forgotten(1, 1)
    assert await officer.forget_all(alone.tenant, "u1") == Forgotten()
    assert [event.outcome for event in heard.events] == ["refused"] * 4 + ["done"] + ["begun", "done"] * 3
    assert not any("Anna" in repr(event) or "Anna" in repr(officer) for event in heard.events)


async def test_the_audit_trail_is_private_complete_and_mandatory(alone: Both, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    access = Access(alone.custody, AuditFile(path, lambda: 0.5), Operator("o\n", frozenset({Role.FIND})), "why\n")
    await access.find(alone.tenant, "Anna\nBeispiel")
    await access.find(alone.tenant, "x")
    lines = path.read_text().splitlines()
    assert lines[0] == (
        '{"time": "1970-01-01T00:00:00.500+00:00", "action": "find", "actor": "o\\n", "target": "' + alone.tenant
        + '", "outcome": "done", "count": 0, "reason": "why"}'
    )
    assert len(lines) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    lost = Access(alone.custody, AuditFile(tmp_path / "no" / "such", lambda: 0), access.operator)
    with pytest.raises(AuditFailed):
        await lost.find(alone.tenant, "x")
