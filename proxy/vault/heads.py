"""What a process remembers of scopes between two requests: digests, tokens and unwrapped keys, never values.

It saves the round trip that would fetch them; the store refuses whatever was planned on an outdated head.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from proxy.vault.plan import Picture
from proxy.vault.record import ScopeKeys

SCOPES: Final = 2048  # at most so many scopes are remembered …
TOKENS: Final = 500_000  # … with at most so many tokens in all: some hundred MiB


@dataclass(slots=True)
class Head:
    """A scope as it was last seen. `dek` is empty unless the scope is yet to be made."""

    incarnation: bytes
    keys: ScopeKeys
    revision: int
    picture: Picture
    dek: bytes = b""


class Heads:
    """The heads of the scopes used last."""

    def __init__(self) -> None:
        self._heads: OrderedDict[str, Head] = OrderedDict()
        self._generation: object = None
        self._tokens = 0

    def last(self, key: str, generation: object) -> Head | None:
        """Give what is remembered of a scope; nothing once the keys' generation changed, as one may be destroyed."""
        if generation != self._generation:
            self.clear()
            self._generation = generation
        return self._heads.get(key)

    def remember(self, key: str, head: Head) -> None:
        """Keep a head, and drop the longest unused ones where there are too many."""
        self.drop(key)
        self._heads[key] = head
        self._tokens += len(head.picture.taken)
        while len(self._heads) > SCOPES or self._tokens > TOKENS:
            _, oldest = self._heads.popitem(last=False)
            self._tokens -= len(oldest.picture.taken)

    def drop(self, key: str) -> None:
        """Forget one head."""
        if (head := self._heads.pop(key, None)) is not None:
            self._tokens -= len(head.picture.taken)

    def clear(self) -> None:
        """Forget all heads."""
        self._heads.clear()
        self._tokens = 0
