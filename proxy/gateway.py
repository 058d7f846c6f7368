"""The public application: what is routed where, and how a refusal becomes an answer.

Whatever is not on the list of routes is refused; nothing is ever passed through because nobody thought of it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from proxy.body import encode
from proxy.dialects import openai
from proxy.errors import Refusal, Unauthorized, UnknownEndpoint, UpstreamFailed
from proxy.exchange import Exchange
from proxy.files import Download, Upload, Uploaded
from proxy.forms import Form
from proxy.inward import Inward
from proxy.metrics import Answering
from proxy.outward import Outward
from proxy.routes import ROUTES, Carries, Route
from proxy.services import Services
from proxy.upstream import reply_headers
from proxy.upstreams import Upstreams
from proxy.writing import ClientGone

_OUTWARD: Final[dict[Carries, type[Outward]]] = {Carries.FORM: Form, Carries.UPLOAD: Upload}
_INWARD: Final[dict[Carries, type[Inward]]] = {Carries.UPLOAD: Uploaded, Carries.DOWNLOAD: Download}


class Gateway:
    """Routes requests to exchanges and turns refusals into answers."""

    def __init__(self, services: Services, upstreams: Upstreams) -> None:
        self._services = services
        self._upstreams = upstreams

    def application(self, body_limit: int) -> web.Application:
        """Return the aiohttp application; ``body_limit`` counts decoded bytes."""
        application = web.Application(client_max_size=body_limit)
        for route in ROUTES:
            application.router.add_route(route.method, route.pattern, self._answered(route))
        application.router.add_route("*", "/{path:.*}", self._answered(None))
        return application

    def _answered(self, route: Route | None) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        metrics = self._services.metrics
        name = route.name if route else "unknown"

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
        if route.plain:
            return await self._passed(route, request)
        outward = _OUTWARD.get(route.carries, Outward)(self._services, route, request, tenant)
        inward = _INWARD.get(route.carries, Inward)
        return await Exchange(self._services, self._upstreams, outward, inward).run()

    async def _passed(self, route: Route, request: web.Request) -> web.Response:
        """Pass on a request that holds no text."""
        path = route.target(request.match_info, list(request.query.items()))
        # Both have models under this path, and their clients ask for them.
        api = "anthropic" if "anthropic-version" in request.headers and route.api == "openai" else route.api
        upstream = self._upstreams.choose(api)
        async with upstream.request(request.method, path, headers=request.headers) as reply:
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
        body = encode(route.dialect.error(refusal) if route else openai.error(refusal))
        return web.Response(status=refusal.status, headers=headers, body=body, content_type="application/json")
