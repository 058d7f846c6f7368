"""What follows from values alone, worked out once: a chat that is asked again holds the same values.

Results are remembered by a digest under a key of this process's own; the values themselves are not. A result must not
hold any, and is not to be changed.
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final, Generic, TypeVar

Result = TypeVar("Result")
_DIGEST_BYTES: Final = 16
_REMEMBERED: Final = 256


class Memo(Generic[Result]):
    """The results last asked for, at most ``limit``."""

    def __init__(self, limit: int = _REMEMBERED) -> None:
        self._key = secrets.token_bytes(_DIGEST_BYTES)
        self._limit = limit
        self._results: OrderedDict[bytes, Result] = OrderedDict()

    def __call__(self, parts: Iterable[str], make: Callable[[], Result]) -> Result:
        """Return what ``make`` gives; ``parts``, in their order, are all that it depends on."""
        written = "".join([f"{len(part)} {part}" for part in parts]).encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(written, digest_size=_DIGEST_BYTES, key=self._key).digest()
        if digest not in self._results:
            self._results[digest] = make()
            if len(self._results) > self._limit:
                self._results.popitem(last=False)
        self._results.move_to_end(digest)
        return self._results[digest]
