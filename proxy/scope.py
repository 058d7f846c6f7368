"""Scopes: the pseudonymisation domain of a request, made of identifiers that are HMACs already.

A scope is the unit of linkability and of erasure. Nothing here reads a header by itself, a clock or a key store; all
is handed in, and no raw id survives into a scope.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

import jwt

from keys import derive
from keys.secret import Secret

LEEWAY: Final = 60  # seconds by which the clocks of a signed identity's maker and ours may differ

_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z_]{0,64}")
_ABSENT: Final = "-"
_UNFILLED: Final = re.compile(r"\{\{.*\}\}|\$\{.*\}", re.DOTALL)
_NOTHING: Final = frozenset({"", "null", "undefined", "none", "nil", "new", "[object object]"})
_CLAUDE_SESSION: Final = re.compile(r"_session_([0-9a-fA-F-]{36})$")  # the end of Claude Code's metadata.user_id


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


class Linkability(StrEnum):
    """Where one value keeps one token. Wider means more can be linked by whoever sees the upstream's traffic."""

    REQUEST = "request"
    CONVERSATION = "conversation"
    USER = "user"
    TENANT = "tenant"


class IdentityRefused(ValueError):
    """A signed identity does not verify. The message says why, and shows none of it."""


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """What is believed about who asks. Header names are in any case; `user_headers` count only from `trusted_peers`.

    `epoch` is raised by an operator who wants linkability in user and tenant scopes to end. `cache_key` makes the
    body's `prompt_cache_key` name the conversation where nothing else does.
    """

    linkability: Linkability = Linkability.CONVERSATION
    conversation_headers: tuple[str, ...] = ()
    user_headers: tuple[str, ...] = ()
    trusted_peers: tuple[IPv4Network | IPv6Network, ...] = ()
    jwt_secret: Secret | None = None
    jwt_header: str = "X-OpenWebUI-User-Jwt"
    cache_key: bool = False
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a request tells its scope. `headers` looks names up in any case; `peer` is the connecting address.

    `chained` is the conversation of the response that the body continues, as an earlier scope recorded it.
    `fresh` is an identifier used for this request alone, and `now` counts seconds since 1970.
    """

    headers: Mapping[str, str]
    body: Mapping[str, object]
    now: float
    fresh: str
    peer: str = ""
    chained: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The scope of a request, and whether a later request can name it again."""

    scope: Scope
    lasting: bool


def resolve_scope(tenant: str, tenant_key: Secret, asked: Asked, rules: ScopeRules) -> Resolved:
    """Find the scope of a request inside its tenant, whose identifier is `tenant`. Raises IdentityRefused.

    User: verified Open WebUI JWT, else a trusted peer's header, else the body's user field. Conversation: a header,
    else the body's stored conversation, else a response chain, else Claude Code's session, else (by choice) the
    prompt cache key. What cannot be resolved narrows the scope, never widens it.
    """
    raw_user = _user(asked, rules)
    user = derive.identifier(tenant_key, "user", raw_user) if raw_user else ""
    raw_conversation = _conversation(asked, rules)
    conversation = derive.identifier(tenant_key, "conversation", raw_conversation) if raw_conversation else ""
    conversation = conversation or asked.chained or _late_conversation(tenant_key, asked, rules)
    match rules.linkability:
        case Linkability.TENANT:
            return Resolved(Scope(tenant, epoch=rules.epoch), lasting=True)
        case Linkability.USER if user:
            return Resolved(Scope(tenant, user, epoch=rules.epoch), lasting=True)
        case Linkability.REQUEST:
            conversation = ""
    return Resolved(Scope(tenant, user, conversation or asked.fresh), lasting=bool(conversation))


def present(raw: object) -> str:
    """Give an id that a client sent, or nothing where it is absent or a template that nobody filled in.

    Taking such a template for an id would put all users of a peer into one scope.
    """
    text = raw.strip() if isinstance(raw, str) else ""
    return "" if _UNFILLED.search(text) or text.casefold() in _NOTHING else text


def _user(asked: Asked, rules: ScopeRules) -> str:
    token = present(asked.headers.get(rules.jwt_header))
    if rules.jwt_secret is not None and token:
        return _verified_subject(token, rules.jwt_secret, asked.now)
    if _trusted(asked.peer, rules):
        for name in rules.user_headers:
            if user := present(asked.headers.get(name)):
                return user
    metadata = asked.body.get("metadata")
    inner = metadata.get("user_id") if isinstance(metadata, Mapping) else None
    claude = _CLAUDE_SESSION.sub("", present(inner))  # the user part alone lasts longer than a session
    return present(asked.body.get("safety_identifier")) or present(asked.body.get("user")) or claude


def _conversation(asked: Asked, rules: ScopeRules) -> str:
    for name in rules.conversation_headers:
        if conversation := present(asked.headers.get(name)):
            return conversation
    stored = asked.body.get("conversation")
    return present(stored.get("id") if isinstance(stored, Mapping) else stored)


def _late_conversation(tenant_key: Secret, asked: Asked, rules: ScopeRules) -> str:
    metadata = asked.body.get("metadata")
    inner = present(metadata.get("user_id")) if isinstance(metadata, Mapping) else ""
    if session := _CLAUDE_SESSION.search(inner):
        return derive.identifier(tenant_key, "session", session[1])
    cache_key = present(asked.body.get("prompt_cache_key")) if rules.cache_key else ""
    return derive.identifier(tenant_key, "prompt_cache_key", cache_key) if cache_key else ""


def _trusted(peer: str, rules: ScopeRules) -> bool:
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in rules.trusted_peers)


def _verified_subject(token: str, secret: Secret, now: float) -> str:
    """Read `sub` of Open WebUI's user JWT (HS256 and nothing else). The times are checked here, by the clock given."""
    try:
        claims = jwt.decode(
            token,
            secret.expose(),
            algorithms=["HS256"],
            issuer="open-webui",
            options={"require": ["sub", "iat", "exp"], "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        begins, ends = float(claims["iat"]), float(claims["exp"])
    except (jwt.InvalidTokenError, TypeError, ValueError):
        raise IdentityRefused("the user's signed identity does not verify") from None
    if not begins - LEEWAY <= now < ends + LEEWAY:
        raise IdentityRefused("the user's signed identity is not valid at this time")
    if not (subject := present(claims["sub"])):
        raise IdentityRefused("the user's signed identity names nobody")
    return subject
