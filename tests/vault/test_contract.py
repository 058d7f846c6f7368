"""What every vault promises, run on every store."""

import asyncio
import secrets
from dataclasses import replace

import pytest

from proxy.scope import Scope
from proxy.vault import Claim, Entry, Vault, open_vault, sealed
from tests.vault.conftest import Place, RingInHand, opened

ANNA = Claim("PERSON", "Anna Beispiel")


async def test_numbers_count_per_kind_in_claim_order(vault: Vault, scope: Scope) -> None:
    claims = [ANNA, Claim("EMAIL", "anna@beispiel.example"), Claim("PERSON", "Bert Muster"), ANNA]
    assert await vault.allocate(scope, claims) == ["[PERSON_1]", "[EMAIL_1]", "[PERSON_2]", "[PERSON_1]"]


async def test_a_value_keeps_its_token_and_numbering_goes_on(vault: Vault, scope: Scope) -> None:
    await vault.allocate(scope, [ANNA])
    assert await vault.allocate(scope, [Claim("PERSON", "Bert Muster"), ANNA]) == ["[PERSON_2]", "[PERSON_1]"]


async def test_a_related_claim_takes_the_number_of_its_parent(vault: Vault, scope: Scope) -> None:
    family = [ANNA, Claim("PERSON", "Beispiel", 0, "FAMILY"), Claim("PERSON", "Anna", 0, "GIVEN")]
    assert await vault.allocate(scope, family) == ["[PERSON_1]", "[PERSON_1_FAMILY]", "[PERSON_1_GIVEN]"]


async def test_a_taken_part_becomes_an_alternative(vault: Vault, scope: Scope) -> None:
    spellings = [ANNA, *(Claim("PERSON", name, 0, "FAMILY") for name in ("Beispiel", "BEISPIEL", "Beispeil", "B."))]
    tokens = ["[PERSON_1]", "[PERSON_1_FAMILY]", "[PERSON_1_ALT]", "[PERSON_1_ALT2]", "[PERSON_1_ALT3]"]
    assert await vault.allocate(scope, spellings) == tokens


async def test_relatives_join_in_later_requests(vault: Vault, scope: Scope) -> None:
    await vault.allocate(scope, [ANNA, Claim("PERSON", "Bert Muster")])
    assert await vault.allocate(scope, [ANNA, Claim("PERSON", "Beispiel", 0, "FAMILY")]) == [
        "[PERSON_1]",
        "[PERSON_1_FAMILY]",
    ]


async def test_a_parent_comes_first(vault: Vault, scope: Scope) -> None:
    for parent in (0, 1, -1):
        with pytest.raises(ValueError, match="parent"):
            await vault.allocate(scope, [Claim("PERSON", "Beispiel", parent, "FAMILY"), ANNA])
    assert await vault.known(scope) == []


async def test_all_or_nothing(vault: Vault, scope: Scope) -> None:
    with pytest.raises(ValueError, match="kind"):
        await vault.allocate(scope, [ANNA, Claim("not a kind", "x")])
    assert await vault.known(scope) == []


async def test_known_gives_back_every_value_exactly(vault: Vault, scope: Scope) -> None:
    values = ["Jürgen", "Ju\u0308rgen", "", "\x00\n", "\ud800", "😀" * 50, "[PERSON_1]"]
    tokens = await vault.allocate(scope, [Claim("PERSON", value) for value in values])
    expected = [Entry(token, "PERSON", value) for token, value in zip(tokens, values, strict=True)]
    assert await vault.known(scope) == expected


async def test_what_was_seen_is_known_all_the_same(vault: Vault, scope: Scope) -> None:
    seen = [("PERSON", "Anna Beispiel"), ("PERSON", "niemand"), ("EMAIL", "Anna Beispiel")]
    assert await vault.known(scope, seen) == []
    await vault.allocate(scope, [ANNA, Claim("PERSON", "Anna", 0, "GIVEN"), Claim("EMAIL", "a@x.example")])
    every = await vault.known(scope)
    assert len(every) == 3
    for some in (seen, seen[1:], [("EMAIL", "a@x.example"), ("PERSON", "Anna")], [(e.kind, e.value) for e in every]):
        assert await vault.known(scope, some) == every
    await vault.forget(scope)
    assert await vault.known(scope, seen) == []


@pytest.mark.parametrize("place", ["valkey"], indirect=True)
async def test_what_was_seen_is_no_longer_known_once_somebody_else_erased_it(
    place: Place, ring: RingInHand, scope: Scope
) -> None:
    seen = [("PERSON", ANNA.value)]
    async with opened(place.url, ring) as here, opened(place.url, ring) as there:
        await here.vault.allocate(scope, [ANNA])
        await there.vault.allocate(scope, [Claim("PERSON", "Bert Muster")])
        assert [e.value for e in await here.vault.known(scope, seen)] == [ANNA.value, "Bert Muster"]
        await there.custody.forget_value(scope.tenant, ANNA.value)
        assert [e.value for e in await here.vault.known(scope, seen)] == ["Bert Muster"]
        await there.vault.forget(scope)
        await there.vault.allocate(scope, [Claim("PERSON", "Carla Probe")])
        assert await here.vault.known(scope, seen) == [Entry("[PERSON_1]", "PERSON", "Carla Probe")]


async def test_only_what_was_not_seen_is_fetched(
    vault: Vault, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, fetched = vault._store, list[list[str]]()  # type: ignore[attr-defined]
    pick = store.pick

    async def spied(key: str, tokens: list[str], **options: bool) -> object:
        fetched.append(tokens)
        return await pick(key, tokens, **options)

    monkeypatch.setattr(store, "pick", spied)
    monkeypatch.setattr(store, "read", None)  # the whole of it is not asked for
    people = [Claim("PERSON", f"Person Nummer {n}") for n in range(20)]
    await vault.allocate(scope, people)
    assert len(await vault.known(scope, [("PERSON", claim.value) for claim in people[1:]])) == 20
    assert fetched == [["[PERSON_1]"]]


async def test_restore_gives_what_this_scope_issued_and_nothing_else(vault: Vault, scope: Scope) -> None:
    await vault.allocate(scope, [ANNA])
    others = [Scope(scope.tenant, "u1", "c2"), Scope(scope.tenant, "u2", "c1"), Scope("t9", "u1", "c1")]
    assert await vault.restore(scope, ["[PERSON_1]", "[PERSON_2]", "[PERSON_1]"]) == {"[PERSON_1]": ANNA.value}
    assert [await vault.restore(other, ["[PERSON_1]"]) for other in others] == [{}, {}, {}]


async def test_nothing_asked_is_nothing_given(vault: Vault, scope: Scope) -> None:
    assert (await vault.allocate(scope, []), await vault.restore(scope, []), await vault.known(scope)) == ([], {}, [])


async def test_a_forgotten_scope_begins_anew(vault: Vault, scope: Scope) -> None:
    await vault.allocate(scope, [ANNA, Claim("PERSON", "Bert Muster")])
    assert await vault.forget(scope) == 2
    assert await vault.forget(scope) == 0
    assert await vault.restore(scope, ["[PERSON_1]"]) == {}
    assert await vault.allocate(scope, [Claim("PERSON", "Bert Muster")]) == ["[PERSON_1]"]


async def test_a_tenant_scope_derives_tokens_from_values(vault: Vault) -> None:
    scope = Scope(secrets.token_hex(8))
    claims = [ANNA, Claim("PERSON", "Beispiel", 0, "FAMILY"), Claim("PERSON", "Bert Muster")]
    first = await vault.allocate(scope, claims)
    again = await vault.allocate(scope, list(reversed(claims[2:])) + claims[:1])
    assert again == [first[2], first[0]]
    assert first[1] == first[0].replace("]", "_FAMILY]")
    assert await vault.restore(scope, first) == {t: c.value for t, c in zip(first, claims, strict=True)}


async def test_a_large_tenant_scope_is_not_read_whole(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "DERIVED_KNOWN", 3)
    scope, people = Scope(secrets.token_hex(8)), [Claim("PERSON", f"Person {n}") for n in range(4)]
    await vault.allocate(scope, people[:3])
    assert len(await vault.known(scope)) == 3
    tokens = await vault.allocate(scope, people)
    assert await vault.known(scope) == []
    assert await vault.restore(scope, tokens[3:]) == {tokens[3]: "Person 3"}


async def test_fifty_writers_agree(vault: Vault, scope: Scope) -> None:
    people = [Claim("PERSON", f"Person Nummer {n}") for n in range(40)]
    batches = [[people[(start + step) % 40] for step in range(12)] for start in range(50)]
    answers = await asyncio.gather(*(vault.allocate(scope, batch) for batch in batches))
    tokens: dict[str, str] = {}
    for batch, answer in zip(batches, answers, strict=True):
        for claim, token in zip(batch, answer, strict=True):
            assert tokens.setdefault(claim.value, token) == token
    assert set(tokens.values()) == {f"[PERSON_{n}]" for n in range(1, 41)}
    assert {entry.value: entry.token for entry in await vault.known(scope)} == tokens


@pytest.mark.parametrize("place", ["valkey", "sentinel", "cluster"], indirect=True)
@pytest.mark.parametrize("derived", [False, True])
async def test_fifty_writers_that_share_nothing_but_the_store_agree(
    place: Place, ring: RingInHand, scope: Scope, derived: bool
) -> None:
    scope = Scope(scope.tenant) if derived else scope
    patient = replace(place.settings, connect=20, command=20)  # fifty first connections at once on a busy machine
    vaults = [open_vault(place.url, ring, patient) for _ in range(50)]
    people = [Claim("PERSON", f"Person Nummer {n}") for n in range(20)]
    batches = [[people[(start + step) % 20] for step in range(4)] for start in range(50)]
    try:
        answers = await asyncio.gather(*(v.allocate(scope, b) for v, b in zip(vaults, batches, strict=True)))
        tokens: dict[str, set[str]] = {}
        for batch, answer in zip(batches, answers, strict=True):
            for claim, token in zip(batch, answer, strict=True):
                tokens.setdefault(claim.value, set()).add(token)
        assert all(len(each) == 1 for each in tokens.values())
        assert len(set.union(*tokens.values())) == 20
        assert {entry.value: {entry.token} for entry in await vaults[0].known(scope)} == tokens
    finally:
        for vault in vaults:
            await vault.close()


async def test_it_is_ready(vault: Vault) -> None:
    await vault.ready()
