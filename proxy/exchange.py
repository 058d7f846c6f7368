"""One request and its reply: the only file that knows every step.

bytes → body → leaves → findings → ledger → body' → upstream; events → deltas → restorer → events' → client.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientResponse, web

from proxy.body import JSON, BodyError, decode, encode
from proxy.caller import Callers, Tenant
from proxy.dialects import Dialect
from proxy.errors import BadRequest, Refusal, TooLarge, UnsupportedMedia, UpstreamFailed
from proxy.metrics import Metrics
from proxy.pseudonymise import Pseudonymised, Pseudonymiser
from proxy.restore import Lexicon, Tally, restore
from proxy.sse import Event, encode_comment, encode_event
from proxy.streams import StreamRestorer
from proxy.upstream import Upstream, reply_headers
from proxy.walk import Leaf, Treatment

_ENCODINGS: Final = ("identity", "gzip", "deflate", "br", "zstd")


class ClientGone(Exception):
    """The client closed the connection before its reply was complete."""


@dataclass(frozen=True, slots=True)
class Services:
    """What every exchange uses. ``keepalive`` is in seconds, ``depth_limit`` in levels of nesting."""

    callers: Callers
    pseudonymise: Pseudonymiser
    metrics: Metrics
    keepalive: float
    depth_limit: int
    drop_attachments: bool = False


class Exchange:
    """One request of a tenant and its reply, in one dialect."""

    def __init__(
        self, services: Services, dialect: Dialect, upstream: Upstream, request: web.Request, tenant: Tenant
    ) -> None:
        self._services = services
        self._dialect = dialect
        self._upstream = upstream
        self._request = request
        self._tenant = tenant
        self._tally = Tally()
        self._response: web.StreamResponse | None = None  # set as soon as its headers are sent

    async def run(self, path: str) -> web.StreamResponse:
        """Answer the request from ``path`` of the upstream. Raises ``Refusal`` while nothing was sent to the client."""
        body = await read_body(self._request, depth_limit=self._services.depth_limit)
        self._dialect.check(body, attachments=self._services.pseudonymise.attachments)
        outbound, lexicon = await self._pseudonymised(body)
        streamed = isinstance(body, dict) and body.get("stream") is True
        try:
            async with self._upstream.request(
                "POST", path, headers=self._request.headers, body=outbound
            ) as reply:
                return await self._answer(reply, lexicon, streamed=streamed)
        except Refusal as refusal:
            if self._response is None:
                raise
            return await self._break_off(self._response, refusal)
        finally:
            tally = self._tally
            self._services.metrics.restored(tally.restored, tally.suppressed.total(), tally.unknown)

    async def _pseudonymised(self, body: JSON) -> tuple[bytes, Lexicon]:
        table = self._dialect.REQUEST
        if self._services.drop_attachments:
            body = table.without_attachments(body)
        leaves = table.leaves(body)
        request = self._request
        caller = self._services.callers.caller(self._tenant, request.headers, body, request.remote or "")
        began = time.perf_counter()
        hidden = await self._services.pseudonymise(leaves, caller, lambda leaf: table.place(leaf.path))
        self._count(hidden, time.perf_counter() - began)
        return encode(table.replace(body, iter(hidden.texts))), hidden.lexicon

    async def _answer(self, reply: ClientResponse, lexicon: Lexicon, *, streamed: bool) -> web.StreamResponse:
        kind = reply.content_type if "content-type" in reply.headers else ""
        if reply.status == 200 and (kind == "text/event-stream" or (streamed and not kind)):
            return await self._stream(reply, lexicon)
        data = await reply.read()
        headers = reply_headers(reply.headers)
        if reply.status >= 400:
            return web.Response(status=reply.status, headers=headers, body=self._restored_error(data, lexicon))
        return web.Response(status=reply.status, headers=headers, body=self._restored(data, lexicon))

    def _restored(self, data: bytes, lexicon: Lexicon) -> bytes:
        try:
            body = decode(data)
        except BodyError:
            raise UpstreamFailed("upstream_invalid", "The provider's reply is not valid JSON.") from None
        if not lexicon:
            return data
        return encode(self._dialect.REPLY.rewrite(body, lambda leaf: self._restored_leaf(leaf, lexicon)))

    def _restored_leaf(self, leaf: Leaf, lexicon: Lexicon) -> str:
        if leaf.treatment in (Treatment.STRUCTURE, Treatment.ATTACHMENT):
            return leaf.text
        return restore(lexicon, leaf.text, json_string=leaf.treatment is Treatment.JSON, tally=self._tally)

    def _restored_error(self, data: bytes, lexicon: Lexicon) -> bytes:
        """Restore an error's body, whatever it is: providers quote the prompt, and proxies between answer in HTML."""
        try:
            return encode(self._dialect.REPLY.rewrite(decode(data), lambda leaf: self._restored_leaf(leaf, lexicon)))
        except BodyError:
            return restore(lexicon, data.decode("utf-8", "replace"), tally=self._tally).encode()

    async def _stream(self, reply: ClientResponse, lexicon: Lexicon) -> web.StreamResponse:
        headers = {**reply_headers(reply.headers), "content-type": "text/event-stream; charset=utf-8"}
        headers |= {"cache-control": "no-cache", "x-accel-buffering": "no"}
        response = web.StreamResponse(status=200, headers=headers)
        await response.prepare(self._request)
        self._response = response
        restorer = StreamRestorer(self._dialect, lexicon, self._tally)
        async with self._kept_alive(response) as write:
            async for data in reply.content.iter_any():
                await write(restorer.feed(data))
            await write(restorer.flush())
        if not restorer.complete:
            raise UpstreamFailed("upstream_stream_cut", "The provider's stream ended before the reply did.")
        await response.write_eof()
        return response

    @asynccontextmanager
    async def _kept_alive(self, response: web.StreamResponse) -> AsyncIterator["Write"]:
        """Give a function that writes whole events; between them, silence is broken by comments."""
        write = Write(response)
        ticking = asyncio.create_task(write.keep_alive(self._services.keepalive))
        try:
            yield write
        finally:
            ticking.cancel()

    async def _break_off(self, response: web.StreamResponse, refusal: Refusal) -> web.StreamResponse:
        """End a stream that can't go on with an error event: a bare end would look like success."""
        self._services.metrics.stream_broken(refusal.code)
        error = encode(self._dialect.error(refusal)).decode()
        await Write(response)(encode_event(Event(error, event=self._dialect.ERROR_EVENT)))
        await response.write_eof()
        return response

    def _count(self, hidden: Pseudonymised, seconds: float) -> None:
        metrics = self._services.metrics
        metrics.overhead("pseudonymise", seconds)
        for slot in hidden.slots:
            metrics.found(slot.finding.kind, slot.finding.recognizer, slot.decision.action.value)
        if hidden.unscanned:
            metrics.unscanned("attachment", hidden.unscanned)


class Write:
    """Writes whole events to a client, and comments when there were none for a while."""

    def __init__(self, response: web.StreamResponse) -> None:
        self._response = response
        self._last = time.monotonic()

    async def __call__(self, data: bytes) -> None:
        """Write ``data``, if there is any. Raises ``ClientGone``."""
        if data:
            self._last = time.monotonic()
            try:
                await self._response.write(data)
            except ConnectionError:
                raise ClientGone from None

    async def keep_alive(self, interval: float) -> None:
        """Write a comment whenever nothing was written for ``interval`` seconds, until cancelled."""
        while True:
            await asyncio.sleep(max(self._last + interval - time.monotonic(), 0.01))
            if time.monotonic() - self._last >= interval:
                await self(encode_comment("keep-alive"))


async def read_body(request: web.Request, *, depth_limit: int) -> JSON:
    """Read a JSON body, in whatever single encoding. Raises a ``Refusal`` that says what can't be read."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in _ENCODINGS:
        raise UnsupportedMedia("unsupported_encoding", f"Bodies are read in one of {', '.join(_ENCODINGS)}.")
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
