"""A client for load, as bare as can be, so that what is measured is the proxy and not its client."""

import asyncio
import json
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from sending to the first byte of the reply's body and to its end; and when each piece came."""

    status: int
    first: float
    total: float
    pieces: tuple[float, ...]


class Client:
    """One kept-alive connection to ``base`` (which ends in ``/v1``)."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._path = f"{parts.path}/chat/completions"

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port, limit=1 << 22)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    def packed(self, body: Any, **headers: str) -> bytes:
        """Write a request once, to be sent many times."""
        data = json.dumps(body, ensure_ascii=False).encode()
        extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"POST {self._path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
            f"{extra}Content-Length: {len(data)}\r\n\r\n"
        )
        return head.encode() + data

    async def send(self, request: bytes) -> Timing:
        """Send a request and read the whole reply."""
        began = perf_counter()
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        if b"transfer-encoding: chunked" in head:
            pieces = await self._chunks(began)
        else:
            length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
            await self._reader.readexactly(length)
            pieces = [perf_counter() - began]
        return Timing(status, pieces[0], perf_counter() - began, tuple(pieces))

    async def _chunks(self, began: float) -> list[float]:
        pieces = []
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            await self._reader.readexactly(size + 2)
            pieces.append(perf_counter() - began)
        await self._reader.readexactly(2)
        return pieces
