"""``deckname check-config``: what is in effect, or all that is wrong with it."""

from pathlib import Path
from typing import Any

import click

from proxy.commands.options import server_options, settings_or_exit
from proxy.settings.model import SECTIONS
from proxy.settings.show import effective, markdown


@click.command("check-config")
@server_options
@click.option("--markdown", "as_table", is_flag=True, help="Print the table of all settings for the README instead.")
def check_config(config: Path | None, *, as_table: bool, **options: Any) -> None:
    """Print the configuration that `deckname serve` would run with, secrets hidden.

    Exits with status 2, and says everything that is wrong, if it would not start.
    """
    if as_table:
        click.echo(markdown())
        return
    settings = settings_or_exit(options, config, serving=True)
    rows = list(effective(settings))
    width = max(len(name) for _, name, _ in rows)
    for section in SECTIONS:
        click.echo(f"[{section}]")
        for home, name, value in rows:
            if home == section:
                click.echo(f"{name:{width}}  {value}".rstrip())
        click.echo()
