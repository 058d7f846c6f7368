"""The inward half of an exchange: events → deltas → restorer → events' → client; or a whole reply at once."""

from contextlib import suppress
from typing import Final

from aiohttp import ClientResponse, web

from proxy.body import JSON, BodyError, decode, encode
from proxy.dialects import SEALED, Reference
from proxy.errors import Refusal, UpstreamFailed
from proxy.model_data.replies import Reply, ReplyStream
from proxy.outward import JSON_TYPE, Outward
from proxy.readback import Readback
from proxy.restore import Lexicon
from proxy.routes import Carries
from proxy.scope import Scope
from proxy.services import Services
from proxy.stored import Kept
from proxy.streams import CONTENT_TYPES
from proxy.upstream import reply_headers
from proxy.walk import Treatment
from proxy.writing import Writer, kept_alive

_STREAMS: Final = ("text/event-stream", "application/x-ndjson")


class Inward:
    """The reply to what went ``outward``, on its way to the client."""

    def __init__(self, services: Services, outward: Outward) -> None:
        self._services = services
        self._request = outward.request
        self._tenant = outward.tenant
        self._sent = outward.sent
        self._route = outward.route
        self._dialect = outward.route.dialect
        self._named = outward.named_object()
        self._owner = outward.owner
        self._stream: ReplyStream | None = None
        self._response: web.StreamResponse | None = None  # set as soon as its headers are sent

    async def answer(self, reply: ClientResponse, *, streamed: bool) -> web.StreamResponse:
        """Answer with the reply; ``streamed`` says that a stream was asked for. Raises ``Refusal``."""
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

    async def broken_off(self, refusal: Refusal) -> web.StreamResponse:
        """End a stream that can't go on with an error event: a bare end would look like success.

        Raises ``refusal`` itself while nothing was sent to the client.
        """
        if self._response is None or self._stream is None:
            raise refusal
        self._services.metrics.stream_broken(refusal.code)
        await Writer(self._response)(self._stream.broken(refusal))
        with suppress(Refusal):  # it may be what broke the stream
            await self._stream.told(self._sent.readback.said)
        await self._response.write_eof()
        return self._response

    def count(self) -> None:
        """Count what was found in the request, and what became of the tokens in the reply."""
        self._count_sent()
        self._services.count_restored(self._sent.readback.tally)

    def _count_sent(self) -> None:
        if self._sent.hidden is not None:
            self._services.count(self._sent.hidden)
            self._sent.hidden = None

    async def _restored(self, data: bytes) -> bytes:
        try:
            body = decode(data)
        except BodyError:
            raise UpstreamFailed("upstream_invalid", "The provider's reply is not valid JSON.") from None
        await self._keep(self._stored(body))
        if self._route.lists and isinstance(body, dict):
            return encode(await self._listed(body))
        if self._route.tenant_wide:
            self._sent.readback = await self._recalled(self._sent.scope, data)
        given = await self._read_back(self._sent.readback, self._sent.scope, body)
        unchanged = given == body and not self._services.model_data.masks(self._tenant)
        return data if unchanged else encode(given)

    async def _read_back(self, readback: Readback, scope: Scope, body: JSON) -> JSON:
        """Restore a body, and treat what the model wrote of people by itself as the policy says."""
        reply = self._reply(readback, scope)
        given = await reply.body(self._dialect.reply, readback.body(self._dialect.reply, body))
        await reply.told(readback.said)
        return given

    def _reply(self, readback: Readback, scope: Scope) -> Reply:
        texts = (leaf.text for leaf in self._sent.leaves if leaf.treatment is not Treatment.ATTACHMENT)
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
        own = self._sent.readback.lexicon
        lexicon = Lexicon(recalled, hosts=own.hosts, guard_urls=own.guard_urls)
        return Readback(lexicon, self._services.tools, self._sent.readback.echoes)

    async def _keep(self, references: list[Reference]) -> None:
        """Record what the provider keeps, before the client can name it; and what it hands out sealed."""
        sent = self._sent
        new = [each for each in references if each not in sent.named and (sent.keeps or each.kind == SEALED)]
        if new:
            sent.named.update(new)
            if sent.unsealed:
                await self._services.pseudonymise.seal(sent.scope, sent.unsealed)
                sent.unsealed = ()
            kept = Kept(sent.scope, self._owner(), sent.model)
            await self._services.stored.keep(self._tenant, new, kept)

    async def _forget(self) -> None:
        if self._named is not None:
            await self._services.stored.forget(self._tenant, self._named)
            self._sent.keeps = False

    async def _restored_error(self, data: bytes) -> bytes:
        """Restore an error's body, whatever it is: providers quote the prompt, and proxies between answer in HTML."""
        try:
            body = decode(data)
        except BodyError:
            return await self._restored_text(data)
        return encode(await self._read_back(self._sent.readback, self._sent.scope, body))

    async def _restored_text(self, data: bytes) -> bytes:
        reply = self._reply(self._sent.readback, self._sent.scope)
        given = await reply.text(self._sent.readback.text(data.decode("utf-8", "replace")))
        await reply.told(self._sent.readback.said)
        return given.encode()

    async def _streamed(self, reply: ClientResponse) -> web.StreamResponse:
        response = await self._begin(reply, {"content-type": CONTENT_TYPES[self._dialect.framing]})
        after = self._request.query.get("starting_after")
        stream = self._stream = self._reply(self._sent.readback, self._sent.scope).stream(
            self._dialect, self._sent.readback, None if after is None else int(after)
        )
        async with kept_alive(response, self._services.keepalive, self._dialect.framing) as write:
            async for data in reply.content.iter_any():
                given = await stream.feed(data)
                await self._keep(stream.stored)
                stream.stored.clear()
                await write(given)
                self._count_sent()
            await write(await stream.flush())
        if not stream.complete:
            raise UpstreamFailed("upstream_stream_cut", "The provider's stream ended before the reply did.")
        await stream.told(self._sent.readback.said)
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
