"""What follows from a chat's texts or values, worked out for the new ones only: each turn adds to those before.

What was worked out is remembered by a digest of what it follows from, under a key of this process's own.
"""

import hashlib
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Generic, Protocol, TypeVar

_DIGEST_BYTES: Final = 16
_OVERHEAD: Final = 400  # bytes of what is remembered of a growth, in CPython


class Growth(Protocol):
    """What was worked out for a list, and can go on with more of it. It keeps none of the list itself."""

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        ...


Kept = TypeVar("Kept", bound=Growth)
Result = TypeVar("Result")


class Memo(Generic[Kept]):
    """The growths last asked for, of about ``limit`` bytes in all. Each is remembered by the list it has grown to."""

    def __init__(self, new: Callable[[], Kept], limit: int) -> None:
        self._new = new
        self._key = secrets.token_bytes(_DIGEST_BYTES)
        self._room = limit
        self._kept: OrderedDict[bytes, tuple[Kept, int, int]] = OrderedDict()  # with the list's length, and bytes
        self._lengths = Counter[int]()

    def __call__(self, parts: Sequence[bytes], grow: Callable[[Kept], Result]) -> Result:
        """Return what ``grow`` gives, which lets what has grown to the longest beginning of a list grow to all of it.

        ``parts`` are what it depends on of each item. Where ``grow`` fails, what it was given is forgotten.
        """
        digests = self._digests(parts)
        growth = self._longest(digests[length] for length in sorted(digests, reverse=True)) or self._new()
        result = grow(growth)
        self._keep(digests[len(parts)], len(parts), growth)
        return result

    def _digests(self, parts: Sequence[bytes]) -> dict[int, bytes]:
        """Return digests of all parts, and of as many of the first as any growth has."""
        digest, digests, done = hashlib.blake2b(digest_size=_DIGEST_BYTES, key=self._key), {}, 0
        for length in sorted({length for length in self._lengths if length < len(parts)} | {len(parts)}):
            digest.update(b"".join([b"%d %b" % (len(part), part) for part in parts[done:length]]))
            digests[length], done = digest.copy().digest(), length
        return digests

    def _longest(self, digests: Iterable[bytes]) -> Kept | None:
        """Take out the first there is: it will be kept as what it grows to."""
        for digest in digests:
            if digest in self._kept:
                return self._drop(digest)
        return None

    def _keep(self, digest: bytes, length: int, growth: Kept) -> None:
        size = growth.size + _OVERHEAD
        self._kept[digest] = growth, length, size
        self._lengths[length] += 1
        self._room -= size
        while self._room < 0:
            self._drop(next(iter(self._kept)))

    def _drop(self, digest: bytes) -> Kept:
        growth, length, size = self._kept.pop(digest)
        self._lengths -= Counter([length])
        self._room += size
        return growth
