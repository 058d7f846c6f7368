"""``deckname keys``: the life of the keys that protect the vault. None of it needs a restart, and none shows a key."""

import asyncio
import secrets
import sys
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from keys.errors import KeysError
from keys.ring import KeyRing
from keys.seal import key_id_of
from keys.sources import Change
from proxy.commands.options import place_options, refuse, settings_or_exit, start_errors
from proxy.custodian import custodian, key_source
from proxy.settings import Settings
from proxy.vault.deks import Rewrapping

T = TypeVar("T")


@click.group()
def keys() -> None:
    """List and change the keys that protect the vault.

    To retire a key: rotate, rewrap, retire, and in the end destroy. Running proxies see each change at once.
    """


@keys.command("list")
@place_options
def list_(config: Path | None, data_dir: str | None) -> None:
    """List the keys, oldest first: id, state, day of making."""
    ring = _source_ring(settings_or_exit({"data_dir": data_dir}, config))
    for key in ring.keys:
        click.echo(f"{key.key_id}  {key.state:9}  {datetime.fromtimestamp(key.created, UTC):%Y-%m-%d}")


@keys.command()
@place_options
def rotate(config: Path | None, data_dir: str | None) -> None:
    """Make a new primary key; the former one still opens what it closed."""
    ring = _changed(config, data_dir, lambda ring: ring.rotate(secrets.token_bytes, int(time.time())))
    click.echo(f"{ring.primary.key_id} is primary now.")


@keys.command()
@click.argument("key_id", metavar="ID")
@place_options
def promote(key_id: str, config: Path | None, data_dir: str | None) -> None:
    """Make an active key primary again."""
    _changed(config, data_dir, lambda ring: ring.promote(key_id))
    click.echo(f"{key_id} is primary now.")


@keys.command()
@click.argument("key_id", metavar="ID")
@place_options
def retire(key_id: str, config: Path | None, data_dir: str | None) -> None:
    """Take an active key out of use; it still opens what it closed."""
    _changed(config, data_dir, lambda ring: ring.retire(key_id))
    click.echo(f"{key_id} is retired.")


@keys.command()
@click.argument("key_id", metavar="ID")
@click.option("--erase", is_flag=True, help="Even if scopes are still closed with it: they are erased by this.")
@place_options
def destroy(key_id: str, config: Path | None, data_dir: str | None, *, erase: bool) -> None:
    """Destroy a retired key for good. Backups that were closed with it can be read by nobody from then on."""
    settings = settings_or_exit({"data_dir": data_dir}, config)
    if not erase and (used := _run(_used(settings, key_id))):
        refuse(f"{used} scopes are still closed with this key. Run `deckname keys rewrap`, or erase them with --erase.")
    _changed(config, data_dir, lambda ring: ring.destroy(key_id))
    click.echo(f"{key_id} is destroyed.")


@keys.command()
@place_options
def rewrap(config: Path | None, data_dir: str | None) -> None:
    """Close all scopes with the primary key; can be broken off and repeated, and runs while requests are served."""
    done = _run(_rewrapped(settings_or_exit({"data_dir": data_dir}, config)))
    click.echo(f"{done.seen} scopes, {done.moved} moved under the primary key.")
    if done.stuck:
        refuse(f"{done.stuck} scopes are closed with keys that this ring does not hold any more.")


async def _rewrapped(settings: Settings) -> Rewrapping:
    def progress(so_far: Rewrapping) -> None:
        if sys.stderr.isatty() and so_far.seen % 100 == 0:
            click.echo(f"\r{so_far.seen} scopes, {so_far.moved} moved", err=True, nl=False)

    async with custodian(settings) as held:
        return await held.opened.custody.rewrap(progress)


async def _used(settings: Settings, key_id: str) -> int:
    def names(wrapped: bytes) -> bool:
        return key_id_of(wrapped).hex() == key_id

    async with custodian(settings) as held:
        return await held.opened.custody.wrapped_under(names)


def _run(coroutine: Coroutine[None, None, T]) -> T:
    try:
        return asyncio.run(coroutine)
    except start_errors() as error:
        refuse(f"Deckname cannot reach its vault: {error}")


def _source_ring(settings: Settings) -> KeyRing:
    try:
        return key_source(settings).current()
    except KeysError as error:
        refuse(f"The key ring cannot be read: {error}.")


def _changed(config: Path | None, data_dir: str | None, change: Change) -> KeyRing:
    settings = settings_or_exit({"data_dir": data_dir}, config)
    try:
        return key_source(settings).change(change)
    except KeysError as error:
        refuse(f"The key ring stays as it is: {error}.")
