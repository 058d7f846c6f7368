"""What follows from the values of a chat alone, worked out for the new ones only: each turn adds to those before.

What was worked out is remembered by a digest of the values, under a key of this process's own; the values are not.
"""

import hashlib
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Generic, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Item_contra = TypeVar("Item_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)
_DIGEST_BYTES: Final = 16
_REMEMBERED: Final = 20_000  # items
_OVERHEAD: Final = 16  # items whose memory a growth takes that has none


class Growth(Protocol[Item_contra, Result_co]):
    """Gives each item a result that depends on it and on earlier ones, and goes on where it was. It keeps no value."""

    def extend(self, items: Sequence[Item_contra]) -> Sequence[Result_co]:
        """Return the results of ``items``, the first of which are those it was extended by before."""
        ...


class Memo(Generic[Item, Result]):
    """The growths last asked for, of about ``limit`` items in all. Each is remembered by the items it has grown to."""

    def __init__(self, new: Callable[[], Growth[Item, Result]], limit: int = _REMEMBERED) -> None:
        self._new = new
        self._key = secrets.token_bytes(_DIGEST_BYTES)
        self._room = limit
        self._grown: OrderedDict[bytes, tuple[int, Growth[Item, Result]]] = OrderedDict()
        self._lengths = Counter[int]()

    def __call__(self, parts: Sequence[str], items: Sequence[Item]) -> Sequence[Result]:
        """Return what a new growth says of ``items``; ``parts`` are all of each that its result depends on."""
        digests = self._digests(parts)
        growth = self._longest(digests[length] for length in sorted(digests, reverse=True)) or self._new()
        results = growth.extend(items)
        self._keep(digests[len(parts)], len(parts), growth)
        return results

    def _digests(self, parts: Sequence[str]) -> dict[int, bytes]:
        """Return digests of all parts, and of as many of the first as any growth has."""
        digest, digests, done = hashlib.blake2b(digest_size=_DIGEST_BYTES, key=self._key), {}, 0
        for length in sorted({length for length in self._lengths if length < len(parts)} | {len(parts)}):
            written = "".join([f"{len(part)} {part}" for part in parts[done:length]])
            digest.update(written.encode("utf-8", "surrogatepass"))
            digests[length], done = digest.copy().digest(), length
        return digests

    def _longest(self, digests: Iterable[bytes]) -> Growth[Item, Result] | None:
        """Take out the first there is: it will be kept as what it grows to."""
        for digest in digests:
            if digest in self._grown:
                return self._drop(digest)
        return None

    def _keep(self, digest: bytes, length: int, growth: Growth[Item, Result]) -> None:
        self._grown[digest] = length, growth
        self._lengths[length] += 1
        self._room -= length + _OVERHEAD
        while self._room < 0:
            self._drop(next(iter(self._grown)))

    def _drop(self, digest: bytes) -> Growth[Item, Result]:
        length, growth = self._grown.pop(digest)
        self._lengths -= Counter([length])
        self._room += length + _OVERHEAD
        return growth
