"""The key ring: key-encryption keys in four states, and the root from which identifiers derive.

A ring is a value; every change gives a new ring. Exactly one key is primary and wraps new DEKs; active and retired
keys still unwrap; of a destroyed key only the id is left. A key is destroyed only from retired, so a slip of the
hand does not erase. Clock and randomness are handed in.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from keys.derive import KEY_BYTES
from keys.errors import KeyDestroyed, KeyUnknown, RingRefused
from keys.seal import KEY_ID_BYTES
from keys.secret import Secret

VERSION: Final = 1
Entropy = Callable[[int], bytes]  # a number of bytes → that many random ones


class State(StrEnum):
    """Where a key is in its life."""

    PRIMARY = "primary"
    ACTIVE = "active"
    RETIRED = "retired"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class RingKey:
    """One key-encryption key. `created` counts seconds since 1970; `material` is absent once destroyed."""

    key_id: str
    state: State
    created: int
    material: Secret | None

    def exposed(self) -> Secret:
        """Give the key itself; raises KeyDestroyed when there is none any more."""
        if self.material is None:
            raise KeyDestroyed(f"key {self.key_id} was destroyed")
        return self.material


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of one installation, oldest first, and `root`, which rotation leaves alone."""

    root: Secret
    keys: tuple[RingKey, ...]

    def __post_init__(self) -> None:
        ids = [key.key_id for key in self.keys]
        if len(set(ids)) != len(ids):
            raise RingRefused("two keys of the ring have the same id")
        if sum(key.state is State.PRIMARY for key in self.keys) != 1:
            raise RingRefused("a ring has exactly one primary key")
        for key in self.keys:
            _check(key)
        if len(self.root.expose()) != KEY_BYTES:
            raise RingRefused("the root of a ring has 32 bytes")

    @classmethod
    def generate(cls, entropy: Entropy, now: int) -> KeyRing:
        """Make a ring of one fresh primary key."""
        return cls(Secret(entropy(KEY_BYTES)), (_fresh(entropy, now, State.PRIMARY, ()),))

    @property
    def primary(self) -> RingKey:
        """The key that wraps new DEKs."""
        return next(key for key in self.keys if key.state is State.PRIMARY)

    def key(self, key_id: str) -> RingKey:
        """Find a key in any state; raises KeyUnknown."""
        for key in self.keys:
            if key.key_id == key_id:
                return key
        raise KeyUnknown(f"no key {key_id} in the ring")

    def rotate(self, entropy: Entropy, now: int) -> KeyRing:
        """Add a fresh key and make it primary; the former primary stays active."""
        fresh = _fresh(entropy, now, State.ACTIVE, (key.key_id for key in self.keys))
        return KeyRing(self.root, (*self.keys, fresh)).promote(fresh.key_id)

    def promote(self, key_id: str) -> KeyRing:
        """Make an active key primary; the former primary becomes active. A primary key stays as it is."""
        if self.key(key_id).state not in {State.ACTIVE, State.PRIMARY}:
            raise RingRefused("only an active key becomes primary")
        states = {self.primary.key_id: State.ACTIVE, key_id: State.PRIMARY}
        return KeyRing(self.root, tuple(replace(k, state=states.get(k.key_id, k.state)) for k in self.keys))

    def retire(self, key_id: str) -> KeyRing:
        """Take an active key out of use: it still unwraps, but never becomes primary again."""
        if self.key(key_id).state not in {State.ACTIVE, State.RETIRED}:
            raise RingRefused("only an active key is retired; rotate first to retire the primary")
        return self._with(replace(self.key(key_id), state=State.RETIRED))

    def destroy(self, key_id: str) -> KeyRing:
        """Forget a retired key's material for good. What only it wrapped can never be read again."""
        if self.key(key_id).state not in {State.RETIRED, State.DESTROYED}:
            raise RingRefused("only a retired key is destroyed")
        return self._with(replace(self.key(key_id), state=State.DESTROYED, material=None))

    def _with(self, changed: RingKey) -> KeyRing:
        return KeyRing(self.root, tuple(changed if k.key_id == changed.key_id else k for k in self.keys))


def dump(ring: KeyRing) -> str:
    """Write the ring as its document, key material included. For key sources only."""
    keys = [
        {"id": k.key_id, "state": str(k.state), "created": k.created, "key": _b64(k.material)} for k in ring.keys
    ]
    return json.dumps({"version": VERSION, "root": _b64(ring.root), "keys": keys}, indent=1) + "\n"


def load(document: str) -> KeyRing:
    """Read a ring's document; raises RingRefused, and never shows any of it."""
    try:
        data = json.loads(document)
        return _ring(data)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RingRefused("the key ring is not a document this program can read") from None


def _ring(data: dict[str, Any]) -> KeyRing:
    if data["version"] != VERSION:
        raise RingRefused("the key ring is of a version this program does not know")
    keys = tuple(
        RingKey(str(k["id"]), State(k["state"]), int(k["created"]), _unb64(k["key"])) for k in data["keys"]
    )
    root = _unb64(data["root"])
    if root is None:
        raise RingRefused("the key ring has no root")
    return KeyRing(root, keys)


def _check(key: RingKey) -> None:
    if len(key.key_id) != 2 * KEY_ID_BYTES or set(key.key_id) - set("0123456789abcdef"):
        raise RingRefused("a key id is eight hexadecimal digits")
    if (key.material is None) is not (key.state is State.DESTROYED):
        raise RingRefused("a key has material unless it is destroyed")
    if key.material is not None and len(key.material.expose()) != KEY_BYTES:
        raise RingRefused("a key has 32 bytes")


def _fresh(entropy: Entropy, now: int, state: State, taken: Iterable[str]) -> RingKey:
    used = set(taken)
    while (key_id := entropy(KEY_ID_BYTES).hex()) in used:
        pass
    return RingKey(key_id, state, now, Secret(entropy(KEY_BYTES)))


def _b64(secret: Secret | None) -> str | None:
    return None if secret is None else base64.b64encode(secret.expose()).decode("ascii")


def _unb64(text: str | None) -> Secret | None:
    try:
        return None if text is None else Secret(base64.b64decode(text, validate=True))
    except binascii.Error:
        raise RingRefused("the key ring holds a key that is not base64") from None
