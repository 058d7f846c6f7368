"""The public application: what is routed where, and how a refusal becomes an answer.

Whatever is not on the list of routes is refused; nothing is ever passed through because nobody thought of it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from proxy.body import encode
from proxy.dialects import Dialect, openai, openai_chat
from proxy.errors import BadRequest, Refusal, Unauthorized, UnknownEndpoint, UpstreamFailed
from proxy.exchange import ClientGone, Exchange, Services
from proxy.metrics import Answering
from proxy.upstream import Upstream, reply_headers


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint: its method and path at Deckname, its path at the upstream, and the dialect its bodies are in."""

    method: str
    path: str
    upstream_path: str
    dialect: Dialect | None  # None for what holds no text and passes as it is


ROUTES: Final = (
    Route("POST", "/v1/chat/completions", "/chat/completions", openai_chat),
    Route("GET", "/v1/models", "/models", None),
    Route("GET", "/v1/models/{model:[A-Za-z0-9_.:/-]+}", "/models/{model}", None),
)


class Gateway:
    """Routes requests to exchanges and turns refusals into answers."""

    def __init__(self, services: Services, upstream: Upstream) -> None:
        self._services = services
        self._upstream = upstream

    def application(self, body_limit: int) -> web.Application:
        """Return the aiohttp application; ``body_limit`` counts decoded bytes."""
        application = web.Application(client_max_size=body_limit)
        for route in ROUTES:
            application.router.add_route(route.method, route.path, self._answered(route))
        application.router.add_route("*", "/{path:.*}", self._answered(None))
        return application

    def _answered(self, route: Route | None) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        metrics = self._services.metrics
        name = f"{route.method} {route.path.partition('{')[0]}" if route else "unknown"

        async def answered(request: web.Request) -> web.StreamResponse:
            with metrics.answering(name) as answering:
                try:
                    response = await self._answer(route, request)
                except Refusal as refusal:
                    return self._refused(refusal, route, answering)
                except (asyncio.CancelledError, ClientGone, ConnectionResetError):
                    answering.outcome = "client_closed"
                    raise
                answering.outcome = "ok" if response.status < 400 else "upstream_error"
                return response

        return answered

    async def _answer(self, route: Route | None, request: web.Request) -> web.StreamResponse:
        tenant = self._services.callers.tenant(request.headers)
        if route is None:
            raise UnknownEndpoint("unknown_endpoint", "Deckname does not serve this endpoint, so nothing was sent.")
        if request.query_string:
            raise BadRequest("unexpected_query", "This endpoint takes no query; nothing was sent.")
        path = route.upstream_path.format(**request.match_info)
        if route.dialect is None:
            return await self._passed(path, request)
        return await Exchange(self._services, route.dialect, self._upstream, request, tenant).run(path)

    async def _passed(self, path: str, request: web.Request) -> web.Response:
        """Pass on a request without a body."""
        async with self._upstream.request("GET", path, headers=request.headers) as reply:
            return web.Response(status=reply.status, headers=reply_headers(reply.headers), body=await reply.read())

    def _refused(self, refusal: Refusal, route: Route | None, answering: Answering) -> web.Response:
        metrics = self._services.metrics
        if isinstance(refusal, UpstreamFailed):
            answering.outcome = "upstream_error"
            metrics.upstream_failed(refusal.code)
        else:
            answering.outcome = "refused"
            metrics.failed_closed(refusal.code)
        if isinstance(refusal, Unauthorized):
            metrics.auth_failed()
        retry = refusal.retry_after
        headers = {"x-should-retry": "false"} if retry is None else {"retry-after": str(retry)}
        dialect = route.dialect if route and route.dialect else openai
        body = encode(dialect.error(refusal))
        return web.Response(status=refusal.status, headers=headers, body=body, content_type="application/json")
