"""Who makes a request: the tenant, the scope within it, and how identifiers of people are keyed for it."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from keys import derive
from keys.secret import Secret
from proxy.body import JSON
from proxy.clients import ClientKeys, presented
from proxy.errors import Unauthorized
from proxy.scope import Asked, IdentityRefused, Linkability, Resolved, Scope, ScopeRules, resolve_scope

LOCAL: Final = "local"  # the tenant of local mode


@dataclass(frozen=True, slots=True)
class Tenant:
    """Whose request it is. From ``key`` all the tenant's other identifiers follow; ``id`` is a keyed one itself.

    ``name`` is the client's, as the configuration has it.
    """

    id: str
    key: Secret
    fingerprint_key: Secret
    name: str = ""

    @classmethod
    def of(cls, root: Secret, name: str) -> "Tenant":
        """Derive the tenant called ``name`` from the key ring's root."""
        key = derive.tenant_key(root, name)
        return cls(derive.identifier(key, "tenant", name), key, derive.fingerprint_key(key), name)

    def identify(self, raw: str) -> str:
        """Replace a client's identifier of a person by its keyed HMAC."""
        return derive.identifier(self.key, "field", raw)


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner of an exchange. ``lasting`` tells whether a later request can name the same scope.

    ``passing``: nobody can name it but by what the provider keeps of the exchange, so only then its values are stored.
    ``continued`` says that the provider holds earlier parts of the exchange, whose tokens may appear in the reply.
    """

    tenant: Tenant
    scope: Scope
    lasting: bool
    passing: bool = False
    continued: bool = False


class Callers:
    """Resolves requests to callers. ``root`` gives the key ring's root as it is now."""

    def __init__(self, clients: ClientKeys, root: Callable[[], Secret], rules: ScopeRules) -> None:
        self._clients = clients
        self._root = root
        self._rules = rules
        self._tenants: dict[str, tuple[Secret, Tenant]] = {}  # derived once, for as long as the root stays
        # Settled at the start: removing the last key of a running proxy must not open it to everybody.
        self._local = not len(clients)

    def tenant(self, headers: Mapping[str, str]) -> Tenant:
        """Return whose key these headers bear. Raises ``Unauthorized``, or ``Unavailable`` if that can't be known."""
        name = LOCAL if self._local else self._clients.tenant(presented(headers))
        root, known = self._root(), self._tenants.get(name)
        if known is None or known[0] != root:
            known = self._tenants[name] = (root, Tenant.of(root, name))
        return known[1]

    def widest(self, tenant: Tenant) -> Caller:
        """Return the scope of the whole tenant, for what must stay comparable across conversations."""
        return Caller(tenant, Scope(tenant.id, epoch=self._rules.epoch), lasting=False)

    def owner(self, tenant: Tenant, headers: Mapping[str, str], peer: str) -> str:
        """Return the user whom the headers prove, or nothing; what a body says of its user proves nothing."""
        rules = replace(self._rules, linkability=Linkability.CONVERSATION)
        return self._resolved(tenant, headers, {}, peer, rules).scope.user

    def caller(self, tenant: Tenant, headers: Mapping[str, str], body: JSON, peer: str) -> Caller:
        """Return the scope a request asks for within its tenant. Raises ``Unauthorized`` for a forged identity."""
        resolved = self._resolved(tenant, headers, body if isinstance(body, dict) else {}, peer, self._rules)
        return Caller(tenant, resolved.scope, resolved.lasting, passing=not resolved.lasting)

    def _resolved(
        self, tenant: Tenant, headers: Mapping[str, str], body: Mapping[str, JSON], peer: str, rules: ScopeRules
    ) -> Resolved:
        asked = Asked(headers, body, time.time(), fresh(), peer)
        try:
            return resolve_scope(tenant.id, tenant.key, asked, rules)
        except IdentityRefused as error:
            raise Unauthorized("invalid_identity", f"The request is refused: {error}.") from None


def fresh() -> str:
    """Return a conversation that no request names again."""
    return f"r{secrets.token_hex(16)}"
