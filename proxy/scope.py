"""Scopes: the pseudonymisation domain of a request, made of identifiers that are HMACs already.

A scope is the unit of linkability and of erasure. Nothing here reads a header by itself, a clock or a key store; all
is handed in, and no raw id survives into a scope.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z_]{0,64}")
_ABSENT: Final = "-"


@dataclass(frozen=True, slots=True)
class Scope:
    """Tenant, user and conversation as keyed HMACs, or empty where absent, and an epoch that ends linkability.

    Without user and conversation it is the whole tenant's scope, whose tokens are derived instead of counted.
    """

    tenant: str
    user: str = ""
    conversation: str = ""
    epoch: int = 0

    def __post_init__(self) -> None:
        if not self.tenant:
            raise ValueError("a scope has a tenant")
        if not all(_IDENTIFIER.fullmatch(part) for part in (self.tenant, self.user, self.conversation)):
            raise ValueError("a scope is made of keyed identifiers, never of raw ids")

    @property
    def key(self) -> str:
        """The scope's name in a store: `tenant.user.conversation.epoch`, with `-` for what is absent."""
        parts = (self.tenant, self.user or _ABSENT, self.conversation or _ABSENT, str(self.epoch))
        return ".".join(parts)

    @classmethod
    def from_key(cls, key: str) -> Scope:
        """Read a scope back from its name in a store; raises ValueError if it is none."""
        tenant, user, conversation, epoch = key.split(".")
        return cls(tenant, user.replace(_ABSENT, ""), conversation.replace(_ABSENT, ""), int(epoch))

    @property
    def derived(self) -> bool:
        """Whether tokens are derived from values under a key, because no counter could be shared by a whole tenant."""
        return not self.user and not self.conversation
