"""``deckname inspect``: a dry run, on this machine only."""

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from proxy.commands.options import place_options, refuse, settings_or_exit, start_errors
from proxy.errors import Refusal

if TYPE_CHECKING:
    from proxy.dry_run import Found


@click.command()
@click.argument("source", metavar="[FILE|-]", default="-")
@click.option("--values", is_flag=True, help="Show also what was found. It is personal data: mind who can see it.")
@place_options
def inspect(source: str, config: Path | None, data_dir: str | None, *, values: bool) -> None:
    """Show a text as the model would see it, and what was found in it.

    Reads FILE, or standard input. Nothing is sent anywhere and nothing is stored.
    """
    settings = settings_or_exit({"data_dir": data_dir}, config)
    text = _read(source)
    from proxy.dry_run import dry_run  # noqa: PLC0415 - importing the detector takes seconds

    expected: tuple[type[Exception], ...] = (Refusal, *start_errors())
    try:
        seen, found = asyncio.run(dry_run(settings, text))
    except expected as error:
        refuse(f"The text could not be inspected: {error}")
    click.echo(seen, nl=not seen.endswith("\n"))
    _print_table(found, values=values)


def _read(source: str) -> str:
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        refuse(f"{source} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        refuse(f"{source} is not a text in UTF-8.")


def _print_table(found: Sequence["Found"], *, values: bool) -> None:
    """Print kinds, what happens to them, and who found them; the values only if they were asked for."""
    counts = Counter((f.kind, f.action, f.recognizer, f.value if values else "") for f in found)
    table = Table("Kind", "Action", "Recognizer", "Count", title=f"{len(found)} found")
    if values:
        table.add_column("Value")
    for row, count in sorted(counts.items()):
        kind, action, recognizer, value = map(escape, row)
        table.add_row(kind, action, recognizer, str(count), *([value] if values else []))
    Console(stderr=True).print(table)
