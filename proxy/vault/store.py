"""What a vault needs of a store: sealed records per scope, committed all or nothing. A store never sees a value.

A scope is one set of records under one key. Its incarnation, 16 random bytes, changes when it is erased and begins
anew, so that a writer with an old picture of it can never write into the new one.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """One value's entry: the keyed digest it is found by (none for a grave), its token, its record (see record.py)."""

    digest: bytes
    token: str
    record: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A scope as the store holds it, or as much of it as was asked for.

    `life` is the time it began, which resealing leaves alone, unlike the incarnation.
    """

    incarnation: bytes
    dek: bytes
    revision: int
    life: str
    index: Mapping[bytes, str]
    records: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Draft:
    """New rows, and the picture of the scope they were made from.

    `revision` is the revision the scope must still be at, or None where rows need only not contradict what is there
    (derived tokens). A `revision` of 0 says that the scope must not exist yet.
    """

    incarnation: bytes
    dek: bytes
    revision: int | None
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a draft was committed; `snapshot` is the scope as it was before (None where it did not exist).

    A snapshot after a refusal holds all of the scope, or, for a draft without a revision, what touches its rows.
    """

    committed: bool
    snapshot: Snapshot | None = None


class Store(Protocol):
    """Each method is one round trip (`pages` and `scan`: each page is) and raises VaultUnavailable.

    Using a scope moves its idle expiry on.
    """

    async def read(self, key: str, *, use: bool = True, at_most: int | None = None) -> Snapshot | None:
        """Give all of a scope, or None where there is none; without `use` its expiry stays where it is.

        Of a scope with more than `at_most` tokens no rows are given.
        """
        ...

    async def pick(self, key: str, tokens: Sequence[str], *, use: bool = True) -> Snapshot | None:
        """Give a scope with only the records of `tokens`, those it has, and an empty index."""
        ...

    async def commit(self, key: str, draft: Draft) -> Outcome:
        """Write all rows of a draft, or none."""
        ...

    async def replace_dek(self, key: str, incarnation: bytes, old: bytes, new: bytes) -> bool:
        """Put a rewrapped DEK in the place of the old one; False where the scope changed meanwhile."""
        ...

    async def reseal(self, key: str, seen: Snapshot, draft: Draft) -> bool:
        """Put another incarnation with the rows of `draft` in the place of a scope; expiry and age stay.

        A row without a digest is a grave. False where the scope is no longer as it was `seen`.
        """
        ...

    async def bury(self, key: str, incarnation: bytes, graves: Sequence[Row]) -> bool:
        """Put graves in the place of records; their digests are the index's entries that go.

        False where the scope is no longer of that `incarnation`.
        """
        ...

    def pages(self, key: str) -> AsyncIterator[Mapping[str, bytes]]:
        """Give a scope's records by their tokens, a page at a time, one round trip each, some perhaps twice.

        What is there from the first page to the last is given. The expiry stays where it is.
        """
        ...

    async def remove(self, key: str, incarnation: bytes = b"") -> int:
        """Erase a scope, or only that incarnation of it; gives the number of values (not graves) it held."""
        ...

    def scan(self, prefix: str) -> AsyncIterator[str]:
        """Give the keys of all scopes whose key begins with `prefix`, some perhaps twice."""
        ...

    async def ready(self) -> None:
        """Raise VaultUnavailable where the store could lose what it acknowledges."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...
