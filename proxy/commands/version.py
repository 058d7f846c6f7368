"""``deckname version``."""

import click

from proxy import __version__


@click.command()
def version() -> None:
    """Print the version."""
    click.echo(f"deckname {__version__}")
