"""The audit trail: who did what to whose data, when and why. Never a value, never a raw id of a data subject.

One JSON object a line, appended to a file of mode 0600 and on the disk before the act is answered. What cannot be
written down is not done.
"""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class AuditFailed(Exception):
    """The trail cannot be written, so the act was not done."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One act. `target` is a scope's key, a tenant's or user's identifier, or the id of a key of the ring.

    `count` is how many values it touched, or how many scopes where it is about keys.

    `outcome` is "done", "begun" (the act follows and may yet fail) or "refused". `reason` is the operator's own words.
    """

    action: str
    actor: str
    target: str
    outcome: str
    count: int = 0
    reason: str = ""


class AuditSink(Protocol):
    """Where audit events go."""

    async def record(self, event: AuditEvent) -> None:
        """Write an event down for good. Raises AuditFailed."""
        ...


class AuditFile:
    """A sink that appends to a file. `clock` gives seconds since 1970."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock

    async def record(self, event: AuditEvent) -> None:
        """Append one line and wait until the disk has it."""
        when = datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": when, **asdict(event)}) + "\n"
        try:
            await asyncio.to_thread(self._append, line.encode())
        except OSError as error:
            raise AuditFailed(f"the audit trail cannot be written: {error.strerror}") from None

    def _append(self, line: bytes) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, line)  # one write of one line: lines of several processes do not mix
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
