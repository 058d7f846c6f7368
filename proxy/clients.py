"""Client keys: who may use Deckname, and whose tenant a request belongs to.

A key is 256 random bits, shown once and stored as its SHA-256; with that much entropy a slow hash would add nothing.
The file is read again whenever it changes, so adding and removing clients needs no restart.
"""

import hashlib
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from proxy.errors import Unauthorized, Unavailable

PREFIX: Final = "deckname-"  # so that secret scanners and people recognise a key that lies about
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_FORMAT = 1


class ClientsFileError(ValueError):
    """The file of client keys cannot be read as one. The message names the file, never its content."""


@dataclass(frozen=True, slots=True)
class ClientKey:
    """One stored key: the client's ``name`` (its tenant), a short ``id``, when it was ``created``, and its hash."""

    name: str
    id: str
    created: str
    sha256: str


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def presented(headers: Mapping[str, str]) -> str | None:
    """Return the key a request bears: ``Authorization: Bearer``, Anthropic's ``x-api-key`` or Azure's ``api-key``."""
    scheme, _, key = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    return headers.get("x-api-key") or headers.get("api-key") or None


class ClientKeys:
    """The client keys of one file, which may not exist yet."""

    def __init__(self, path: Path) -> None:
        """Read ``path``. Raises ``ClientsFileError`` if it is there and cannot be read."""
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: tuple[ClientKey, ...] = ()
        self._by_hash: dict[str, str] = {}
        self._refresh()

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[ClientKey]:
        return iter(self._keys)

    def tenant(self, key: str | None) -> str:
        """Return the name of the client that ``key`` belongs to.

        Raises ``Unauthorized`` if it belongs to none, ``Unavailable`` if the file has become unreadable.
        """
        try:
            self._refresh()
        except ClientsFileError:
            raise Unavailable("client_keys_unreadable", "Deckname's file of client keys cannot be read.") from None
        name = self._by_hash.get(_digest(key)) if key else None
        if name is None:
            raise Unauthorized("invalid_api_key", "This request needs a key made with `deckname clients add`.")
        return name

    def add(self, name: str, created: str) -> str:
        """Make a key for the client ``name`` and return it; only its hash is kept.

        A client may have several keys, so that one can be replaced without a gap. ``created`` is an ISO 8601 time.
        Raises ``ValueError`` if the name is not one.
        """
        if not _NAME.fullmatch(name):
            raise ValueError("a client's name is up to 63 of a-z, 0-9, '.', '_' and '-', and begins with a letter or "
                             "digit")
        self._refresh()
        key = PREFIX + secrets.token_urlsafe(32)
        self._write((*self._keys, ClientKey(name, secrets.token_hex(4), created, _digest(key))))
        return key

    def remove(self, name: str, key_id: str | None = None) -> int:
        """Remove the keys of ``name``, or the one with ``key_id``, and return how many there were."""
        self._refresh()
        kept = tuple(k for k in self._keys if k.name != name or key_id not in {None, k.id})
        removed = len(self._keys) - len(kept)
        if removed:
            self._write(kept)
        return removed

    def _refresh(self) -> None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            self._take((), None)
            return
        except OSError as error:
            raise ClientsFileError(f"{self._path} cannot be read: {error.strerror}") from None
        seen = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
        if seen != self._seen:
            self._take(_read(self._path), seen)

    def _take(self, keys: tuple[ClientKey, ...], seen: tuple[int, int, int] | None) -> None:
        self._keys, self._seen = keys, seen
        self._by_hash = {key.sha256: key.name for key in keys}

    def _write(self, keys: tuple[ClientKey, ...]) -> None:
        """Replace the file as a whole, readable by its owner only."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = json.dumps({"format": _FORMAT, "keys": [asdict(key) for key in keys]}, indent=2) + "\n"
        descriptor, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=".clients-")  # mode 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(self._path)
        self._refresh()


def _read(path: Path) -> tuple[ClientKey, ...]:
    try:
        document = json.loads(path.read_text("utf-8"))
        keys = tuple(ClientKey(**entry) for entry in document["keys"])
        right = document["format"] == _FORMAT and all(isinstance(k.sha256, str) and len(k.sha256) == 64 for k in keys)
    except OSError as error:
        raise ClientsFileError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        right, keys = False, ()
    if not right:
        raise ClientsFileError(f"{path} is not a file that `deckname clients` wrote")
    return keys
