"""Records: how one value lies in a store. Pure; keys and nonces are handed in.

A record is version (1 byte) ‖ seconds since 1970 (4) ‖ search digest (16) ‖ the sealed value. It is bound to tenant,
scope, incarnation, token, kind and its own first 21 bytes, so it opens nowhere else. A record without a sealed value
is a grave: it keeps the token from being issued again.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from keys import derive, seal
from keys.secret import Secret
from proxy.scope import Scope
from proxy.token import parse

VERSION: Final = 1
DIGEST_BYTES: Final = 16
HEAD_BYTES: Final = 1 + 4 + DIGEST_BYTES
INCARNATION_BYTES: Final = 16
FIRST_DERIVED: Final = 10_000_000  # derived numbers have eight digits, out of the way of counted ones
LAST_DERIVED: Final = 99_999_999


@dataclass(frozen=True, slots=True)
class ScopeKeys:
    """All keys of one incarnation of a scope, derived from its DEK, and what its records are bound to."""

    bound: bytes
    sealer: seal.Sealer
    index: Secret
    search: Secret
    mint: Secret

    @classmethod
    def of(cls, scope: Scope, incarnation: bytes, dek: Secret) -> "ScopeKeys":
        """Derive the keys; records name the incarnation as the id of their key."""
        return cls(
            seal.associated(scope.tenant.encode(), scope.key.encode(), incarnation),
            seal.Sealer(derive.derive(dek, derive.RECORD), incarnation[: seal.KEY_ID_BYTES]),
            derive.derive(dek, derive.INDEX),
            derive.derive(dek, derive.SEARCH),
            derive.derive(dek, derive.MINT),
        )

    def digest(self, kind: str, value: str) -> bytes:
        """Give the keyed digest under which this very value is found again."""
        return derive.keyed(self.index, kind.encode(), _bytes(value))[:DIGEST_BYTES]

    def digests(self, values: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        """Give the digests of many values, each with its kind."""
        by_kind: dict[str, dict[str, None]] = {}
        for kind, value in values:
            by_kind.setdefault(kind, {})[value] = None
        found: dict[tuple[str, str], bytes] = {}
        for kind, own in by_kind.items():
            digests = derive.keyed_each(self.index, kind.encode(), map(_bytes, own))
            found |= {(kind, value): digest[:DIGEST_BYTES] for value, digest in zip(own, digests, strict=True)}
        return found

    def search_digest(self, value: str) -> bytes:
        """Give the keyed digest under which an operator finds the value, however it is cased, spaced or composed."""
        return derive.keyed(self.search, _bytes(fold(value)))[:DIGEST_BYTES]

    def derived_number(self, kind: str, value: str, attempt: int) -> int:
        """Give the number of a derived token, eight digits; `attempt` counts the collisions so far."""
        digest = derive.keyed(self.mint, kind.encode(), _bytes(value), str(attempt).encode())
        return FIRST_DERIVED + int.from_bytes(digest[:16], "big") % (LAST_DERIVED - FIRST_DERIVED + 1)


def fold(value: str) -> str:
    """Bring spellings of one value together: compatibility composition, case, and runs of white space."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold()).split())


def write(keys: ScopeKeys, token: str, value: str, created: int, nonce: bytes) -> bytes:
    """Seal a value into its record."""
    head = _head(created, keys.search_digest(value))
    return head + keys.sealer.seal(_bytes(value), _bound(keys, token, head), nonce)


def read(keys: ScopeKeys, token: str, record: bytes) -> str | None:
    """Open a record; None for a grave. Raises SealBroken when it is not what was written here."""
    if is_grave(record):
        return None
    head, sealed = record[:HEAD_BYTES], record[HEAD_BYTES:]
    return _text(keys.sealer.open(sealed, _bound(keys, token, head)))


def grave(created: int) -> bytes:
    """Give the record of a forgotten value: nothing but that its token was used."""
    return _head(created, bytes(DIGEST_BYTES))


def is_grave(record: bytes) -> bool:
    """Tell whether a record holds no value any more."""
    return len(record) <= HEAD_BYTES


def search_digest_of(record: bytes) -> bytes:
    """Read the search digest from a record."""
    return record[HEAD_BYTES - DIGEST_BYTES : HEAD_BYTES]


def created_of(record: bytes) -> int:
    """Read when the value was first seen, in seconds since 1970."""
    return int.from_bytes(record[1:5], "big")


def _head(created: int, search: bytes) -> bytes:
    return bytes([VERSION]) + created.to_bytes(4, "big") + search


def _bound(keys: ScopeKeys, token: str, head: bytes) -> bytes:
    return keys.bound + seal.associated(token.encode(), parse(token)[0].encode(), head)


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")  # JSON may carry lone surrogates


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogatepass")
