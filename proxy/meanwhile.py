"""Work that goes on while a block runs, and ends with it."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

_HOPS: Final = 4  # turns of the event loop in which a question leaves, through tasks and locks on its way

Result = TypeVar("Result")


@asynccontextmanager
async def meanwhile(work: Coroutine[Any, Any, Result]) -> AsyncIterator[asyncio.Task[Result]]:
    """Begin ``work``, and give the task; what is not done at the block's end is not wanted any more.

    What it asks of others has left by then. Only who awaits the task hears of its failure.
    """
    task = asyncio.create_task(work)
    try:
        for _ in range(_HOPS):
            await asyncio.sleep(0)
        yield task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        elif not task.cancelled():
            task.exception()  # or the event loop would log it
