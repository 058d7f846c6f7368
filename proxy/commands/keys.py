"""``deckname keys``: the life of the keys that protect the vault. None of it needs a restart, and none shows a key.

Every change leaves two lines in the audit trail, before and after, or one where it was refused.
"""

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
from proxy.audit import AuditEvent, AuditFailed
from proxy.commands.options import place_options, refuse, settings_or_exit, start_errors
from proxy.custodian import audit_trail, custodian, key_source, operator_name
from proxy.settings import Settings
from proxy.vault.deks import Rewrapping

T = TypeVar("T")

_reason = click.option("--reason", default="", help="Why; it goes into the audit trail.")


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
@_reason
@place_options
def rotate(reason: str, config: Path | None, data_dir: str | None) -> None:
    """Make a new primary key; the former one still opens what it closed."""
    place = _Place(config, data_dir, reason)
    ring = _changed(place, "rotate", "", lambda ring: ring.rotate(secrets.token_bytes, int(time.time())))
    click.echo(f"{ring.primary.key_id} is primary now.")


@keys.command()
@click.argument("key_id", metavar="ID")
@_reason
@place_options
def promote(key_id: str, reason: str, config: Path | None, data_dir: str | None) -> None:
    """Make an active key primary again."""
    _changed(_Place(config, data_dir, reason), "promote", key_id, lambda ring: ring.promote(key_id))
    click.echo(f"{key_id} is primary now.")


@keys.command()
@click.argument("key_id", metavar="ID")
@_reason
@place_options
def retire(key_id: str, reason: str, config: Path | None, data_dir: str | None) -> None:
    """Take an active key out of use; it still opens what it closed."""
    _changed(_Place(config, data_dir, reason), "retire", key_id, lambda ring: ring.retire(key_id))
    click.echo(f"{key_id} is retired.")


@keys.command()
@click.argument("key_id", metavar="ID")
@click.option("--erase", is_flag=True, help="Even if scopes are still closed with it: they are erased by this.")
@_reason
@place_options
def destroy(key_id: str, reason: str, config: Path | None, data_dir: str | None, *, erase: bool) -> None:
    """Destroy a retired key for good. Backups that were closed with it can be read by nobody from then on."""
    place = _Place(config, data_dir, reason)
    if not erase and (used := _run(_used(place.settings, key_id))):
        place.note("destroy", key_id, "refused", used)
        refuse(f"{used} scopes are still closed with this key. Run `deckname keys rewrap`, or erase them with --erase.")
    _changed(place, "destroy", key_id, lambda ring: ring.destroy(key_id))
    click.echo(f"{key_id} is destroyed.")


@keys.command()
@_reason
@place_options
def rewrap(reason: str, config: Path | None, data_dir: str | None) -> None:
    """Close all scopes with the primary key; can be broken off and repeated, and runs while requests are served."""
    place = _Place(config, data_dir, reason)
    place.note("rewrap", "", "begun")
    done = _run(_rewrapped(place.settings))
    place.note("rewrap", "", "done", done.moved)
    click.echo(f"{done.seen} scopes, {done.moved} moved under the primary key.")
    if done.stuck:
        refuse(f"{done.stuck} scopes are closed with keys that this ring does not hold any more.")


class _Place:
    """The installation that is meant, and why something is done to it."""

    def __init__(self, config: Path | None, data_dir: str | None, reason: str) -> None:
        self.settings = settings_or_exit({"data_dir": data_dir}, config)
        self._reason = reason

    def note(self, act: str, target: str, outcome: str, count: int = 0) -> None:
        """Write a line into the audit trail; what cannot be written down is not done."""
        event = AuditEvent(f"keys {act}", operator_name(), target, outcome, count, self._reason)
        try:
            asyncio.run(audit_trail(self.settings).record(event))
        except AuditFailed as error:
            refuse(f"Nothing is known to be done: {error}.")


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


def _changed(place: _Place, act: str, key_id: str, change: Change) -> KeyRing:
    place.note(act, key_id, "begun")
    try:
        ring = key_source(place.settings).change(change)
    except KeysError as error:
        place.note(act, key_id, "refused")
        refuse(f"The key ring stays as it is: {error}.")
    place.note(act, key_id or ring.primary.key_id, "done")
    return ring
