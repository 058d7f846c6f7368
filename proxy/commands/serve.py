"""``deckname serve``: run the proxy until it is told to stop."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import click

from proxy import logs
from proxy.commands.options import refuse, server_options, settings_or_exit, start_errors
from proxy.settings import Settings

log = logging.getLogger(__name__)

_YOUNG: Final = 10_000  # objects made since the last collection of garbage that bring about the next one


@click.command()
@server_options
def serve(config: Path | None, **options: Any) -> None:
    """Serve until SIGTERM or SIGINT; running replies may then finish."""
    settings = settings_or_exit(options, config, serving=True)
    logs.configure(settings.log_level, settings.log_format)
    try:
        asyncio.run(_serve(settings))
    except start_errors() as error:
        refuse(f"Deckname cannot start: {error}")


async def _serve(settings: Settings) -> None:
    from proxy.app import running  # noqa: PLC0415 - importing the detector takes seconds; a wrong setting should not

    async with stopping() as stop, running(settings) as proxy:
        _spare_what_stays()
        log.info("Deckname listens on http://%s/v1 and, for health and metrics, on http://%s", proxy.address,
                 proxy.admin_address)
        await stop.wait()
        log.info("Stopping: running replies may finish within %g seconds.", settings.drain_seconds)


def _spare_what_stays() -> None:
    """Let no collection of garbage go through what was loaded, which would stop every request for a tenth of a second.

    An exchange makes thousands of objects and hardly a cycle, so a collection is worth its while less often, too.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)


@contextlib.asynccontextmanager
async def stopping() -> AsyncIterator[asyncio.Event]:
    """Give an event that SIGTERM or SIGINT sets; a second signal stops at once."""
    stop, loop, task = asyncio.Event(), asyncio.get_running_loop(), asyncio.current_task()

    def received() -> None:
        if stop.is_set() and task:
            task.cancel()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, received)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
