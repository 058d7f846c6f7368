"""The ring: its rules as a state machine, the rotation over four generations as the specification."""

import pickle
import secrets

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from keys.envelope import RingWrapper
from keys.errors import KeyDestroyed, KeysError, KeyUnknown, RingRefused, SealBroken
from keys.ring import KeyRing, RingKey, State, dump, load
from keys.secret import Secret

CONTEXT = b"scope"


def fresh() -> KeyRing:
    return KeyRing.generate(secrets.token_bytes, 1)


class Holder:
    """A wrapper whose ring is exchanged while it is in use."""

    def __init__(self) -> None:
        self.ring = fresh()
        self.wrapper = RingWrapper(lambda: self.ring, secrets.token_bytes)


async def test_rotation_over_four_generations() -> None:
    """Old opens, new seals under the newest; retired still opens; destroyed never again. (The specification.)"""
    holder = Holder()
    deks = [Secret(secrets.token_bytes(32)) for _ in range(4)]
    wrapped: list[bytes] = []
    for generation, dek in enumerate(deks):
        if generation:
            holder.ring = holder.ring.rotate(secrets.token_bytes, generation)
        wrapped.append(await holder.wrapper.wrap(dek, CONTEXT))
        assert [await holder.wrapper.unwrap(each, CONTEXT) for each in wrapped] == deks[: generation + 1]
        assert [await holder.wrapper.current(each) for each in wrapped] == [False] * generation + [True]
    oldest, second, third, newest = (key.key_id for key in holder.ring.keys)
    holder.ring = holder.ring.retire(oldest).retire(second)
    assert [await holder.wrapper.unwrap(each, CONTEXT) for each in wrapped] == deks
    holder.ring = holder.ring.destroy(oldest)
    with pytest.raises(KeyDestroyed):
        await holder.wrapper.unwrap(wrapped[0], CONTEXT)
    assert [await holder.wrapper.unwrap(each, CONTEXT) for each in wrapped[1:]] == deks[1:]
    moved = await holder.wrapper.wrap(await holder.wrapper.unwrap(wrapped[1], CONTEXT), CONTEXT)
    holder.ring = load(dump(holder.ring.destroy(second)))
    assert await holder.wrapper.unwrap(moved, CONTEXT) == deks[1]
    assert [key.state for key in holder.ring.keys] == ["destroyed", "destroyed", "active", "primary"]
    assert (holder.ring.primary.key_id, holder.ring.keys[2].key_id) == (newest, third)


async def test_a_wrapped_dek_cannot_be_moved_or_opened_by_strangers() -> None:
    one, other = Holder(), Holder()
    wrapped = await one.wrapper.wrap(Secret(bytes(32)), CONTEXT)
    with pytest.raises(SealBroken):
        await one.wrapper.unwrap(wrapped, b"another scope")
    with pytest.raises(KeyUnknown):
        await other.wrapper.unwrap(wrapped, CONTEXT)


class RingMachine(RuleBasedStateMachine):
    """Random lives of a ring: nothing sealed under a key that still is there is ever lost."""

    ids = Bundle("ids")
    retired = Bundle("retired")

    @initialize(target=ids)
    def begin(self) -> str:
        self.ring = fresh()
        self.states = {self.ring.primary.key_id: State.PRIMARY}
        return self.ring.primary.key_id

    @rule(target=ids)
    def rotate(self) -> str:
        root = self.ring.root
        self.ring = self.ring.rotate(secrets.token_bytes, 2)
        self._demote()
        self.states[self.ring.primary.key_id] = State.PRIMARY
        assert self.ring.root == root
        return self.ring.primary.key_id

    @rule(key_id=ids)
    def promote(self, key_id: str) -> None:
        if self.states[key_id] in {State.ACTIVE, State.PRIMARY}:
            self.ring = self.ring.promote(key_id)
            self._demote()
            self.states[key_id] = State.PRIMARY
        else:
            self._refused(lambda: self.ring.promote(key_id))

    @rule(target=retired, key_id=ids)
    def retire(self, key_id: str) -> str:
        if self.states[key_id] in {State.ACTIVE, State.RETIRED}:
            self.ring = self.ring.retire(key_id)
            self.states[key_id] = State.RETIRED
        else:
            self._refused(lambda: self.ring.retire(key_id))
        return key_id

    @rule(key_id=consumes(retired))
    def destroy_retired(self, key_id: str) -> None:
        self.destroy(key_id)

    @rule(key_id=ids)
    def destroy_any(self, key_id: str) -> None:
        self.destroy(key_id)

    @rule(text=st.text(max_size=8))
    def unknown(self, text: str) -> None:
        if text not in self.states:
            with pytest.raises(KeyUnknown):
                self.ring.key(text)

    @invariant()
    def agrees(self) -> None:
        if hasattr(self, "ring"):
            assert {key.key_id: key.state for key in self.ring.keys} == self.states
            assert all((key.material is None) is (key.state is State.DESTROYED) for key in self.ring.keys)
            assert load(dump(self.ring)) == self.ring

    def destroy(self, key_id: str) -> None:
        if self.states[key_id] in {State.RETIRED, State.DESTROYED}:
            self.ring = self.ring.destroy(key_id)
            self.states[key_id] = State.DESTROYED
        else:
            self._refused(lambda: self.ring.destroy(key_id))

    def _demote(self) -> None:
        self.states = {i: State.ACTIVE if s is State.PRIMARY else s for i, s in self.states.items()}

    @staticmethod
    def _refused(change: object) -> None:
        assert callable(change)
        with pytest.raises(RingRefused):
            change()


RingMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=20)
TestRing = RingMachine.TestCase


def test_a_ring_shows_no_key() -> None:
    ring = KeyRing(Secret(b"canary" + bytes(26)), fresh().keys)
    assert "canary" not in repr(ring)
    assert "Y2FuYXJ5" not in repr(ring)
    with pytest.raises(TypeError):
        pickle.dumps(ring)


@pytest.mark.parametrize(
    "document",
    ["", "null", "{}", "[]", '{"version": 1}', '{"version": 2, "root": "", "keys": []}', "\x00",
     '{"version": 1, "root": null, "keys": []}', '{"version": 1, "root": "?canary?", "keys": [{}]}'],
)
def test_a_broken_document_is_refused_without_quoting_it(document: str) -> None:
    with pytest.raises(RingRefused) as refused:
        load(document)
    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_ring_obeys_its_own_rules() -> None:
    good = fresh()
    key = good.primary
    other = RingKey("0badc0de", State.PRIMARY, 1, Secret(bytes(32)))
    for keys in (
        (),
        (key, key),
        (key, other),
        (RingKey("0badc0de", State.ACTIVE, 1, Secret(bytes(32))),),
        (key, RingKey("0badc0de", State.ACTIVE, 1, None)),
        (key, RingKey("0badc0de", State.DESTROYED, 1, Secret(bytes(32)))),
        (key, RingKey("0badc0de", State.ACTIVE, 1, Secret(bytes(31)))),
        (key, RingKey("xyz", State.ACTIVE, 1, Secret(bytes(32)))),
    ):
        with pytest.raises(RingRefused):
            KeyRing(good.root, keys)
    with pytest.raises(RingRefused):
        KeyRing(Secret(b"short"), good.keys)


def test_errors_form_one_tree() -> None:
    assert issubclass(KeyDestroyed, KeyUnknown)
    assert issubclass(RingRefused, KeysError)
