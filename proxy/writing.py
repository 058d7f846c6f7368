"""Writing to a client while its reply is being made: whole events, and comments where there would be silence."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from proxy.sse import encode_comment


class ClientGone(Exception):
    """The client closed the connection before its reply was complete."""


class Writer:
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


@asynccontextmanager
async def kept_alive(response: web.StreamResponse, interval: float, framing: str) -> AsyncIterator[Writer]:
    """Give a writer of whole events. Between them, silence is broken by comments, where the framing has any."""
    write = Writer(response)
    if framing != "sse":
        yield write
        return
    ticking = asyncio.create_task(write.keep_alive(interval))
    try:
        yield write
    finally:
        ticking.cancel()
