"""Envelope encryption: a scope's DEK travels wrapped by a key-encryption key.

`Wrapper` is the small Protocol behind which a key ring, HashiCorp Vault transit or a cloud KMS may stand. A wrapped
DEK is bound to its context (the scope it belongs to), so it cannot be moved to another scope.
"""

from collections.abc import Callable
from typing import Protocol

from keys.errors import KeyDestroyed
from keys.ring import Entropy, KeyRing, State
from keys.seal import NONCE_BYTES, Sealer, key_id_of
from keys.secret import Secret


class Wrapper(Protocol):
    """Wraps and unwraps DEKs under a key that stays where it is."""

    async def wrap(self, dek: Secret, context: bytes) -> bytes:
        """Wrap under the newest key. Raises KeysError."""
        ...

    async def unwrap(self, wrapped: bytes, context: bytes) -> Secret:
        """Unwrap whatever key it was wrapped under. Raises SealBroken, KeyUnknown, KeyDestroyed."""
        ...

    async def current(self, wrapped: bytes) -> bool:
        """Tell whether `wrapped` is under the newest key, so that rewrapping can pass it by."""
        ...

    def generation(self) -> object:
        """Give what compares unequal after the keys changed; unwrapped DEKs are remembered no longer than that."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class RingWrapper:
    """A Wrapper over the key ring that `ring` gives at each call, so that a rotation is seen without a restart."""

    def __init__(self, ring: Callable[[], KeyRing], entropy: Entropy) -> None:
        self._ring = ring
        self._entropy = entropy

    async def wrap(self, dek: Secret, context: bytes) -> bytes:
        """Wrap under the primary key."""
        primary = self._ring().primary
        sealer = Sealer(primary.exposed(), bytes.fromhex(primary.key_id))
        return sealer.seal(dek.expose(), context, self._entropy(NONCE_BYTES))

    async def unwrap(self, wrapped: bytes, context: bytes) -> Secret:
        """Unwrap under the key the DEK names, whatever its state, unless it was destroyed."""
        key_id = key_id_of(wrapped)
        key = self._ring().key(key_id.hex())
        if key.state is State.DESTROYED:
            raise KeyDestroyed(f"key {key.key_id} was destroyed")
        return Secret(Sealer(key.exposed(), key_id).open(wrapped, context))

    async def current(self, wrapped: bytes) -> bool:
        """Tell whether the primary key wrapped it."""
        return key_id_of(wrapped).hex() == self._ring().primary.key_id

    def generation(self) -> object:
        """Give the ring itself."""
        return self._ring()

    async def close(self) -> None:
        """Do nothing: a ring has no connections."""
