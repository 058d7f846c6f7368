"""Where a key ring comes from: a file, an environment variable, or a command's standard output.

The file is created with mode 0600 on first start and refused when group or others may touch it. Only the file can
be written back; rings from the environment or a command are changed where they come from. Errors show no content.
"""

import fcntl
import os
import shlex
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

from keys.errors import SourceRefused
from keys.ring import KeyRing, dump, load

PRIVATE: Final = 0o600
COMMAND_SECONDS: Final = 30.0

Change = Callable[[KeyRing], KeyRing]


class KeySource(Protocol):
    """Gives the ring as it is now."""

    def current(self) -> KeyRing:
        """Give the ring, re-read when it changed. Raises SourceRefused or RingRefused."""
        ...

    def change(self, change: Change) -> KeyRing:
        """Apply `change` and keep the result. Raises SourceRefused where the source is read-only."""
        ...


def open_source(name: str, make: Callable[[], KeyRing]) -> KeySource:
    """Open the source that `name` stands for: `env:VARIABLE`, `command:PROGRAM ARG …`, or the path of a file.

    A file that is not there is created with the ring that `make` gives. Raises SourceRefused or RingRefused.
    """
    if name.startswith("env:"):
        return EnvironmentSource(name.removeprefix("env:"))
    if name.startswith("command:"):
        return CommandSource(name.removeprefix("command:"))
    source = FileSource(Path(name))
    source.create(make)
    return source


class FileSource:
    """A ring in a file of mode 0600. Several processes may read it while one at a time changes it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] = ()
        self._ring: KeyRing | None = None

    def create(self, make: Callable[[], KeyRing]) -> KeyRing:
        """Write a fresh ring unless the file is there already, even if another process is just doing the same."""
        if not self._path.exists():
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with self._written(make()) as fresh, suppress(FileExistsError):
                    os.link(fresh, self._path)
                self._sync_folder()
            except OSError as error:
                raise SourceRefused(f"the key file cannot be created: {error.strerror}") from None
        return self.current()

    def current(self) -> KeyRing:
        """Give the ring, read again only when the file is another than last time."""
        try:
            status = self._path.stat()
        except OSError as error:
            raise SourceRefused(f"the key file cannot be read: {error.strerror}") from None
        seen = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode)
        if self._ring is None or seen != self._seen:
            self._ring, self._seen = self._read(), seen
        return self._ring

    def change(self, change: Change) -> KeyRing:
        """Apply `change` to what the file holds now and replace the file in one step."""
        lock = self._path.with_name(self._path.name + ".lock")
        try:
            with lock.open("w") as held:
                lock.chmod(PRIVATE)
                fcntl.flock(held, fcntl.LOCK_EX)
                ring = change(self._read())
                with self._written(ring) as fresh:
                    fresh.replace(self._path)
                self._sync_folder()
        except OSError as error:
            raise SourceRefused(f"the key file cannot be changed: {error.strerror}") from None
        return ring

    def _read(self) -> KeyRing:
        try:
            with self._path.open(encoding="utf-8") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                if mode & 0o077:
                    raise SourceRefused(f"the key file is open to others (mode {mode:04o}); run: chmod 600 on it")
                return load(file.read())
        except (OSError, UnicodeDecodeError):
            raise SourceRefused("the key file cannot be read") from None

    @contextmanager
    def _written(self, ring: KeyRing) -> Iterator[Path]:
        """Give a private temporary file beside the key file with the ring in it, on the disk for good."""
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=".ring-")  # mkstemp makes it 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(dump(ring))
                file.flush()
                os.fsync(file.fileno())
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def _sync_folder(self) -> None:
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class _ReadOnlySource:
    """A ring read once when the source is made."""

    def __init__(self, ring: KeyRing, origin: str) -> None:
        self._ring = ring
        self._origin = origin

    def current(self) -> KeyRing:
        """Give the ring as it was read."""
        return self._ring

    def change(self, change: Change) -> KeyRing:  # noqa: ARG002 - the Protocol's signature
        """Refuse: what another program keeps is changed there."""
        raise SourceRefused(f"the key ring comes from {self._origin} and is changed there, not by this program")


class EnvironmentSource(_ReadOnlySource):
    """A ring's document in an environment variable, which is taken out of the environment once read."""

    def __init__(self, variable: str) -> None:
        document = os.environ.pop(variable, None)
        if not document:
            raise SourceRefused(f"the environment variable {variable} holds no key ring")
        super().__init__(load(document), "the environment")


class CommandSource(_ReadOnlySource):
    """A ring's document on the standard output of a command, such as a secret store's client."""

    def __init__(self, command: str, *, seconds: float = COMMAND_SECONDS) -> None:
        try:
            words = shlex.split(command)
        except ValueError:
            words = []
        if not words:
            raise SourceRefused("the key command is empty or ends within a quotation")
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, split without a shell
                words, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
            )
        except (OSError, subprocess.SubprocessError):
            raise SourceRefused("the key command cannot be run or took too long") from None
        if done.returncode != 0:
            raise SourceRefused(f"the key command failed with exit status {done.returncode}")
        super().__init__(load(done.stdout.decode("utf-8", "replace")), "a command")
