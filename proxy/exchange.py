"""One request and its reply: the only file that knows every step.

bytes → body → leaves → findings → ledger → body' → upstream; events → deltas → restorer → events' → client.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import ClientResponse, web

from proxy.body import JSON, BodyError, decode, encode
from proxy.caller import Caller, Callers, Tenant
from proxy.dialects import SEALED, Reference
from proxy.errors import AttachmentRefused, BadRequest, Refusal, UpstreamFailed
from proxy.filling import Changed, Filling
from proxy.foresight import Foresight
from proxy.metrics import Metrics
from proxy.model_data.replies import ModelData, Reply, ReplyStream
from proxy.pseudonymise import NO_HEADSTART, Headstart, Pseudonymised, Pseudonymiser
from proxy.readback import Readback, ToolPolicy
from proxy.reading import check_empty, read_json
from proxy.restore import Lexicon, Tally
from proxy.routes import Carries, Route, by_shape
from proxy.schemas import relaxed
from proxy.scope import Scope
from proxy.stored import Kept, StoredObjects
from proxy.streams import CONTENT_TYPES
from proxy.upstream import reply_headers
from proxy.upstreams import Upstreams
from proxy.vault.protocol import Claim
from proxy.walk import Leaf, Treatment
from proxy.writing import Writer, kept_alive
from recognizers.finding import LITERAL

_STREAMS: Final = ("text/event-stream", "application/x-ndjson")
JSON_TYPE: Final = "application/json"
_PROMPT: Final = ("messages", "prompt")


@dataclass(frozen=True, slots=True)
class Services:
    """What every exchange uses. ``keepalive`` is in seconds, ``depth_limit`` in levels of nesting."""

    callers: Callers
    pseudonymise: Pseudonymiser
    stored: StoredObjects
    metrics: Metrics
    tools: ToolPolicy
    foresight: Foresight
    model_data: ModelData
    keepalive: float
    depth_limit: int
    drop_attachments: bool = False

    def count(self, hidden: Pseudonymised) -> None:
        """Count what was found in a body, and what passed unseen."""
        slots = hidden.ledger.slots()
        found = Counter([(s.finding.kind, s.finding.recognizer, s.decision.action) for s in slots])
        for (kind, recognizer, action), count in found.items():
            self.metrics.found(kind, recognizer, action.value, count)
        self.metrics.foreign(sum(slot.finding.kind == LITERAL for slot in slots))
        if hidden.unscanned:
            self.metrics.unscanned("attachment", hidden.unscanned)

    def count_restored(self, tally: Tally) -> None:
        """Count what became of the tokens in a reply."""
        self.metrics.restored(tally.restored, tally.suppressed.total(), tally.unknown)


@dataclass(frozen=True, slots=True)
class Outbound:
    """What goes to the upstream: a body, whole or as it is made, and its media type; None for no body."""

    body: bytes | AsyncIterator[bytes] | None
    media_type: str = JSON_TYPE


class Exchange:
    """One request of a tenant on one route, and its reply."""

    def __init__(
        self, services: Services, route: Route, upstreams: Upstreams, request: web.Request, tenant: Tenant
    ) -> None:
        self._services = services
        self._upstreams = upstreams
        self._request = request
        self._tenant = tenant
        self._take(route)
        self._outward: Pseudonymised | None = None  # not counted yet
        self._readback = Readback(Lexicon(()))
        self._leaves: list[Leaf] = []  # those of the request
        self._scope = Scope(tenant.id)
        self._model = ""  # the model that is asked, or that made what the request continues
        self._keeps = False  # whether the provider keeps what comes of this
        self._unsealed: Sequence[Claim] = ()  # what has to be stored before anything that is kept is recorded
        self._named: set[Reference] = set()  # what was recorded as kept
        self._stream: ReplyStream | None = None
        self._response: web.StreamResponse | None = None  # set as soon as its headers are sent

    def _take(self, route: Route) -> None:
        self._route = route
        self._dialect = route.dialect
        self._path = route.target(self._request.match_info, list(self._request.query.items()))

    async def run(self) -> web.StreamResponse:
        """Answer the request. Raises ``Refusal`` while nothing was sent to the client."""
        body = await self._body()
        caller = await self._caller(body)
        self._model = _model(body) or self._model
        upstream = self._upstreams.choose(self._route.api, {"model": self._model})
        self._keeps = self._dialect.keeps(body) or self._path_reference() is not None
        try:
            outbound = await self._outbound(body, caller)
            async with upstream.request(
                self._request.method,
                self._path,
                headers=self._request.headers,
                body=outbound.body,
                media_type=outbound.media_type,
            ) as reply:
                return await self._answer(reply, streamed=self._streams(body))
        except Refusal as refusal:
            if self._response is None or self._stream is None:
                raise
            return await self._break_off(self._response, self._stream, refusal)
        finally:
            asyncio.get_running_loop().call_soon(self._count)  # what is returned leaves first
            if not self._services.model_data.masks(self._tenant):  # what is masked is never sent again
                self._services.foresight.read(self._readback.said, self._tenant.fingerprint_key)

    def _count(self) -> None:
        self._count_outward()
        self._services.count_restored(self._readback.tally)

    def _count_outward(self) -> None:
        if self._outward is not None:
            self._services.count(self._outward)
            self._outward = None

    def _streams(self, body: JSON) -> bool:
        return self._request.query.get("stream") == "true" or (isinstance(body, dict) and body.get("stream") is True)

    async def _body(self) -> JSON:
        """Read the request's body; None if it has none."""
        if self._route.carries is not Carries.JSON:
            await check_empty(self._request)
            return None
        body = await read_json(self._request, depth_limit=self._services.depth_limit)
        self._take(by_shape(self._route, body))
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
        found = [await services.stored.find(self._tenant, each, self._owner()) for each in continued]
        self._model = next((kept.model for kept in found if kept.model), "")
        scopes = {kept.scope for kept in found}
        if len(scopes) > 1:
            raise BadRequest("mixed_conversations", "What the request refers to belongs to different conversations.")
        # A whole tenant's values are too many to be fetched; those of a reply are, when it is there.
        known = not self._route.tenant_wide
        return Caller(self._tenant, scopes.pop(), lasting=known, continued=known)

    def _path_reference(self) -> Reference | None:
        return self._route.owned(self._request.match_info)

    def _owner(self) -> str:
        return self._services.callers.owner(self._tenant, self._request.headers, self._request.remote or "")

    async def _outbound(self, body: JSON, caller: Caller) -> Outbound:
        """Return what goes to the upstream, and get ready to restore what comes back."""
        hidden = await self._pseudonymised(body, caller)
        if self._dialect.sound and self._readback.lexicon and not self._services.pseudonymise.attachments:
            raise AttachmentRefused(
                "sound_of_tokens",
                "The text holds personal data. A voice would read tokens in its place, and sound can't be restored.",
            )
        if body is None:
            return Outbound(None)
        if self._readback.lexicon:
            hidden = self._dialect.request.change_schemas(hidden, relaxed)
        return Outbound(encode(hidden))

    async def _pseudonymised(self, body: JSON, caller: Caller) -> JSON:
        table, began = self._dialect.request, time.perf_counter()
        async with self._services.pseudonymise.ahead(table.newest(body), caller.tenant) as ahead:
            leaves = table.leaves(body) if body is not None else []
            if self._services.drop_attachments and (attached := _attached(leaves)):
                body = table.without_attachments(body)
                leaves = table.leaves(body)
                self._services.metrics.dropped(attached - _attached(leaves))
            filling = Filling(body)

            def early(changed: Changed) -> None:
                encode(filling.begin(changed))  # a string keeps its UTF-8: encoding it again costs next to nothing

            hidden = await self._hidden(leaves, caller, lambda leaf: table.place(leaf.path), Headstart(ahead, early))
        self._services.metrics.overhead("pseudonymise", time.perf_counter() - began)
        self._outward = hidden
        self._leaves = leaves
        self._readback = Readback(
            hidden.lexicon,
            self._services.tools,
            {text: leaf.text for leaf, text in hidden.changed if leaf.treatment is Treatment.HASH},
            listening=self._services.foresight.free or self._services.model_data.listens(self._tenant),
        )
        # By how many characters the prompt is longer than what goes out for it.
        self._readback.longer = sum(len(own.text) - len(text) for own, text in hidden.changed if own.path[0] in _PROMPT)
        outbound = filling.fill(hidden.changed)
        self._readback.documents = self._dialect.documents(outbound)
        return outbound

    async def _hidden(
        self,
        leaves: list[Leaf],
        caller: Caller,
        place: Callable[[Leaf], str],
        start: Headstart = NO_HEADSTART,
    ) -> Pseudonymised:
        """Pseudonymise leaves in the scope of the exchange, which is stored at once if the provider keeps anything."""
        self._scope = caller.scope
        passing = caller.passing and not self._keeps
        hidden = await self._services.pseudonymise(leaves, replace(caller, passing=passing), place, start)
        self._unsealed = hidden.unsealed
        return hidden

    async def _answer(self, reply: ClientResponse, *, streamed: bool) -> web.StreamResponse:
        kind = reply.content_type if "content-type" in reply.headers else ""
        if reply.status == 200 and (kind in _STREAMS or (streamed and not kind)):
            return await self._streamed(reply)
        if reply.status == 200 and self._dialect.sound and kind != JSON_TYPE:
            return await self._passed(reply)
        data = await reply.read()
        if self._request.method == "DELETE" and reply.status < 300 and self._route.names_object:
            await self._forget()
        headers = reply_headers(reply.headers)
        if reply.status >= 400:
            return web.Response(status=reply.status, headers=headers, body=await self._restored_error(data))
        if not data and (reply.status == 204 or self._route.carries is Carries.NOTHING):
            return web.Response(status=reply.status, headers=headers)
        if self._dialect.text_reply and kind != JSON_TYPE:
            return web.Response(status=reply.status, headers=headers, body=await self._restored_text(data))
        return web.Response(status=reply.status, headers=headers, body=await self._restored(data))

    async def _restored(self, data: bytes) -> bytes:
        try:
            body = decode(data)
        except BodyError:
            raise UpstreamFailed("upstream_invalid", "The provider's reply is not valid JSON.") from None
        await self._keep(self._stored(body))
        if self._route.lists and isinstance(body, dict):
            return encode(await self._listed(body))
        if self._route.tenant_wide:
            self._readback = await self._recalled(self._scope, data)
        given = await self._read_back(self._readback, self._scope, body)
        unchanged = given == body and not self._services.model_data.masks(self._tenant)
        return data if unchanged else encode(given)

    async def _read_back(self, readback: Readback, scope: Scope, body: JSON) -> JSON:
        """Restore a body, and treat what the model wrote of people by itself as the policy says."""
        reply = self._reply(readback, scope)
        given = await reply.body(self._dialect.reply, readback.body(self._dialect.reply, body))
        await reply.told(readback.said)
        return given

    def _reply(self, readback: Readback, scope: Scope) -> Reply:
        texts = (leaf.text for leaf in self._leaves if leaf.treatment is not Treatment.ATTACHMENT)
        return Reply(self._services.model_data, self._tenant, scope, texts, readback)

    def _stored(self, body: JSON) -> list[Reference]:
        return [*self._dialect.stored(body)]

    async def _listed(self, body: dict[str, JSON]) -> JSON:
        """Restore each object of a list in its own scope, and leave out those of others."""
        objects, own = body.get("data"), list[JSON]()
        for each in objects if isinstance(objects, list) else []:
            name = each.get("id") if isinstance(each, dict) else None
            reference = Reference(self._route.lists, name if isinstance(name, str) else "")
            kept = await self._services.stored.look_up(self._tenant, reference)
            if kept is not None and kept.owner == self._owner():
                readback = await self._recalled(kept.scope, encode(each))
                own.append(await self._read_back(readback, kept.scope, each))
        return {**body, "data": own}

    async def _recalled(self, scope: Scope, data: bytes) -> Readback:
        """Return a readback of those values of ``scope`` that ``data`` holds tokens of."""
        recalled = await self._services.stored.recall(scope, data.decode("utf-8", "replace"))
        own = self._readback.lexicon
        lexicon = Lexicon(recalled, hosts=own.hosts, guard_urls=own.guard_urls)
        return Readback(lexicon, self._services.tools, self._readback.echoes)

    async def _keep(self, references: list[Reference]) -> None:
        """Record what the provider keeps, before the client can name it; and what it hands out sealed."""
        new = [each for each in references if each not in self._named and (self._keeps or each.kind == SEALED)]
        if new:
            self._named.update(new)
            if self._unsealed:
                await self._services.pseudonymise.seal(self._scope, self._unsealed)
                self._unsealed = ()
            kept = Kept(self._scope, self._owner(), self._model)
            await self._services.stored.keep(self._tenant, new, kept)

    async def _forget(self) -> None:
        if (named := self._path_reference()) is not None:
            await self._services.stored.forget(self._tenant, named)
            self._keeps = False

    async def _restored_error(self, data: bytes) -> bytes:
        """Restore an error's body, whatever it is: providers quote the prompt, and proxies between answer in HTML."""
        try:
            body = decode(data)
        except BodyError:
            return await self._restored_text(data)
        return encode(await self._read_back(self._readback, self._scope, body))

    async def _restored_text(self, data: bytes) -> bytes:
        reply = self._reply(self._readback, self._scope)
        given = await reply.text(self._readback.text(data.decode("utf-8", "replace")))
        await reply.told(self._readback.said)
        return given.encode()

    async def _streamed(self, reply: ClientResponse) -> web.StreamResponse:
        response = await self._begin(reply, {"content-type": CONTENT_TYPES[self._dialect.framing]})
        after = self._request.query.get("starting_after")
        stream = self._stream = self._reply(self._readback, self._scope).stream(
            self._dialect, self._readback, None if after is None else int(after)
        )
        async with kept_alive(response, self._services.keepalive, self._dialect.framing) as write:
            async for data in reply.content.iter_any():
                given = await stream.feed(data)
                await self._keep(stream.stored)
                stream.stored.clear()
                await write(given)
                self._count_outward()
            await write(await stream.flush())
        if not stream.complete:
            raise UpstreamFailed("upstream_stream_cut", "The provider's stream ended before the reply did.")
        await stream.told(self._readback.said)
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
        self, response: web.StreamResponse, stream: ReplyStream, refusal: Refusal
    ) -> web.StreamResponse:
        """End a stream that can't go on with an error event: a bare end would look like success."""
        self._services.metrics.stream_broken(refusal.code)
        await Writer(response)(stream.broken(refusal))
        with suppress(Refusal):  # it may be what broke the stream
            await stream.told(self._readback.said)
        await response.write_eof()
        return response


def _model(body: JSON) -> str:
    model = body.get("model") if isinstance(body, dict) else None
    return model if isinstance(model, str) else ""


def _attached(leaves: list[Leaf]) -> int:
    return sum(len(leaf.text) for leaf in leaves if leaf.treatment is Treatment.ATTACHMENT)
