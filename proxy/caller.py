"""Who makes a request: the tenant, the scope within it, and how identifiers of people are keyed for it."""

from collections.abc import Callable
from dataclasses import dataclass

from proxy.scope import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner of an exchange. ``identify`` turns a client's identifier of a person into its keyed HMAC."""

    tenant: str
    scope: Scope
    identify: Callable[[str], str]
