"""What follows from a chat's texts or values, worked out for the new ones only: each turn adds to those before.

It is remembered by a keyed digest of hashes (PEP 456) of what it follows from, which can't be read back.
"""

import copy
import hashlib
import secrets
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

_DIGEST_BYTES: Final = 16
_OVERHEAD: Final = 400  # bytes of what is remembered of a growth, in CPython


class Growth(Protocol):
    """What was worked out for a list, and can go on with more of it. It keeps none of the list itself.

    A growth that is to be a stem must be copied by ``copy.copy`` into one that grows by itself.
    """

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        ...


Kind = TypeVar("Kind", bound=Growth)
Result = TypeVar("Result")


class _Kept(NamedTuple, Generic[Kind]):
    growth: Kind
    length: int
    size: int
    stem: bool


class Memo(Generic[Kind]):
    """The growths last asked for, of about ``limit`` bytes in all. Each is remembered by the list it has grown to."""

    def __init__(self, new: Callable[[], Kind], limit: int) -> None:
        self._new = new
        self._key = secrets.token_bytes(_DIGEST_BYTES)
        self._room = limit
        self._kept: OrderedDict[bytes, _Kept[Kind]] = OrderedDict()
        self._lengths = Counter[int]()

    def begun(self, items: Sequence[Hashable]) -> int:
        """Return how long a beginning of a list there is a growth for."""
        found = self._longest(self._digests(_hashes(items)))
        return self._kept[found].length if found else 0

    @contextmanager
    def growing(self) -> Iterator["Growing[Kind]"]:
        """Lend a growth to one request."""
        growing = Growing(self)
        try:
            yield growing
        finally:
            growing.put_back()

    def take(self, hashes: "array[int]") -> tuple[Kind, bool]:
        """Take out what has grown to the longest beginning of a list; and tell whether it is a stem of all the list.

        Of any other stem it is a copy, and where there is nothing, it is new.
        """
        digests = self._digests(hashes)
        found = self._longest(digests)
        if found is None:
            return self._new(), False
        stem = self._kept[found].stem
        if stem and self._kept[found].length < len(hashes):
            self._kept.move_to_end(found)
            return copy.copy(self._kept[found].growth), False
        return self._drop(found), stem

    def keep(self, hashes: "array[int]", growth: Kind, *, stem: bool) -> None:
        """Remember what has grown to a list."""
        digest = hashlib.blake2b(hashes, digest_size=_DIGEST_BYTES, key=self._key).digest()
        size = growth.size + _OVERHEAD
        if digest in self._kept:  # of another request for the same
            stem = self._kept[digest].stem or stem
            self._drop(digest)
        self._kept[digest] = _Kept(growth, len(hashes), size, stem)
        self._lengths[len(hashes)] += 1
        self._room -= size
        while self._room < 0:
            self._drop(next(iter(self._kept)))

    def _digests(self, hashes: "array[int]") -> list[bytes]:
        """Return digests of a list and of as much of its beginning as any growth has, the longest first."""
        digest, digests, done = hashlib.blake2b(digest_size=_DIGEST_BYTES, key=self._key), list[bytes](), 0
        for length in sorted(length for length in self._lengths if length <= len(hashes)):
            digest.update(hashes[done:length])
            digests.append(digest.copy().digest())
            done = length
        return digests[::-1]

    def _longest(self, digests: Sequence[bytes]) -> bytes | None:
        return next((digest for digest in digests if digest in self._kept), None)

    def _drop(self, digest: bytes) -> Kind:
        kept = self._kept.pop(digest)
        self._lengths -= Counter([kept.length])
        self._room += kept.size
        return kept.growth


class Growing(Generic[Kind]):
    """A growth in one request's hands, whose list comes little by little."""

    def __init__(self, memo: Memo[Kind]) -> None:
        self._memo = memo
        self._growth: Kind | None = None
        self._items: Sequence[Hashable] = ()  # what it has grown to
        self._hashes = array("q")  # of those

    def __call__(self, items: Sequence[Hashable], grow: Callable[[Kind], Result], *, stem: bool = False) -> Result:
        """Return what ``grow`` gives, which lets what has grown to the longest beginning of a list grow to all of it.

        It is then known by the whole list only; a ``stem`` stays where it is for other lists that begin alike. Where
        ``grow`` fails, what it was given is forgotten. If it is the very list of the last call, it was only added to.
        """
        hashes = self._hashes + _hashes(items[len(self._hashes) :]) if items is self._items else _hashes(items)
        if self._growth is None or hashes[: len(self._hashes)] != self._hashes:
            self.put_back()
            self._growth, was = self._memo.take(hashes)
            stem = stem or was  # one that is asked for by itself stays one
        growth, self._growth = self._growth, None
        result = grow(growth)
        self._growth, self._items, self._hashes = growth, items, hashes
        if stem:
            self.put_back(stem=True)
        return result

    def put_back(self, *, stem: bool = False) -> None:
        """Let other requests have it."""
        if self._growth is not None:
            self._memo.keep(self._hashes, self._growth, stem=stem)
        self._growth, self._items, self._hashes = None, (), array("q")


def _hashes(items: Sequence[Hashable]) -> "array[int]":
    return array("q", map(hash, items))
