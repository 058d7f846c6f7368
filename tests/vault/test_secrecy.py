"""What a stolen store, backup, core or log gives away: nothing. And what moving or changing records does: nothing."""

import base64
import copy
import gc
import pickle
import secrets
import shutil
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keys.envelope import RingWrapper
from keys.secret import Secret
from proxy.caller import Tenant
from proxy.scope import Scope
from proxy.vault import Claim, Entry, VaultSettings, VaultUnavailable, open_both, open_store, open_vault
from proxy.vault.memory import MemoryStore, MemoryVault
from proxy.vault.record import ScopeKeys
from tests.servers import Server
from tests.vault.clusters import QUIET, client
from tests.vault.conftest import PATIENT, RingInHand, opened

CANARY = "Zwetschgenknödel Canary-4711"
PERSISTENT = ("--appendonly", "yes", "--appendfsync", "always", "--save", "3600 1", "--enable-debug-command", "yes")


def disguises(text: str) -> list[bytes]:
    """Give the forms in which a text might lie about: encoded, folded, or only a telling part of it."""
    found: list[bytes] = []
    for part in (text, text.casefold(), "Zwetschgen", "Canary-4711"):
        raw = part.encode()
        found += [raw, part.encode("utf-16-le"), base64.b64encode(raw).rstrip(b"="), raw.hex().encode()]
    return found


def everything(server: Server) -> bytes:
    """Give all that can be had of a server: files, replies, internals, its memory."""
    admin = client(server)
    admin.bgrewriteaof()
    admin.save()
    parts = [path.read_bytes() for path in server.folder.rglob("*") if path.is_file()]
    for key in admin.keys("deckname*"):
        parts += [key, admin.dump(key), repr(admin.hgetall(key)).encode(), repr(admin.debug_object(key)).encode()]
    for command in ("MEMORY STATS", "MEMORY MALLOC-STATS", "SLOWLOG GET 100", "CLIENT LIST", "INFO everything"):
        parts.append(repr(admin.execute_command(*command.split())).encode())
    return b"".join(parts) + _memory(server)


def _memory(server: Server) -> bytes:
    """Read the writable memory of the server's process, as a core dump would have it."""
    assert server.process is not None
    areas = Path(f"/proc/{server.process.pid}/maps").read_text().splitlines()
    parts = []
    with Path(f"/proc/{server.process.pid}/mem").open("rb", buffering=0) as memory:
        for area in areas:
            bounds, rights, *_ = area.split()
            if rights.startswith("rw") and "[v" not in area:
                begin, end = (int(bound, 16) for bound in bounds.split("-"))
                memory.seek(begin)
                parts.append(memory.read(min(end - begin, 64 << 20)))
    return b"".join(parts)


async def test_no_dump_of_the_store_holds_a_value(tmp_path: Path, ring: RingInHand) -> None:
    with Server(tmp_path, (*PERSISTENT, "--slowlog-log-slower-than", "0")) as server:
        async with opened(server.url, ring) as both:
            scopes = [Scope("t", "u", "c"), Scope("t", "u"), Scope("t")]
            for scope in scopes:
                tokens = await both.vault.allocate(scope, [Claim("PERSON", CANARY), Claim("SECRET", "4711")])
                await both.vault.allocate(scope, [Claim("PERSON", CANARY.upper())])
                await both.vault.known(scope)
                assert await both.vault.restore(scope, tokens[:1]) == {tokens[0]: CANARY}
            await both.custody.find("t", CANARY)
            await both.custody.forget_value("t", CANARY)
            await both.vault.allocate(scopes[0], [Claim("PERSON", CANARY)])
            client(server).set("control", "a needle in the haystack")
            seen = everything(server)
    assert b"a needle in the haystack" in seen
    keys = [key.material.expose() for key in ring.ring.keys if key.material] + [ring.ring.root.expose()]
    assert [form for form in disguises(CANARY) + keys if form in seen] == []


async def test_equal_values_do_not_look_equal_in_two_scopes(ring: RingInHand) -> None:
    store = open_store("memory:", VaultSettings())
    assert isinstance(store, MemoryStore)
    both = open_both("memory:", ring)
    vault: Any = both.vault
    vault._store = store
    pieces: list[bytes] = []
    for scope in (Scope("t", "u", "c1"), Scope("t", "u", "c2"), Scope("t"), Scope("t2", "u", "c1")):
        await vault.allocate(scope, [Claim("PERSON", CANARY)])
        snapshot = await store.read(scope.key)
        assert snapshot is not None
        (record,), (digest,) = snapshot.records.values(), snapshot.index
        pieces += [digest, record[5:21], record[21 + 17 :], snapshot.dek, snapshot.incarnation]
    assert len(set(pieces)) == len(pieces)


async def test_a_record_opens_only_where_it_was_written(ring: RingInHand) -> None:
    """Whoever can write to the store cannot make one person's token give another person's value."""
    vault: Any = open_vault("memory:", ring)
    here, there = Scope("t", "u", "c1"), Scope("t", "u", "c2")
    for scope in (here, there):
        await vault.allocate(scope, [Claim("PERSON", "Anna Beispiel"), Claim("PERSON", "Bert Muster")])
    held = vault._store._scopes
    good = dict(held[here.key].records)
    swapped = {"[PERSON_1]": good["[PERSON_2]"], "[PERSON_2]": good["[PERSON_1]"]}
    foreign = dict(held[there.key].records)
    retyped = good | {"[IBAN_1]": good["[PERSON_1]"]}
    redated = good | {"[PERSON_1]": good["[PERSON_1]"][:1] + bytes(4) + good["[PERSON_1]"][5:]}
    refound = good | {"[PERSON_1]": good["[PERSON_1]"][:5] + good["[PERSON_2]"][5:21] + good["[PERSON_1]"][21:]}
    cut = good | {"[PERSON_1]": good["[PERSON_1]"][:-1]}
    for forged in (swapped, foreign, retyped, redated, refound, cut):
        held[here.key].records = forged
        with pytest.raises(VaultUnavailable) as refused:
            await vault.known(here)
        assert refused.value.__cause__ is None
    held[here.key].records = good
    assert len(await vault.known(here)) == 2
    fresh: Any = open_vault("memory:", ring)
    fresh._store = vault._store
    held[here.key].dek, held[here.key].incarnation = held[there.key].dek, held[there.key].incarnation
    with pytest.raises(VaultUnavailable):
        await fresh.known(here)


async def test_a_forgotten_scope_cannot_be_read_from_a_backup(tmp_path: Path, ring: RingInHand) -> None:
    """With keys kept apart: the records come back from the backup, and nobody can open them."""
    scope, other, tenant = Scope("t", "u1", "c"), Scope("t", "u2", "c"), [Scope("v", "u", "c"), Scope("v")]
    with Server(tmp_path / "keys", QUIET) as keys:
        settings = replace(PATIENT, dek_url=keys.url)
        with Server(tmp_path / "live", PERSISTENT) as live:
            async with opened(live.url, ring, settings) as both:
                for each in (scope, other, *tenant):
                    await both.vault.allocate(each, [Claim("PERSON", "Anna Beispiel"), Claim("PERSON", "Bert Muster")])
                client(live).save()
                shutil.copytree(live.folder, tmp_path / "backup")
                await both.custody.forget(scope)
                await both.custody.forget_value("t", "Anna Beispiel")
                await both.custody.forget_all("v")
                assert [entry.value for entry in await both.vault.known(other)] == ["Bert Muster"]
        with Server(tmp_path / "backup", PERSISTENT) as backup:
            assert len(client(backup).keys("deckname:*")) == 4
            async with opened(backup.url, ring, settings) as thief:
                for each in (scope, other, *tenant):
                    assert await thief.vault.known(each) == []
                    assert await thief.vault.restore(each, ["[PERSON_1]", "[PERSON_2]"]) == {}


async def test_backups_fade_with_the_key_they_were_closed_with(tmp_path: Path, ring: RingInHand) -> None:
    """With keys in the records: forget, then rotate, rewrap, retire and destroy."""
    gone, kept = Scope("t", "u1", "c"), Scope("t", "u2", "c")
    with Server(tmp_path / "live", PERSISTENT) as live:
        async with opened(live.url, ring) as both:
            for each in (gone, kept):
                await both.vault.allocate(each, [Claim("PERSON", "Anna Beispiel")])
            client(live).save()
            shutil.copytree(live.folder, tmp_path / "backup")
            await both.custody.forget(gone)
            first = ring.ring.primary.key_id
            ring.change(lambda ring: ring.rotate(secrets.token_bytes, 2).retire(first))
            await both.custody.rewrap(lambda _: None)
            ring.change(lambda ring: ring.destroy(first))
            assert len(await both.vault.known(kept)) == 1
    with Server(tmp_path / "backup", PERSISTENT) as backup:
        async with opened(backup.url, ring) as thief:
            assert [await thief.vault.known(each) for each in (gone, kept)] == [[], []]


async def test_reprs_and_errors_show_no_value(ring: RingInHand) -> None:
    vault: Any = MemoryVault(ring.ring)
    scope = Scope("t", "u", "c")
    claims = [Claim("PERSON", CANARY), Claim("PERSON", CANARY, 5)]
    shown = [repr(claims), repr(Entry("[PERSON_1]", "PERSON", CANARY))]
    for bad in (claims, [Claim(CANARY, "x")], [Claim("PERSON", CANARY, None, CANARY)]):
        with pytest.raises(ValueError, match=r"parent|kind|part") as refused:
            await vault.allocate(scope, bad)
        shown.append(f"{refused.value!r}")
    await vault.allocate(scope, claims[:1])
    vault._store._scopes[scope.key].records["[PERSON_1]"] = b"x" * 80
    with pytest.raises(VaultUnavailable) as trouble:
        await vault.known(scope)
    shown += ["".join(traceback.format_exception(trouble.value)), repr(vault), repr(vault._heads), repr(vars(vault))]
    assert [text for text in shown if "Canary" in text or "Zwetschgen" in text] == []


def forms(key: bytes) -> list[str]:
    """Give the forms in which a key might be printed."""
    return [key.hex(), base64.b64encode(key).decode().rstrip("="), repr(key)[2:-1], str(list(key))[1:-1]]


async def test_nothing_that_holds_a_key_shows_or_pickles_it(ring: RingInHand) -> None:
    entropy = secrets.token_bytes
    both = open_both("memory:", ring)
    vault: Any = both.vault
    scope, dek = Scope("t", "u", "c"), Secret(entropy(32))
    await vault.allocate(scope, [Claim("PERSON", CANARY)])
    held = ScopeKeys.of(scope, bytes(16), dek)
    tenant = Tenant.of(ring.ring.root, "team")
    inside = [vault._heads.last(scope.key, ring.ring).keys]  # those that are in use
    bearers: list[Any] = [ring.ring, ring.ring.primary, held, held.sealer, tenant, *inside, inside[0].sealer]
    owners: list[Any] = [RingWrapper(ring.current, entropy), vault, both.custody, vault._deks, vault._heads]
    keys = [ring.ring.root, *(key.exposed() for key in ring.ring.keys), dek, tenant.key, tenant.fingerprint_key]
    keys += [secret for each in (held, *inside) for secret in (each.index, each.search, each.mint)]
    shown = "".join(f"{each!r} {each} {vars(each) if hasattr(each, '__dict__') else ''}" for each in bearers + owners)
    assert [form for key in keys for form in forms(key.expose()) if form in shown] == []
    for each in bearers:
        for leak in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError):
                leak(each)


async def test_no_plain_value_stays_in_the_vault(ring: RingInHand) -> None:
    """Between two requests the vault remembers digests and tokens, never values."""
    vault = MemoryVault(ring.ring)
    scope = Scope("t", "u", "c")
    value = "Kanarien" + "vogel 0815"
    await vault.allocate(scope, [Claim("PERSON", value)])
    await vault.known(scope)
    seen: set[int] = set()
    todo: list[Any] = [vault]
    while todo:
        each = todo.pop()
        if id(each) in seen or isinstance(each, type) or each is value:
            continue
        seen.add(id(each))
        assert each != value
        todo += [part for part in gc.get_referents(each) if not callable(part)]


async def test_scopes_expire_when_idle_and_at_the_latest_at_their_maximum(ring: RingInHand) -> None:
    now = [1000.0]
    store = MemoryStore(idle=100, maximum=250, clock=lambda: now[0])
    vault: Any = open_vault("memory:", ring)
    vault._store = store
    used, idle, scope = Scope("t", "u", "used"), Scope("t", "u", "idle"), [Claim("PERSON", "Anna Beispiel")]
    for each in (used, idle):
        await vault.allocate(each, scope)
    for now[0] in (1080.0, 1160.0, 1240.0):
        assert len(await vault.known(used)) == 1
    assert await vault.known(idle) == []
    now[0] = 1251.0
    assert await vault.known(used) == []
    assert await vault.allocate(used, [Claim("PERSON", "Bert Muster")]) == ["[PERSON_1]"]


async def test_the_store_itself_expires_scopes(tmp_path: Path, ring: RingInHand) -> None:
    limits = replace(PATIENT, idle=500, maximum=900)
    scope = Scope("t", "u", "c")
    with Server(tmp_path, QUIET) as server:
        admin = client(server)
        async with opened(server.url, ring, replace(limits, dek_url=server.url)) as both:
            await both.vault.allocate(scope, [Claim("PERSON", "Anna Beispiel")])
            (key,), (dek,) = admin.keys("deckname:*"), admin.keys("deckname-dek:*")
            assert 490 < admin.ttl(key) <= 500
            assert admin.ttl(dek) > 900
            for use in (both.vault.known(scope), both.vault.restore(scope, ["[PERSON_1]"])):
                admin.expire(key, 50)
                await use
                assert admin.ttl(key) > 490
            before = admin.info("persistence")["rdb_changes_since_last_save"]
            for use in (both.vault.known(scope), both.vault.restore(scope, ["[PERSON_1]"])):
                await use  # so soon after the last time that nothing is worth writing down
            assert admin.info("persistence")["rdb_changes_since_last_save"] == before
            admin.expire(key, 50)
            await both.custody.find("t", "Anna Beispiel")
            await both.custody.forget_value("t", "Anna Beispiel")
            assert admin.ttl(key) <= 50  # an operator's looking is no use
            admin.hincrbyfloat(key, "c", -700)
            await both.vault.allocate(scope, [Claim("PERSON", "Bert Muster")])
            assert admin.ttl(key) <= 200


async def test_allocating_is_one_round_trip_whatever_the_number(tmp_path: Path, ring: RingInHand) -> None:
    with Server(tmp_path, QUIET) as server:
        async with opened(server.url, ring) as both:
            scope, people = Scope("t", "u", "c"), [Claim("PERSON", f"Person {n}") for n in range(60)]
            await both.vault.allocate(Scope("t", "u", "warm"), people[:1])

            def trips() -> int:
                stats = client(server).info("commandstats")
                return sum(int(stats.get(f"cmdstat_{name}", {"calls": 0})["calls"]) for name in ("evalsha", "eval"))

            for claims in (people[:30], people, people[::-1]):
                before = trips()
                await both.vault.allocate(scope, claims)
                assert trips() - before == 1
            tenant = Scope("t")
            await both.vault.allocate(tenant, people[:30])
            before = trips()
            await both.vault.allocate(tenant, people)
            assert trips() - before == 1
