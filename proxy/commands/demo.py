"""``deckname demo``: what ``make run`` calls."""

import asyncio
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from proxy import logs
from proxy.commands.options import refuse, server_options, settings_or_exit, start_errors
from proxy.commands.serve import stopping
from proxy.settings import SettingsError
from proxy.settings.show import report


@click.command()
@server_options
@click.option("--model", envvar="DECKNAME_DEMO_MODEL", help="Model to ask. Default: the first one the upstream lists.")
@click.option("--once", is_flag=True, envvar="DECKNAME_DEMO_ONCE", help="End after the panes instead of serving on.")
def demo(config: Path | None, *, model: str | None, once: bool, **options: Any) -> None:
    """Send an e-mail through the proxy, show what the model saw, and keep serving.

    Without an upstream it brings a small language model of its own.
    """
    console = Console()
    logs.configure("warning", "text")
    settings = settings_or_exit(options, config)
    with console.status("Loading"):
        from openai import OpenAIError  # noqa: PLC0415 - only the demonstration needs it

        from proxy.demo.model import ModelError  # noqa: PLC0415
        from proxy.demo.run import demonstrate  # noqa: PLC0415 - importing the detector takes seconds

    async def run() -> None:
        async with stopping() as stop:
            if once:
                stop.set()
            await demonstrate(console, settings, model, stop)

    expected: tuple[type[Exception], ...] = (ModelError, OpenAIError, *start_errors())
    try:
        asyncio.run(run())
    except SettingsError as error:
        refuse(report(error))
    except expected as error:
        refuse(f"The demonstration ended: {error}")
