"""``deckname clients``: who may use this proxy."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from proxy.clients import ClientKeys, ClientsFileError
from proxy.commands.options import place_options, refuse, settings_or_exit


def _keys(config: Path | None, data_dir: str | None) -> ClientKeys:
    options: dict[str, Any] = {"data_dir": data_dir}
    try:
        return ClientKeys(settings_or_exit(options, config).clients_path)
    except ClientsFileError as error:
        refuse(f"{error}.")


@click.group()
def clients() -> None:
    """Add, list and remove the keys that clients use. Each client is a tenant."""


@clients.command()
@click.argument("name")
@place_options
def add(name: str, config: Path | None, data_dir: str | None) -> None:
    """Make a key for the client NAME and print it; it is shown this once.

    A client that has a key already gets another one beside it, so that keys can be changed without a gap.
    """
    try:
        key = _keys(config, data_dir).add(name, datetime.now(UTC).isoformat(timespec="seconds"))
    except ValueError as error:
        refuse(f"{name!r} cannot be a client: {error}.")
    click.echo(f"Key of {name}; it is stored only as a hash and will not be shown again:", err=True)
    click.echo(key)


@clients.command("list")
@place_options
def list_(config: Path | None, data_dir: str | None) -> None:
    """List the clients and when their keys were made."""
    for key in _keys(config, data_dir):
        click.echo(f"{key.name:24}  {key.id}  {key.created}")


@clients.command()
@click.argument("name")
@click.option("--key", "key_id", metavar="ID", help="Remove only the key with this id.")
@place_options
def remove(name: str, key_id: str | None, config: Path | None, data_dir: str | None) -> None:
    """Remove the client NAME: its keys are refused from now on."""
    removed = _keys(config, data_dir).remove(name, key_id)
    if not removed:
        refuse(f"There is no such key of {name!r}; `deckname clients list` shows what there is.")
    click.echo(f"Removed {removed} key{'s' if removed > 1 else ''} of {name}.")
