"""Reads replies after they were sent: the next turn resends them, and then finds them read.

What it does nobody waits for, so it gives way: where detectors have other work, a reply is left for its turn to read.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from keys.secret import Secret
from proxy.findings_cache import FindingsCache
from proxy.workers import DetectionFailed

_LONGEST: Final = 50_000  # characters of a reply worth reading ahead


class Foresight:
    """Reads ahead with ``findings`` unless ``busy`` says that detectors have other work."""

    def __init__(self, findings: FindingsCache, busy: Callable[[], bool]) -> None:
        self._findings = findings
        self._busy = busy
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def free(self) -> bool:
        """Whether a reply would be read now."""
        return not self._busy()

    def read(self, texts: Iterable[str], key: Secret) -> None:
        """Read ``texts`` in the background, for the tenant whose fingerprint key is given."""
        worth = [text for text in dict.fromkeys(texts) if text.strip()]
        if worth and self.free and sum(map(len, worth)) <= _LONGEST:
            task = asyncio.create_task(self._read(worth, key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _read(self, texts: list[str], key: Secret) -> None:
        try:
            await self._findings.detect(texts, key)
        except DetectionFailed:
            return  # the turn that resends it will say so

    async def close(self) -> None:
        """Stop reading."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
