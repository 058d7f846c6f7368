"""Detection in worker processes, so that the event loop never runs a model.

Each process builds one detector when it starts. A worker that dies takes nothing with it: its requests are asked
again of a fresh one, once. Whatever goes wrong, no text is part of it.
"""

import asyncio
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final, Protocol

from recognizers.config import DetectorConfig
from recognizers.detector import Detector
from recognizers.finding import Finding

Findings = list[list[Finding]]

# The one detector of a worker process; set by ``_start`` in the worker, never in the proxy itself.
_detector: Detector | None = None


class DetectionFailed(Exception):
    """The detector failed, is not ready, or was too slow; the shell answers 503."""


class TextDetector(Protocol):
    """Finds personal data in texts."""

    version: str

    async def detect(self, texts: Sequence[str]) -> Findings:
        """Return the findings of each text; raise ``DetectionFailed`` rather than leave one out."""


def _start(config: DetectorConfig) -> None:
    global _detector  # noqa: PLW0603 - a process-wide model is the purpose of the process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    _detector = Detector(config)


def _version() -> str:
    if _detector is None:
        raise RuntimeError("worker without a detector")
    return _detector.version


def _detect(texts: Sequence[str]) -> Findings:
    if _detector is None:
        raise RuntimeError("worker without a detector")
    return _detector.detect(texts)


class DetectorWorkers:
    """A pool of ``workers`` processes. ``deadline`` (seconds) bounds one call, ``queue`` the calls waiting."""

    def __init__(self, config: DetectorConfig, *, workers: int, deadline: float, queue: int = 256) -> None:
        self._config = config
        self._workers = workers
        self._deadline: Final = deadline
        self._queue: Final = queue
        self._waiting = 0
        self._pool: ProcessPoolExecutor | None = None
        self.version = ""

    async def start(self) -> None:
        """Start every worker and wait until each holds its model; raises ``DetectionFailed`` if one can't."""
        self._pool = self._fresh()
        loop = asyncio.get_running_loop()
        try:
            calls = [loop.run_in_executor(self._pool, _version) for _ in range(self._workers)]
            self.version = (await asyncio.gather(*calls))[0]
        except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a value
            await self.close()
            raise DetectionFailed(f"The detector can't start: {type(error).__name__}") from None

    async def ready(self) -> None:
        """Raise ``DetectionFailed`` unless a worker answers in time."""
        await self.detect([""])

    async def detect(self, texts: Sequence[str]) -> Findings:
        """Find personal data in ``texts`` within the deadline."""
        if self._pool is None:
            raise DetectionFailed("The detector is not running.")
        if self._waiting >= self._queue:
            raise DetectionFailed("The detector's queue is full.")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._deadline):
                return await self._ask(texts)
        except TimeoutError:
            raise DetectionFailed("The detector took longer than its deadline.") from None
        finally:
            self._waiting -= 1

    async def _ask(self, texts: Sequence[str]) -> Findings:
        loop = asyncio.get_running_loop()
        for _ in range(2):
            pool = self._pool
            try:
                return await loop.run_in_executor(pool, _detect, list(texts))
            except BrokenProcessPool:
                self._renew(pool)
            except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a value
                raise DetectionFailed(f"The detector failed with {type(error).__name__}.") from None
        raise DetectionFailed("The detector's worker died twice on this request.")

    def _renew(self, broken: ProcessPoolExecutor | None) -> None:
        """Replace the broken pool; whoever notices second finds it replaced."""
        if self._pool is broken and broken is not None:
            broken.shutdown(wait=False, cancel_futures=True)
            self._pool = self._fresh()

    def _fresh(self) -> ProcessPoolExecutor:
        # "spawn": a forked copy of the proxy would carry its keys and sockets.
        return ProcessPoolExecutor(
            self._workers, mp_context=get_context("spawn"), initializer=_start, initargs=(self._config,)
        )

    async def close(self) -> None:
        """Stop the workers."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await asyncio.get_running_loop().run_in_executor(None, lambda: pool.shutdown(cancel_futures=True))
