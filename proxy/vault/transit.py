"""DEKs wrapped by HashiCorp Vault's transit engine, or OpenBao's: the key-encryption key never leaves that service.

Needs a key of type aes256-gcm96 and a token that may encrypt and decrypt with it and read it. The scope a DEK belongs
to is sent as associated data, so a wrapped DEK cannot be moved. Rotation is Vault's; `deckname keys rewrap` follows.
"""

import base64
import binascii
import ssl
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout

from keys.errors import KeysError, KeyUnknown, SealBroken, WrapperUnavailable
from keys.secret import Secret

_PREFIX: Final = "vault:v"
_REMEMBERED: Final = 300.0  # seconds for which unwrapped DEKs may be remembered before Vault is asked again
_MOVED: Final = ("authentication failed", "invalid ciphertext", "illegal base64")  # what Vault says of a bad ciphertext


class TransitWrapper:
    """A Wrapper over `POST /v1/<mount>/encrypt/<key>` and `/decrypt/<key>`.

    `address` is Vault's, such as https://vault.internal:8200; `token` gives the token anew for each request, so that an
    agent may renew it; `seconds` is the patience; `clock` counts seconds.
    """

    def __init__(  # noqa: PLR0913 - each is one fact about the service
        self,
        address: str,
        key: str,
        token: Callable[[], str],
        *,
        clock: Callable[[], float],
        mount: str = "transit",
        seconds: float = 2.0,
        authority: ssl.SSLContext | None = None,
    ) -> None:
        self._base = f"{address.rstrip('/')}/v1/{quote(mount)}"
        self._key = quote(key, safe="")
        self._token = token
        self._clock = clock
        self._timeout = ClientTimeout(total=seconds)
        self._authority = authority
        self._session: ClientSession | None = None

    async def wrap(self, dek: Secret, context: bytes) -> bytes:
        """Wrap under the key's latest version."""
        asked = {"plaintext": _b64(dek.expose()), "associated_data": _b64(context)}
        answer = await self._ask("POST", f"encrypt/{self._key}", asked)
        return _field(answer, "ciphertext").encode("ascii")

    async def unwrap(self, wrapped: bytes, context: bytes) -> Secret:
        """Unwrap under the version that `wrapped` names."""
        asked = {"ciphertext": wrapped.decode("ascii", "replace"), "associated_data": _b64(context)}
        answer = await self._ask("POST", f"decrypt/{self._key}", asked)
        try:
            return Secret(base64.b64decode(_field(answer, "plaintext"), validate=True))
        except binascii.Error:
            raise WrapperUnavailable("the key service answered something else") from None

    async def current(self, wrapped: bytes) -> bool:
        """Tell whether the key's latest version wrapped it."""
        answer = await self._ask("GET", f"keys/{self._key}")
        return wrapped.startswith(f"{_PREFIX}{answer.get('latest_version')}:".encode())

    def generation(self) -> object:
        """Give the number of the current spell of five minutes: Vault does not say when a key changes."""
        return int(self._clock() // _REMEMBERED)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        if self._session is None:
            self._session = ClientSession(timeout=self._timeout, trust_env=False)
        headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true"}
        try:
            async with self._session.request(
                method, f"{self._base}/{path}", json=body, headers=headers, ssl=self._authority or True,
                allow_redirects=False,
            ) as reply:
                if reply.status == HTTPStatus.OK:
                    data = (await reply.json()).get("data")
                    return data if isinstance(data, dict) else {}
                raise _error(reply.status, await reply.text())
        except (TimeoutError, ClientError, OSError, ValueError):
            raise WrapperUnavailable("the key service does not answer") from None


def _error(status: int, text: str) -> KeysError:
    """Read an error; nothing of its text is repeated."""
    if status == HTTPStatus.BAD_REQUEST and any(words in text for words in _MOVED):
        if "too new" in text:
            return KeyUnknown("the key service does not have that version of the key")
        return SealBroken("the key service cannot open a wrapped key here")
    if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
        return KeyUnknown("the key service does not have the key, or not that version of it")
    return WrapperUnavailable(f"the key service refuses (HTTP status {status})")


def _field(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str):
        raise WrapperUnavailable("the key service answered something else")
    return value


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
