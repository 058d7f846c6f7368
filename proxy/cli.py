"""The command ``deckname``. Each subcommand lives in a file of its own and is imported when it is called."""

from importlib import import_module
from typing import Final

import click

_COMMANDS: Final = {
    "serve": "proxy.commands.serve:serve",
    "check-config": "proxy.commands.check_config:check_config",
    "inspect": "proxy.commands.inspect:inspect",
    "clients": "proxy.commands.clients:clients",
    "keys": "proxy.commands.keys:keys",
    "find": "proxy.commands.erasure:find",
    "forget": "proxy.commands.erasure:forget",
    "detokenise": "proxy.commands.erasure:detokenise",
    "demo": "proxy.commands.demo:demo",
    "version": "proxy.commands.version:version",
}


class LazyCommands(click.Group):
    """A group whose commands are imported on first use: the detector alone takes seconds to import."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, in the order in which one needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Keep personal data in the house: a pseudonymisation proxy in front of LLM APIs."""
