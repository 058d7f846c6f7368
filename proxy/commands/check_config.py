"""``deckname check-config``: what is in effect, or all that is wrong with it."""

from pathlib import Path
from typing import Any

import click

from proxy.commands.options import server_options, settings_or_exit
from proxy.settings.model import SECTIONS
from proxy.settings.show import effective


@click.command("check-config")
@server_options
@click.option("--document", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Write settings and endpoints between the marks of this Markdown file instead.")
def check_config(config: Path | None, *, document: Path | None, **options: Any) -> None:
    """Print the configuration that `deckname serve` would run with, secrets hidden.

    Exits with status 2, and says everything that is wrong, if it would not start.
    """
    if document:
        from proxy.manual import filled  # noqa: PLC0415 - the endpoints bring all of the proxy with them

        document.write_text(filled(document.read_text("utf-8")), "utf-8")
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
