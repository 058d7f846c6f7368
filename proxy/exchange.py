"""One request and its reply: the only file that knows every step.

bytes → body → leaves → findings → ledger → body' → upstream; events → deltas → restorer → events' → client.
"""

import time
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientResponse, web

from proxy.body import JSON, BodyError, decode, encode
from proxy.caller import Caller, Callers, Tenant
from proxy.dialects import Reference
from proxy.errors import BadRequest, Refusal, TooLarge, UnsupportedMedia, UpstreamFailed
from proxy.metrics import Metrics
from proxy.pseudonymise import Pseudonymised, Pseudonymiser
from proxy.readback import Readback, ToolPolicy
from proxy.restore import Lexicon
from proxy.routes import Carries, Route
from proxy.schemas import relaxed
from proxy.stored import Kept, StoredObjects
from proxy.streams import CONTENT_TYPES, StreamRestorer
from proxy.upstream import Upstream, reply_headers
from proxy.walk import Leaf, Treatment
from proxy.writing import Writer, kept_alive

_ENCODINGS: Final = ("identity", "gzip", "deflate", "br", "zstd")
_STREAMS: Final = ("text/event-stream", "application/x-ndjson")


@dataclass(frozen=True, slots=True)
class Services:
    """What every exchange uses. ``keepalive`` is in seconds, ``depth_limit`` in levels of nesting."""

    callers: Callers
    pseudonymise: Pseudonymiser
    stored: StoredObjects
    metrics: Metrics
    tools: ToolPolicy
    keepalive: float
    depth_limit: int
    drop_attachments: bool = False


class Exchange:
    """One request of a tenant on one route, and its reply."""

    def __init__(
        self, services: Services, route: Route, upstream: Upstream, request: web.Request, tenant: Tenant
    ) -> None:
        self._services = services
        self._route = route
        self._dialect = route.dialect
        self._upstream = upstream
        self._request = request
        self._tenant = tenant
        self._path = route.target(request.match_info, list(request.query.items()))
        self._readback = Readback(Lexicon(()))
        self._kept: Kept | None = None  # where what the provider keeps of this belongs to
        self._named: set[Reference] = set()  # what was recorded as kept
        self._stream: StreamRestorer | None = None
        self._response: web.StreamResponse | None = None  # set as soon as its headers are sent

    async def run(self) -> web.StreamResponse:
        """Answer the request. Raises ``Refusal`` while nothing was sent to the client."""
        body = await self._body()
        caller = await self._caller(body)
        outbound = await self._pseudonymised(body, caller)
        if self._dialect.keeps(body) or self._path_reference() is not None:
            self._kept = Kept(caller.scope, self._owner())
        try:
            async with self._upstream.request(
                self._request.method, self._path, headers=self._request.headers, body=outbound
            ) as reply:
                return await self._answer(reply, streamed=self._streams(body))
        except Refusal as refusal:
            if self._response is None or self._stream is None:
                raise
            return await self._break_off(self._response, self._stream, refusal)
        finally:
            tally = self._readback.tally
            self._services.metrics.restored(tally.restored, tally.suppressed.total(), tally.unknown)

    def _streams(self, body: JSON) -> bool:
        return self._request.query.get("stream") == "true" or (isinstance(body, dict) and body.get("stream") is True)

    async def _body(self) -> JSON:
        if self._route.carries is Carries.NOTHING:
            if self._request.body_exists and await self._request.content.read(1):
                raise BadRequest("unexpected_body", "This endpoint takes no body; nothing was sent.")
            return None
        body = await read_body(self._request, depth_limit=self._services.depth_limit)
        self._dialect.check(body, attachments=self._services.pseudonymise.attachments)
        return body

    async def _caller(self, body: JSON) -> Caller:
        """Find the scope: that of what the request continues, if anything, else the one it asks for."""
        services, request = self._services, self._request
        continued = [*self._dialect.references(body)]
        if (named := self._path_reference()) is not None:
            continued.append(named)
            self._named.add(named)
        if not continued:
            if self._route.tenant_wide:
                return services.callers.widest(self._tenant)
            return services.callers.caller(self._tenant, request.headers, body, request.remote or "")
        scopes = {(await services.stored.find(self._tenant, each, self._owner())).scope for each in continued}
        if len(scopes) > 1:
            raise BadRequest("mixed_conversations", "What the request refers to belongs to different conversations.")
        return Caller(self._tenant, scopes.pop(), lasting=True, continued=True)

    def _path_reference(self) -> Reference | None:
        return self._route.owned(self._request.match_info)

    def _owner(self) -> str:
        return self._services.callers.owner(self._tenant, self._request.headers, self._request.remote or "")

    async def _pseudonymised(self, body: JSON, caller: Caller) -> bytes | None:
        """Return the body for the upstream, and get ready to restore what comes back."""
        table = self._dialect.request
        leaves = table.leaves(body) if body is not None else []
        if self._services.drop_attachments and (attached := _attached(leaves)):
            body = table.without_attachments(body)
            leaves = table.leaves(body)
            self._services.metrics.dropped(attached - _attached(leaves))
        began = time.perf_counter()
        hidden = await self._services.pseudonymise(leaves, caller, lambda leaf: table.place(leaf.path))
        self._count(hidden, time.perf_counter() - began)
        self._readback = Readback(hidden.lexicon, self._services.tools, _echoes(leaves, hidden.texts))
        if body is None:
            return None
        body = table.replace(body, iter(hidden.texts))
        return encode(table.change_schemas(body, relaxed) if hidden.lexicon else body)

    async def _answer(self, reply: ClientResponse, *, streamed: bool) -> web.StreamResponse:
        kind = reply.content_type if "content-type" in reply.headers else ""
        if reply.status == 200 and (kind in _STREAMS or (streamed and not kind)):
            return await self._streamed(reply)
        if reply.status == 200 and self._dialect.sound and kind != "application/json":
            return await self._passed(reply)
        data = await reply.read()
        if self._request.method == "DELETE" and reply.status < 300 and self._route.names_object:
            await self._forget()
        headers = reply_headers(reply.headers)
        if reply.status >= 400:
            return web.Response(status=reply.status, headers=headers, body=self._restored_error(data))
        if not data and (reply.status == 204 or self._route.carries is Carries.NOTHING):
            return web.Response(status=reply.status, headers=headers)
        return web.Response(status=reply.status, headers=headers, body=await self._restored(data))

    async def _restored(self, data: bytes) -> bytes:
        try:
            body = decode(data)
        except BodyError:
            raise UpstreamFailed("upstream_invalid", "The provider's reply is not valid JSON.") from None
        await self._keep([*self._dialect.stored(body)])
        return encode(self._readback.body(self._dialect.reply, body)) if self._readback else data

    async def _keep(self, references: list[Reference]) -> None:
        """Record what the provider keeps, before the client can name it."""
        new = [reference for reference in references if reference not in self._named]
        if self._kept is not None and new:
            self._named.update(new)
            await self._services.stored.keep(self._tenant, new, self._kept)

    async def _forget(self) -> None:
        if (named := self._path_reference()) is not None:
            await self._services.stored.forget(self._tenant, named)
            self._kept = None

    def _restored_error(self, data: bytes) -> bytes:
        """Restore an error's body, whatever it is: providers quote the prompt, and proxies between answer in HTML."""
        try:
            return encode(self._readback.body(self._dialect.reply, decode(data)))
        except BodyError:
            return self._readback.text(data.decode("utf-8", "replace")).encode()

    async def _streamed(self, reply: ClientResponse) -> web.StreamResponse:
        response = await self._begin(reply, {"content-type": CONTENT_TYPES[self._dialect.framing]})
        after = self._request.query.get("starting_after", "")
        restorer = self._stream = StreamRestorer(
            self._dialect, self._readback, after=int(after) if after.isdecimal() else None
        )
        async with kept_alive(response, self._services.keepalive, self._dialect.framing) as write:
            async for data in reply.content.iter_any():
                restored = restorer.feed(data)
                await self._keep(restorer.stored)
                restorer.stored.clear()
                await write(restored)
            await write(restorer.flush())
        if not restorer.complete:
            raise UpstreamFailed("upstream_stream_cut", "The provider's stream ended before the reply did.")
        await response.write_eof()
        return response

    async def _passed(self, reply: ClientResponse) -> web.StreamResponse:
        """Pass on what is no text."""
        response = await self._begin(reply, {})
        write = Writer(response)
        async for data in reply.content.iter_any():
            await write(data)
        await response.write_eof()
        return response

    async def _begin(self, reply: ClientResponse, headers: dict[str, str]) -> web.StreamResponse:
        response = web.StreamResponse(status=200, headers=reply_headers(reply.headers) | headers)
        response.headers.update({"cache-control": "no-cache", "x-accel-buffering": "no"})
        await response.prepare(self._request)
        self._response = response
        return response

    async def _break_off(
        self, response: web.StreamResponse, stream: StreamRestorer, refusal: Refusal
    ) -> web.StreamResponse:
        """End a stream that can't go on with an error event: a bare end would look like success."""
        self._services.metrics.stream_broken(refusal.code)
        await Writer(response)(stream.broken(refusal))
        await response.write_eof()
        return response

    def _count(self, hidden: Pseudonymised, seconds: float) -> None:
        metrics = self._services.metrics
        metrics.overhead("pseudonymise", seconds)
        for slot in hidden.slots:
            metrics.found(slot.finding.kind, slot.finding.recognizer, slot.decision.action.value)
        if hidden.unscanned:
            metrics.unscanned("attachment", hidden.unscanned)


def _echoes(leaves: list[Leaf], texts: list[str]) -> dict[str, str]:
    pairs = zip(leaves, texts, strict=True)
    return {text: leaf.text for leaf, text in pairs if leaf.treatment is Treatment.HASH}


def _attached(leaves: list[Leaf]) -> int:
    return sum(len(leaf.text) for leaf in leaves if leaf.treatment is Treatment.ATTACHMENT)


async def read_body(request: web.Request, *, depth_limit: int) -> JSON:
    """Read a JSON body, in whatever single encoding. Raises a ``Refusal`` that says what can't be read."""
    check_encoding(request)
    if request.content_type != "application/json" or (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMedia("unsupported_content_type", "The body must be application/json in UTF-8.")
    try:
        data = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge("body_too_large", "The body is larger than the limit `body_limit`.") from None
    except (web.HTTPException, web.RequestPayloadError):
        raise BadRequest("unreadable_body", "The body broke off, or is not in the encoding it claims.") from None
    try:
        return decode(data, max_depth=depth_limit)
    except BodyError as error:
        raise BadRequest("invalid_body", f"The body can't be read: {error}.") from None


def check_encoding(request: web.Request) -> None:
    """Raise ``UnsupportedMedia`` unless the body comes plainly or in one encoding that is read here."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in _ENCODINGS:
        raise UnsupportedMedia("unsupported_encoding", f"Bodies are read in one of {', '.join(_ENCODINGS)}.")
