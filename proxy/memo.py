"""What follows from a chat's texts or values, worked out for the new ones only: each turn adds to those before.

It is remembered by a keyed digest of hashes (PEP 456) of what it follows from, which can't be read back.
"""

import copy
import hashlib
import secrets
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Sequence
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
        return max((length for length, digest in self._digests(items).items() if digest in self._kept), default=0)

    def __call__(self, items: Sequence[Hashable], grow: Callable[[Kind], Result], *, stem: bool = False) -> Result:
        """Return what ``grow`` gives, which lets what has grown to the longest beginning of a list grow to all of it.

        It is then known by the whole list only; a ``stem`` stays where it is for other lists that begin alike. Where
        ``grow`` fails, what it was given is forgotten.
        """
        digests = self._digests(items)
        whole = digests[len(items)]
        stem = stem or (whole in self._kept and self._kept[whole].stem)  # one that is asked for by itself stays one
        growth = self._longest([digests[length] for length in sorted(digests, reverse=True)])
        result = grow(growth)
        self._keep(whole, growth, len(items), stem=stem)
        return result

    def _digests(self, items: Sequence[Hashable]) -> dict[int, bytes]:
        """Return digests of all items, and of as many of the first as any growth has."""
        hashes = array("q", map(hash, items))
        digest, digests, done = hashlib.blake2b(digest_size=_DIGEST_BYTES, key=self._key), {}, 0
        for length in sorted({length for length in self._lengths if length < len(items)} | {len(items)}):
            digest.update(hashes[done:length])
            digests[length], done = digest.copy().digest(), length
        return digests

    def _longest(self, digests: Sequence[bytes]) -> Kind:
        """Take out the first there is, or a copy of a stem, or else a new one; ``digests`` begin with the whole."""
        found = next((digest for digest in digests if digest in self._kept), None)
        if found is None:
            return self._new()
        if self._kept[found].stem and found != digests[0]:
            self._kept.move_to_end(found)
            return copy.copy(self._kept[found].growth)
        return self._drop(found)

    def _keep(self, digest: bytes, growth: Kind, length: int, *, stem: bool) -> None:
        size = growth.size + _OVERHEAD
        self._kept[digest] = _Kept(growth, length, size, stem)
        self._lengths[length] += 1
        self._room -= size
        while self._room < 0:
            self._drop(next(iter(self._kept)))

    def _drop(self, digest: bytes) -> Kind:
        kept = self._kept.pop(digest)
        self._lengths -= Counter([kept.length])
        self._room += kept.size
        return kept.growth
