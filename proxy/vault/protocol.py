"""The vault as the proxy sees it: values in, tokens out, and back, within one scope.

Pure types and one Protocol. Whatever stands behind it keeps one value at one token for ever in a scope, allocates
all or nothing, and answers VaultUnavailable, never a guess, when it cannot know.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from proxy.scope import Scope


class VaultUnavailable(Exception):
    """The store is slow, gone or not fit to be trusted; nothing was decided. The message carries no value."""


class Claim(NamedTuple):  # no dataclass: a long chat has hundreds of them, to be made and hashed
    """A value that needs a token. Claims come in the order of first appearance.

    `parent` is the index of an earlier claim of the same batch that names the same identity; this claim is then of
    that claim's kind and number. `part` tells the member of the identity: FULL, GIVEN, FAMILY, ALT or nothing.
    """

    kind: str
    value: str
    parent: int | None = None
    part: str = ""

    def __repr__(self) -> str:
        return f"Claim({self.kind}, {len(self.value)} characters)"


@dataclass(frozen=True, slots=True)
class Entry:
    """A value that has a token."""

    token: str
    kind: str
    value: str = field(repr=False)


class Vault(Protocol):
    """Tokens and values of many scopes. Every method raises VaultUnavailable when the store cannot be relied on."""

    async def allocate(self, scope: Scope, claims: Sequence[Claim]) -> list[str]:
        """Give one token per claim, in order; a value that has one keeps it. What returns is as durable as the store.

        A new value takes the next number of its kind, from 1; one with a parent takes the parent's number and kind
        with its part, or ALT, ALT2, … where another value has that token. Raises ValueError for a parent that is no
        earlier claim or a kind no token can be written of.
        """
        ...

    async def known(self, scope: Scope, seen: Sequence[tuple[str, str]] = ()) -> list[Entry]:
        """Give all that this scope has tokenised so far, ordered by kind and number.

        Values that the caller has ``seen`` (kind and value) are given without being fetched, if nobody else wrote.
        """
        ...

    async def restore(self, scope: Scope, tokens: Sequence[str]) -> dict[str, str]:
        """Give the values of those tokens that this very scope issued; the others are left out."""
        ...

    async def life(self, scope: Scope) -> str:
        """Name the life that this scope is in: another one after it was forgotten or expired, nothing while it is not.

        Tokens of two lives have nothing to do with each other.
        """
        ...

    async def forget(self, scope: Scope) -> int:
        """Erase the scope and the key it was sealed under; gives the number of values that were in it."""
        ...

    async def ready(self) -> None:
        """Return when the store can be relied on; raises VaultUnavailable with the reason otherwise."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...
