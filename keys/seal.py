"""Sealing: AES-256-GCM with associated data, in a ciphertext that names its key.

Sealed is version (1 byte) ‖ key id (4) ‖ nonce (12) ‖ ciphertext and tag. The nonce is handed in; it must never
repeat under one key, and 96 random bits do that for fewer than 2³² seals a key (NIST SP 800-38D §8.3).
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keys.errors import SealBroken
from keys.secret import Secret

VERSION: Final = 1
KEY_ID_BYTES: Final = 4
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
OVERHEAD: Final = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES

_HEAD: Final = bytes([VERSION])
_BODY: Final = 1 + KEY_ID_BYTES


def associated(*parts: bytes) -> bytes:
    """Join what a ciphertext is bound to; each part is length-prefixed, so no two lists of parts look alike."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])


def key_id_of(sealed: bytes) -> bytes:
    """Read the id of the key that `sealed` names; raises SealBroken when it is not in our form."""
    if len(sealed) < OVERHEAD or not sealed.startswith(_HEAD):
        raise SealBroken("not a sealed value of a version this program knows")
    return sealed[1:_BODY]


class Sealer:
    """One AES-256 key under its id, set up once and used for many values."""

    __slots__ = ("_cipher", "key_id")

    def __init__(self, key: Secret, key_id: bytes) -> None:
        if len(key_id) != KEY_ID_BYTES:
            raise ValueError("a key id has four bytes")
        self.key_id = key_id
        self._cipher = AESGCM(key.expose())

    def __repr__(self) -> str:
        return f"Sealer(key_id={self.key_id.hex()})"

    def seal(self, plain: bytes, bound: bytes, nonce: bytes) -> bytes:
        """Seal `plain`; it opens only under the same key and the same `bound` bytes. `nonce` is 12 fresh bytes."""
        if len(nonce) != NONCE_BYTES:
            raise ValueError("a nonce has twelve bytes")
        return _HEAD + self.key_id + nonce + self._cipher.encrypt(nonce, plain, bound)

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """Open a sealed value; raises SealBroken when anything about it or its place is not as it was sealed."""
        if key_id_of(sealed) != self.key_id:
            raise SealBroken("sealed under another key")
        nonce, body = sealed[_BODY : _BODY + NONCE_BYTES], sealed[_BODY + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, bound)
        except InvalidTag:
            raise SealBroken("a sealed value does not authenticate") from None
