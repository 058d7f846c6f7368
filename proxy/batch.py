"""The lines of a batch file: each is a request of its own, pseudonymised in a scope of its own.

A line's ``custom_id`` gives way to the name of its scope wherever the line holds personal data. The provider repeats it
in the line of the reply, so a file of replies can be restored line by line, without anything to look up but the scope.
"""

import asyncio
import re
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Final, TypeVar

from keys import derive
from proxy.body import JSON, BodyError, decode, encode
from proxy.caller import Caller, Tenant, fresh
from proxy.dialects import Dialect
from proxy.dialects.openai_images import IMAGES
from proxy.errors import BadRequest, Refusal, Unavailable, UpstreamFailed
from proxy.filling import Filling
from proxy.model_data.replies import Handling, Reply
from proxy.ndjson import NDJSONDecoder, NDJSONError
from proxy.pseudonymise import Pseudonymised
from proxy.readback import Readback
from proxy.restore import Issued, Lexicon
from proxy.routes import ROUTES, Route
from proxy.schemas import relaxed
from proxy.scope import Scope
from proxy.services import Services
from proxy.vault.protocol import Claim, VaultUnavailable
from proxy.walk import Leaf, Treatment

ENDPOINTS: Final = (
    "/v1/chat/completions", "/v1/responses", "/v1/completions", "/v1/embeddings", "/v1/moderations",
    "/v1/images/generations",
)  # fmt: skip
AT_ONCE: Final = 8  # lines
_ROUTES: Final = {route.path: route for route in ROUTES if route.method == "POST" and route.path in ENDPOINTS}
_OBJECTS: Final = {
    "chat.completion": "/v1/chat/completions", "response": "/v1/responses", "text_completion": "/v1/completions",
    "list": "/v1/embeddings",
}  # fmt: skip
_CUSTOM_ID: Final = re.compile(r"deckname-([0-9a-f]{32})")
_KIND: Final = "CUSTOM_ID"
_PATIENCE: Final = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between attempts while the detector is busy

Line = TypeVar("Line")


class BatchLines:
    """The lines of one file. ``owner`` is the user whom the headers prove, if any."""

    def __init__(self, services: Services, tenant: Tenant, owner: str) -> None:
        self._services = services
        self._tenant = tenant
        self._owner = owner
        self._file = fresh()  # two files may use the same custom ids

    async def pseudonymised(self, numbered: tuple[int, bytes]) -> bytes:
        """Return a line for the provider. Raises a ``Refusal`` that names the line's number."""
        number, line = numbered
        try:
            return await self._pseudonymised(line) if line.strip() else line
        except Refusal as refusal:
            message = f"Line {number}: {refusal.message}"
            raise type(refusal)(refusal.code, message, param=refusal.param) from None

    async def restored(self, line: bytes) -> bytes:
        """Return a line of replies (or of requests) with its values and its own ``custom_id``."""
        service = self._services.model_data
        body = _object(line) if line.strip() else None
        match = _CUSTOM_ID.fullmatch(str(body.get("custom_id"))) if body else None
        if body is None or (match is None and service.handlings.of(self._tenant) is Handling.LEAVE):
            return line
        scope = self._scope(match[1]) if match else self._services.callers.widest(self._tenant).scope
        lexicon, custom_id = await self._recalled(scope) if match else (Lexicon(()), "")
        readback = Readback(lexicon, self._services.tools, listening=service.listens(self._tenant))
        reply = Reply(service, self._tenant, scope, (), readback)
        out = {key: await _given(key, value, readback, reply) for key, value in body.items()}
        await reply.told(readback.said)
        self._services.count_restored(readback.tally)
        return encode({**out, "custom_id": custom_id} if custom_id else out) + b"\n"

    async def _pseudonymised(self, line: bytes) -> bytes:
        body = _object(line)
        route = _ROUTES.get(str(body.get("url")))
        custom_id = body.get("custom_id")
        if route is None or body.get("method") != "POST" or not isinstance(custom_id, str):
            where = ", ".join(ENDPOINTS)
            raise BadRequest("invalid_batch_line", f"It must have a custom_id, and POST to one of {where}.")
        if unknown := body.keys() - {"custom_id", "method", "url", "body"}:
            raise BadRequest("invalid_batch_line", f"It has {len(unknown)} fields that no batch line has.")
        attachments = self._services.pseudonymise.attachments
        route.dialect.check(body.get("body"), attachments=attachments)
        if [*route.dialect.references(body["body"])]:
            raise BadRequest("invalid_batch_line", "A line of a batch can't continue what is stored.")
        name = derive.identifier(self._tenant.key, "batch line", f"{self._file} {custom_id}")
        content, found = await self._content(route, body["body"], name)
        # A custom_id in the form of ours would name somebody's scope.
        if await self._hides(custom_id, name) or found or _CUSTOM_ID.fullmatch(custom_id):
            await self._allocate(self._scope(name), Claim(_KIND, custom_id))
            custom_id = f"deckname-{name}"
        return encode({**body, "custom_id": custom_id, "body": content}) + b"\n"

    async def _content(self, route: Route, body: JSON, name: str) -> tuple[JSON, bool]:
        """Return a line's request for the provider, and whether its reply will need restoring."""
        table = route.dialect.request
        if self._services.drop_attachments:
            body = table.without_attachments(body)
        leaves = table.leaves(body)
        own = Caller(self._tenant, self._scope(name), lasting=False)
        caller = self._services.callers.widest(self._tenant) if route.tenant_wide else own
        hidden = await patiently(self._services, leaves, caller, lambda leaf: table.place(leaf.path))
        self._services.count(hidden)
        body = Filling(body).fill(hidden.changed)
        if not hidden.lexicon:
            return body, False
        return table.change_schemas(body, relaxed), not route.tenant_wide

    async def _hides(self, custom_id: str, name: str) -> bool:
        leaf = Leaf(("custom_id",), custom_id, Treatment.TEXT)
        own = Caller(self._tenant, self._scope(name), lasting=False)
        return (await patiently(self._services, [leaf], own, lambda _: "custom_id")).changed != []

    def _scope(self, name: str) -> Scope:
        return Scope(self._tenant.id, self._owner, name)

    async def _allocate(self, scope: Scope, claim: Claim) -> None:
        try:
            await self._services.pseudonymise.vault.allocate(scope, [claim])
        except VaultUnavailable:
            raise Unavailable("vault_unavailable", "The vault can't be reached.") from None

    async def _recalled(self, scope: Scope) -> tuple[Lexicon, str]:
        try:
            entries = await self._services.pseudonymise.vault.known(scope)
        except VaultUnavailable:
            raise Unavailable("vault_unavailable", "The vault can't be reached.") from None
        custom_id = next((entry.value for entry in entries if entry.kind == _KIND), "")
        issued = [Issued(entry.token, entry.value) for entry in entries if entry.kind != _KIND]
        return Lexicon(issued, guard_urls=self._services.pseudonymise.guard_urls), custom_id


async def patiently(
    services: Services, leaves: list[Leaf], caller: Caller, place: Callable[[Leaf], str]
) -> Pseudonymised:
    """Pseudonymise, waiting for a busy detector: one full queue must not spoil a file of hours."""
    for pause in _PATIENCE:
        try:
            return await services.pseudonymise(leaves, caller, place)
        except Unavailable:
            await asyncio.sleep(pause)
    return await services.pseudonymise(leaves, caller, place)


def _object(line: bytes) -> dict[str, JSON]:
    try:
        body = decode(line)
    except BodyError as error:
        raise BadRequest("invalid_batch_line", f"It can't be read: {error}.") from None
    if not isinstance(body, dict):
        raise BadRequest("invalid_batch_line", "It is no JSON object.")
    return body


async def _given(key: str, value: JSON, readback: Readback, reply: Reply) -> JSON:
    """Return one field of a line as the client may have it: a request as it was, a reply by the policy for those."""
    if key == "response" and isinstance(value, dict):
        return {k: await _given("error", v, readback, reply) if k == "body" else v for k, v in value.items()}
    if key not in ("body", "error"):
        return value
    table = _dialect(value).reply
    restored = readback.body(table, value)
    return restored if key == "body" else await reply.body(table, restored)


def _dialect(body: JSON) -> Dialect:
    """Return the dialect of a reply by what it says it is."""
    kind = body.get("object") if isinstance(body, dict) else None
    path = _OBJECTS.get(kind) if isinstance(kind, str) else None
    return _ROUTES[path].dialect if path else IMAGES


async def lines(data: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Cut what arrives into lines, with their ends. Raises ``BadRequest`` for one that is too long or no text."""
    decoder = NDJSONDecoder()
    try:
        async for chunk in data:
            for line in decoder.feed(chunk):
                yield line.raw
        for line in decoder.flush():
            yield line.raw
    except NDJSONError as error:
        raise BadRequest("invalid_batch_line", f"The file can't be read: {error}.") from None


async def in_order(
    items: AsyncIterator[Line], work: Callable[[Line], Awaitable[bytes]], at_once: int = AT_ONCE
) -> AsyncGenerator[bytes, None]:
    """Give what ``work`` makes of each item, in their order, working on a few of them at once and holding no more."""
    begun: deque[asyncio.Future[bytes]] = deque()
    try:
        async for item in items:
            begun.append(asyncio.ensure_future(work(item)))
            if len(begun) >= at_once:
                yield await begun.popleft()
        while begun:
            yield await begun.popleft()
    finally:
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)


def unreadable() -> UpstreamFailed:
    """Return the refusal of a file that the provider should have in lines of JSON, and has not."""
    return UpstreamFailed("upstream_invalid", "The provider's file is not made of lines of JSON.")
