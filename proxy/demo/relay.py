"""A relay between the proxy and the model that keeps what went over the wire, so that it can be shown as it was.

It keeps the first chat it carries and passes everything else on unkept.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, web

_KEPT_OFF: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


class Relay:
    """Carries requests to ``base``. ``request`` and ``reply`` are the bytes of the first chat."""

    def __init__(self, base: str) -> None:
        self._origin = base.removesuffix(urlsplit(base).path)
        self._prefix = urlsplit(base).path
        self._session: ClientSession | None = None
        self.url = ""
        self.request = b""
        self.reply = b""

    async def carry(self, request: web.Request) -> web.StreamResponse:
        """Pass one request on, and its reply back as it comes."""
        if self._session is None:
            raise web.HTTPServiceUnavailable
        body = await request.read()
        keep = not self.request and request.path.endswith("/chat/completions")
        if keep:
            self.request = body
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _KEPT_OFF}
        url = self._origin + request.raw_path
        async with self._session.request(request.method, url, headers=headers, data=body or None) as reply:
            response = web.StreamResponse(status=reply.status, headers={"content-type": reply.headers.get(
                "content-type", "application/octet-stream")})
            await response.prepare(request)
            async for data in reply.content.iter_any():
                self.reply += data if keep else b""
                await response.write(data)
        await response.write_eof()
        return response

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Relay"]:
        """Listen on a free port of loopback meanwhile; ``url`` is the base URL."""
        application = web.Application(client_max_size=64 << 20)
        application.router.add_route("*", "/{path:.*}", self.carry)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        timeout = ClientTimeout(total=None, sock_connect=10)
        self._session = ClientSession(cookie_jar=DummyCookieJar(), timeout=timeout, auto_decompress=False)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}{self._prefix}"
            yield self
        finally:
            await runner.cleanup()
            await self._session.close()
