"""The one client of the providers' APIs: fixed addresses, allow-listed headers, no cookies, no redirects.

aiohttp's defaults are made for browsing; here they would share cookies between users, follow redirects with
credentials and cut streams after five minutes.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)

from proxy import __version__
from proxy.errors import UpstreamFailed, UpstreamTimeout

# What a provider needs of the client's headers. Everything else may say who the user is.
_REQUEST: Final = re.compile(
    r"accept|openai-(?:organization|project|beta)|anthropic-(?:version|beta)|api-version|idempotency-key|x-stainless-[a-z-]+"
)
_HARMLESS: Final = re.compile(r"[\w ,;=.*/+:-]{0,200}", re.ASCII)
# What a client needs of the provider's.
_REPLY: Final = re.compile(
    r"content-type|(?:x-)?request-id|openai-(?:processing-ms|version|model)|(?:x|anthropic)-ratelimit-[\w-]+"
    r"|retry-after(?:-ms)?|x-should-retry|apim-request-id"
)
_CREDENTIALS: Final = ("authorization", "api-key", "x-api-key")


class Upstream:
    """The APIs behind one base URL.

    ``key`` replaces the client's own credentials and goes into the header ``bearer``; without it these go through,
    unless ``client_key`` forbids it. ``timeout`` should bound each silence within a reply, not the whole of it.
    """

    def __init__(
        self, base: str, *, key: str | None, timeout: ClientTimeout, bearer: str = "authorization",
        client_key: bool = True,
    ) -> None:
        self.base = base.rstrip("/")
        self._key = {bearer: f"Bearer {key}" if bearer == "authorization" else key} if key is not None else {}
        self._client_key = client_key and key is None
        self._timeout = timeout
        self._session: ClientSession | None = None

    async def start(self) -> None:
        """Open the connection pool."""
        self._session = ClientSession(
            connector=TCPConnector(limit=0, ttl_dns_cache=60),
            cookie_jar=DummyCookieJar(),
            timeout=self._timeout,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | AsyncIterator[bytes] | None = None,
        media_type: str = "application/json",
    ) -> AsyncIterator[ClientResponse]:
        """Send a request and give its reply as soon as the headers are there.

        ``path`` is what follows the base, ``headers`` the client's own. Leaving the context before the end of the
        reply closes the connection, so that a provider stops generating when nobody listens. Raises
        ``UpstreamFailed`` or ``UpstreamTimeout``, also for what goes wrong while the reply is read.
        """
        if self._session is None:
            raise UpstreamFailed("upstream_unreachable", "The upstream client is not running.")
        try:
            async with self._session.request(
                method, self.base + path, data=body, headers=self._outbound(headers, media_type if body else ""),
                allow_redirects=False,
            ) as response:
                if 300 <= response.status < 400:
                    raise UpstreamFailed("upstream_redirect", "The provider answered with a redirect.")
                yield response
        except TimeoutError:
            raise UpstreamTimeout("upstream_timeout", "The provider did not answer in time.") from None
        except ClientConnectionError:
            raise UpstreamFailed("upstream_unreachable", "The connection to the provider failed.") from None
        except ClientError as error:
            name = type(error).__name__
            raise UpstreamFailed("upstream_broken", f"The provider's reply broke off ({name}).") from None

    def _outbound(self, headers: Mapping[str, str], media_type: str) -> dict[str, str]:
        out = {
            name: value
            for name, value in ((n.lower(), v) for n, v in headers.items())
            if _REQUEST.fullmatch(name) and _HARMLESS.fullmatch(value)
        }
        out |= self._key
        if self._client_key:
            out |= {n.lower(): v for n, v in headers.items() if n.lower() in _CREDENTIALS}
        if media_type:
            out["content-type"] = media_type
        # A compressed stream arrives in lumps; an uncompressed one as it is written.
        return {**out, "accept-encoding": "identity", "user-agent": f"deckname/{__version__}"}


def reply_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return those of a provider's headers that a client may see; lengths and encodings no longer hold."""
    return {name.lower(): value for name, value in headers.items() if _REPLY.fullmatch(name.lower())}
