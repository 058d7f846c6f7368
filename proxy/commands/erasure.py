"""``deckname find``, ``deckname forget`` and ``deckname detokenise``: the rights of access and erasure.

Values and users come from standard input, because a command line is seen by every user of a machine and kept in
shell histories. Every act is written to the audit trail.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from keys import derive
from proxy.audit import AuditFailed
from proxy.caller import LOCAL
from proxy.commands.options import place_options, refuse, settings_or_exit, start_errors
from proxy.custodian import Custodian, custodian
from proxy.scope import Scope
from proxy.vault.access import AccessRefused
from proxy.vault.custody import Appearance, Forgotten

T = TypeVar("T")

_tenant = click.option("--tenant", metavar="NAME", help=f"Client whose data it is about. Default: {LOCAL}.")
_value = click.option("--value", metavar="-", help="A value, read from standard input: give `-`.")
_reason = click.option("--reason", default="", help="Why; it goes into the audit trail.")


@click.command()
@_value
@_tenant
@_reason
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@place_options
def find(  # noqa: PLR0913 - one parameter for each option
    value: str | None, tenant: str | None, reason: str, config: Path | None, data_dir: str | None, *, as_json: bool
) -> None:
    """List where a value appears: scopes, kinds and times, never the values of others."""
    if value is None:
        refuse("Say what to find: --value -, and the value on standard input.")
    sought = _given("value", value)

    async def act(held: Custodian) -> Sequence[Appearance]:
        return await held.access(reason, _progress).find(held.tenant(tenant or LOCAL).id, sought)

    found = _done(config, data_dir, act)
    for appearance in found:
        click.echo(json.dumps(_plain(appearance)) if as_json else "  ".join(_plain(appearance).values()))
    if not found and not as_json:
        click.echo("It appears nowhere.")


@click.command()
@click.option("--scope", "key", metavar="SCOPE", help="One scope, as `deckname find` names it.")
@click.option("--user", metavar="USER|-", help="All scopes of a user, named as clients name it, or read from `-`.")
@_value
@_tenant
@_reason
@place_options
def forget(  # noqa: PLR0913, PLR0917 - one parameter for each option
    key: str | None, user: str | None, value: str | None, tenant: str | None, reason: str, config: Path | None,
    data_dir: str | None,
) -> None:
    """Erase one scope, a user, a value in every scope, or (with --tenant alone) everything of a client.

    What is erased loses its key as well and cannot be restored by anybody.
    """
    named = [name for name, given in (("--scope", key), ("--user", user), ("--value", value)) if given is not None]
    if len(named) > 1 or not (named or tenant):
        refuse("Say what to forget: one of --scope, --user, --value and --tenant alone.")
    scope = _scope(key) if key is not None else None
    raw_user = _given("user", user) if user == "-" else user
    sought = _given("value", value) if value is not None else None

    async def act(held: Custodian) -> Forgotten:
        access, owner = held.access(reason, _progress), held.tenant(tenant or LOCAL)
        if scope is not None:
            return await access.forget_scope(scope)
        if sought is not None:
            return await access.forget_value(owner.id, sought)
        return await access.forget_all(owner.id, derive.identifier(owner.key, "user", raw_user) if raw_user else "")

    forgotten = _done(config, data_dir, act)
    objects = f", {forgotten.objects} records of stored objects" if forgotten.objects else ""
    click.echo(f"Erased: {forgotten.values} values, {forgotten.scopes} scopes{objects}.")


@click.command()
@click.option("--scope", "key", metavar="SCOPE", required=True, help="The scope, as `deckname find` names it.")
@click.option("--reason", required=True, help="Why; it goes into the audit trail.")
@click.argument("tokens", metavar="TOKEN...", nargs=-1, required=True)
@place_options
def detokenise(key: str, reason: str, tokens: tuple[str, ...], config: Path | None, data_dir: str | None) -> None:
    """Print the values of tokens as a JSON object. It needs a reason and leaves a line in the audit trail."""
    scope = _scope(key)

    async def act(held: Custodian) -> dict[str, str]:
        return await held.access(reason).detokenise(scope, tokens)

    click.echo(json.dumps(_done(config, data_dir, act), ensure_ascii=False, indent=1))


def _given(name: str, option: str) -> str:
    """Read what stands for ``-``; on the command line itself it is refused."""
    if option != "-":
        refuse(f"A {name} on the command line can be seen by others. Write --{name} - and give it on standard input.")
    given = sys.stdin.buffer.read().decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
    if not given.strip():
        refuse(f"There is no {name} on standard input.")
    return given


def _scope(key: str) -> Scope:
    try:
        return Scope.from_key(key)
    except ValueError:
        refuse("That is not a scope as `deckname find` names it.")


def _progress(scopes: int) -> None:
    """Tell somebody who watches how far it has come."""
    if sys.stderr.isatty():
        click.echo(f"\r{scopes} scopes looked through", err=True, nl=False)


def _plain(appearance: Appearance) -> dict[str, str]:
    first, last = (datetime.fromtimestamp(t, UTC).isoformat() for t in (appearance.first, appearance.last))
    kinds, tokens = ",".join(appearance.kinds), ",".join(appearance.tokens)
    return {"scope": appearance.scope.key, "kinds": kinds, "tokens": tokens, "first": first, "last": last}


def _done(config: Path | None, data_dir: str | None, act: Callable[[Custodian], Awaitable[T]]) -> T:
    """Open the installation, act and close it; say why if that cannot be done."""
    settings = settings_or_exit({"data_dir": data_dir}, config)

    async def run() -> T:
        async with custodian(settings) as held:
            return await act(held)

    expected: tuple[type[Exception], ...] = (AccessRefused, AuditFailed, *start_errors())
    try:
        return asyncio.run(run())
    except expected as error:
        refuse(f"Nothing is known to be done: {error}")
