"""The admin listener: is it alive, is it ready, what has it counted.

Health is for orchestrators and says nothing that is worth a key. Metrics, and what is mounted beside them, ask for
the admin token where one is configured.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from proxy.metrics import CONTENT_TYPE, Metrics

log = logging.getLogger(__name__)

Check = Callable[[], Awaitable[None]]  # raises if the thing is not ready

_OPEN: Final = ("/healthz", "/readyz")
_CHECK_SECONDS: Final = 3.0


def admin_application(checks: Mapping[str, Check], metrics: Metrics, token: str | None) -> web.Application:
    """Return the application of the admin listener.

    ``checks`` are by name what has to work for a request to be answered, such as ``store``, ``detector`` and ``keys``.
    Further routes may be added to it; they ask for ``token``, too.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def readyz(_: web.Request) -> web.Response:
        found = await readiness(checks)
        return web.json_response({"ready": all(found.values()), "checks": found}, status=200 if all(found.values())
                                 else 503)

    async def exposition(_: web.Request) -> web.Response:
        return web.Response(body=metrics.exposition(), headers={"content-type": CONTENT_TYPE})

    application = web.Application(middlewares=[_guard(token)])
    application.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", exposition)])
    return application


async def readiness(checks: Mapping[str, Check]) -> dict[str, bool]:
    """Run all checks at once and return which passed; one that takes longer than three seconds did not."""
    return dict(zip(checks, await asyncio.gather(*(_passes(n, c) for n, c in checks.items())), strict=True))


async def _passes(name: str, check: Check) -> bool:
    try:
        await asyncio.wait_for(check(), _CHECK_SECONDS)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is no
        log.warning("Not ready: %s (%s)", name, type(error).__name__)
        return False
    return True


def _guard(token: str | None) -> Middleware:
    """Return a middleware that lets only bearers of ``token`` past the open paths."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if token is None or request.path in _OPEN or _bears(request, token):
            return await handler(request)
        return web.json_response({"error": "This needs Deckname's admin token."}, status=401,
                                 headers={"www-authenticate": "Bearer"})

    return guard


def _bears(request: web.Request, token: str) -> bool:
    given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, f"Bearer {token}".encode())
