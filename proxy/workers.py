"""Detection in worker processes, so that the event loop never runs a model.

Texts wait in turn by call, one of each at a time, so that a long request doesn't hold up short ones; a free worker
takes what waits as one batch. A worker that dies or grows is replaced and its batch asked again. No text is ever part
of an error.
"""

import asyncio
import contextlib
import pickle
import socket
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any, Final, Protocol

from proxy.worker import SIZE, Answer, Hello, findings, packed, work
from recognizers.config import DetectorConfig
from recognizers.finding import Finding

Findings = list[list[Finding]]

_BATCH: Final = 4_000  # characters a worker is given at a time, unless one text alone is longer
_LONG: Final = 20_000  # characters from which a text may not occupy the last free worker
_ATTEMPTS: Final = 2  # a batch whose worker died twice is what kills it


class DetectionFailed(Exception):
    """The detector failed, is not ready, or was too slow; the shell answers 503."""


class TextDetector(Protocol):
    """Finds personal data in texts."""

    version: str

    async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> Findings:
        """Return the findings of each text; raise ``DetectionFailed`` rather than leave one out.

        ``admitted`` says that these are more texts of a request that waits already.
        """


@dataclass(eq=False, slots=True)
class _Job:
    """One text that waits for its findings."""

    text: str = field(repr=False)
    found: asyncio.Future[list[Finding]]
    attempts: int = 0


class DetectorWorkers:
    """A pool of ``workers`` processes.

    ``deadline`` (seconds) bounds one call and ``queue`` the calls waiting. A worker that has held more than
    ``memory`` bytes is replaced.
    """

    def __init__(
        self, config: DetectorConfig, *, workers: int, deadline: float, queue: int = 256, memory: int = 1 << 30
    ) -> None:
        self._config = config
        self._count = workers
        self._deadline: Final = deadline
        self._queue: Final = queue
        self._memory: Final = memory
        self._calls: deque[deque[_Job]] = deque()  # what waits, by call
        self._waiting = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []
        self._running = 0
        self.pending = 0  # calls not answered yet
        self.version = ""

    async def start(self) -> None:
        """Start every worker and wait until each holds its model; raises ``DetectionFailed`` if one can't."""
        try:
            fresh = await asyncio.gather(*(_Worker.start(self._config) for _ in range(self._count)))
        except (OSError, EOFError) as error:
            raise DetectionFailed(f"The detector can't start ({type(error).__name__}).") from None
        self.version = fresh[0].version
        self._running = len(fresh)
        self._tasks = [asyncio.create_task(self._serve(worker, last=not i)) for i, worker in enumerate(fresh)]

    async def ready(self) -> None:
        """Raise ``DetectionFailed`` unless a worker answers in time."""
        await self.detect(["."])

    async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> Findings:
        """Find personal data in ``texts`` within the deadline; what is ``admitted`` takes no place in the queue."""
        if not self._running:
            raise DetectionFailed("The detector is not running.")
        if self.pending >= self._queue and not admitted:
            raise DetectionFailed("The detector's queue is full.")
        loop = asyncio.get_running_loop()
        jobs = deque(_Job(text, loop.create_future()) for text in texts)
        futures = [job.found for job in jobs]
        self.pending += not admitted
        try:
            async with asyncio.timeout(self._deadline):
                async with self._waiting:
                    self._calls.append(jobs)
                    self._waiting.notify_all()
                return list(await asyncio.gather(*futures))
        except TimeoutError:
            raise DetectionFailed("The detector took longer than its deadline.") from None
        finally:
            self.pending -= not admitted
            jobs.clear()  # what still waits is not wanted any more

    async def close(self) -> None:
        """Stop the workers."""
        self._running = 0
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, worker: "_Worker", *, last: bool) -> None:
        """Feed one worker for as long as the pool lives; ``last`` keeps it free of long texts, if there are others."""
        try:
            while True:
                batch = await self._next(long=not last or self._count == 1)
                try:
                    async with asyncio.timeout(self._deadline):
                        _settle(batch, await worker.ask([job.text for job in batch]))
                except (OSError, EOFError):  # dead, or hanging: TimeoutError is an OSError
                    self._again(batch)
                    await worker.stop()
                    worker = await self._fresh()
                if worker.memory > self._memory:
                    grown, worker = worker, await self._fresh()
                    await grown.stop()
        finally:
            await worker.stop()

    async def _next(self, *, long: bool) -> list[_Job]:
        async with self._waiting:
            while not (batch := self._batch(long=long)):
                await self._waiting.wait()
            return batch

    def _batch(self, *, long: bool) -> list[_Job]:
        """Take one text of each call in turn, until the batch is full or nothing is left that may be taken."""
        batch: list[_Job] = []
        size = passed = 0
        while self._calls and size < _BATCH and passed < len(self._calls):
            call = self._calls.popleft()
            if call and not long and len(call[0].text) > _LONG:
                self._calls.append(call)
                passed += 1
                continue
            if call and call[0].attempts:  # suspected of having killed a worker: it goes by itself
                self._calls.appendleft(call)
                return batch or [call.popleft()]
            passed = 0
            if call:
                batch.append(call.popleft())
                size += len(batch[-1].text)
                self._calls.append(call)
        return batch

    def _again(self, batch: list[_Job]) -> None:
        """Put a dead worker's batch in front; each text then goes by itself, so that only the one that kills fails."""
        for job in batch:
            job.attempts += 1
            if job.attempts >= _ATTEMPTS and not job.found.done():
                job.found.set_exception(DetectionFailed("The detector's worker died on this request."))
            elif not job.found.done():
                self._calls.appendleft(deque([job]))

    async def _fresh(self) -> "_Worker":
        """Start a worker; while none can be had, try again."""
        while True:
            try:
                return await _Worker.start(self._config)
            except (OSError, EOFError, DetectionFailed):
                await asyncio.sleep(1.0)


def _settle(batch: Sequence[_Job], answer: Answer) -> None:
    for job, found in zip(batch, answer[0], strict=True):
        if job.found.done():
            continue
        if isinstance(found, str):
            job.found.set_exception(DetectionFailed(f"The detector failed with {found}."))
        else:
            job.found.set_result(findings(found))


class _Worker:
    """A worker process and the connection to it."""

    def __init__(self, process: BaseProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self.version = ""
        self.memory = 0

    @classmethod
    async def start(cls, config: DetectorConfig) -> "_Worker":
        """Start a process and wait until it holds its detector.

        Raises ``DetectionFailed`` with the reason, or ``OSError`` or ``EOFError`` if the process ends without one.
        """
        ours, theirs = socket.socketpair()
        # "spawn": a forked copy of the proxy would carry its keys and sockets.
        process = get_context("spawn").Process(target=work, args=(theirs, config), daemon=True)
        with theirs:
            process.start()
        worker = cls(process, *await asyncio.open_connection(sock=ours))
        try:
            hello: Hello = await worker._read()
        except BaseException:
            await worker.stop()
            raise
        if isinstance(hello, str):
            await worker.stop()
            raise DetectionFailed(f"The detector can't start: {hello}.")
        worker.version, worker.memory = hello
        return worker

    async def ask(self, texts: list[str]) -> Answer:
        """Return the answer to one batch. Raises ``OSError`` or ``EOFError`` when the process is gone."""
        self._writer.write(packed(texts))
        await self._writer.drain()
        answer: Answer = await self._read()
        self.memory = answer[1]
        return answer

    async def _read(self) -> Any:
        (length,) = SIZE.unpack(await self._reader.readexactly(SIZE.size))
        return pickle.loads(await self._reader.readexactly(length))  # noqa: S301 - from our own process

    async def stop(self) -> None:
        """Close the connection, at which the process ends; one that doesn't is killed."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
        await asyncio.to_thread(self._process.join, 2.0)
        if self._process.is_alive():
            self._process.kill()
            await asyncio.to_thread(self._process.join)
        self._process.close()
