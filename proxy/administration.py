"""The administration's HTTP interface to the vault: the same acts as on the command line, each for its own role.

    POST /admin/find        {"tenant", "value"}                                    role find
    POST /admin/forget      {"tenant"} and one of "scope", "user", "value", "all"  role forget
    POST /admin/detokenise  {"scope", "tokens", "reason"}                          role detokenise

An operator shows who they are by the header `X-Operator-Token`; the admin listener may ask for its own token besides.
"""

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from keys import derive
from proxy.audit import AuditFailed, AuditSink
from proxy.caller import Tenant
from proxy.scope import Scope
from proxy.vault.access import Access, AccessRefused, Operator
from proxy.vault.custody import Appearance, Custody, Forgotten
from proxy.vault.protocol import VaultUnavailable

HEADER: Final = "X-Operator-Token"
RETRY_SECONDS: Final = "5"
BODY_LIMIT: Final = 1 << 16

Act = Callable[[Access, Mapping[str, Any]], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Administration:
    """What the routes work on. ``operators`` are by the digest of their token; ``tenant`` derives one from its name."""

    custody: Custody
    audit: AuditSink
    tenant: Callable[[str], Tenant]
    operators: Mapping[bytes, Operator]

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, for the admin listener."""
        acts: dict[str, Act] = {"find": self._find, "forget": self._forget, "detokenise": self._detokenise}
        return [web.post(f"/admin/{name}", self._answering(act)) for name, act in acts.items()]

    def _answering(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            operator = self._operator(request)
            if operator is None:
                return _error(HTTPStatus.UNAUTHORIZED, f"This needs the token of an operator in {HEADER}.")
            try:
                body = await _body(request)
                reason = _text(body, "reason") if "reason" in body else ""
                return web.json_response(await act(Access(self.custody, self.audit, operator, reason), body))
            except AccessRefused as error:
                return _error(HTTPStatus.FORBIDDEN, f"Refused: {error}.")
            except (VaultUnavailable, AuditFailed) as error:
                return _error(HTTPStatus.SERVICE_UNAVAILABLE, f"Nothing is known to be done: {error}.")
            except ValueError as error:
                return _error(HTTPStatus.BAD_REQUEST, f"The request cannot be read: {error}.")

        return answer

    def _operator(self, request: web.Request) -> Operator | None:
        given = hashlib.sha256(request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")).digest()
        found = None
        for digest, operator in self.operators.items():  # all of them, so that time tells nothing
            if hmac.compare_digest(digest, given):
                found = operator
        return found

    async def _find(self, access: Access, body: Mapping[str, Any]) -> dict[str, Any]:
        found = await access.find(self.tenant(_text(body, "tenant")).id, _text(body, "value"))
        return {"appearances": [_appearance(appearance) for appearance in found]}

    async def _forget(self, access: Access, body: Mapping[str, Any]) -> dict[str, Any]:
        tenant = self.tenant(_text(body, "tenant"))
        named = [name for name in ("scope", "user", "value", "all") if name in body]
        match named:
            case ["scope"]:
                scope = _scope(body)
                if scope.tenant != tenant.id:
                    raise ValueError("the scope is not of that tenant")
                return _forgotten(await access.forget_scope(scope))
            case ["user"]:
                user = derive.identifier(tenant.key, "user", _text(body, "user"))
                return _forgotten(await access.forget_all(tenant.id, user))
            case ["value"]:
                return _forgotten(await access.forget_value(tenant.id, _text(body, "value")))
            case ["all"] if body["all"] is True:
                return _forgotten(await access.forget_all(tenant.id))
        raise ValueError('name one of "scope", "user", "value" and "all": true')

    async def _detokenise(self, access: Access, body: Mapping[str, Any]) -> dict[str, Any]:
        tokens = body.get("tokens")
        if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
            raise ValueError('"tokens" is a list of strings')
        return {"values": await access.detokenise(_scope(body), tokens)}


def operator_digest(token: str) -> bytes:
    """Return what `Administration.operators` knows an operator's token by."""
    return hashlib.sha256(token.encode()).digest()


async def _body(request: web.Request) -> Mapping[str, Any]:
    if (request.content_length or 0) > BODY_LIMIT:
        raise ValueError("it is too large")
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 - what was sent is at fault
    return body


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'"{name}" is a string that is not empty')
    return value


def _scope(body: Mapping[str, Any]) -> Scope:
    try:
        return Scope.from_key(_text(body, "scope"))
    except ValueError:
        raise ValueError('"scope" is a scope as find names it') from None


def _appearance(appearance: Appearance) -> dict[str, Any]:
    return {
        "scope": appearance.scope.key, "kinds": appearance.kinds, "tokens": appearance.tokens,
        "first": appearance.first, "last": appearance.last,
    }


def _forgotten(forgotten: Forgotten) -> dict[str, Any]:
    return {"scopes": forgotten.scopes, "values": forgotten.values, "objects": forgotten.objects}


def _error(status: HTTPStatus, message: str) -> web.Response:
    headers = {"retry-after": RETRY_SECONDS} if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
    return web.json_response({"error": message}, status=status, headers=headers)
