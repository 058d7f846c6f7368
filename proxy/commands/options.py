"""What subcommands share: the options that are settings, and how a faulty configuration is reported."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from proxy.settings import Settings, SettingsError, load
from proxy.settings.show import report

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--listen", metavar="HOST:PORT", help="Address of the API. Default: 127.0.0.1:8080."),
    click.option("--upstream", metavar="URL", help="OpenAI-compatible API; ends in /v1."),
    click.option("--upstream-anthropic", metavar="URL", help="Anthropic API; ends in /v1."),
    click.option("--admin-listen", metavar="HOST:PORT", help="Health, metrics, administration. Default: "
                 "127.0.0.1:8081."),
)
_PLACES = (
    click.option("--data-dir", metavar="DIR", help="Keys, client keys and embedded store. Default: data."),
    click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="TOML file with settings."),
)


def server_options(command: F) -> F:
    """Add the settings that ``deckname serve`` takes as options."""
    for option in reversed(_OPTIONS + _PLACES):
        command = option(command)
    return command


def place_options(command: F) -> F:
    """Add the options that say which installation of Deckname is meant."""
    for option in reversed(_PLACES):
        command = option(command)
    return command


def settings_or_exit(options: Mapping[str, Any], config: Path | None, *, serving: bool = False) -> Settings:
    """Load the settings; if they cannot be used, report every problem and exit with status 2."""
    try:
        return load(options, config=config, serving=serving)
    except SettingsError as error:
        refuse(f"Deckname cannot use this configuration:\n\n{report(error)}")


def refuse(message: str) -> NoReturn:
    """Say on standard error why nothing was done, and exit with status 2."""
    click.echo(message, err=True)
    raise SystemExit(2)


def start_errors() -> tuple[type[Exception], ...]:
    """Return the errors that say in plain words why Deckname cannot start. None of them holds a secret."""
    from keys.errors import KeysError  # noqa: PLC0415 - whoever asks for the version should not wait for all this
    from proxy.clients import ClientsFileError  # noqa: PLC0415
    from proxy.operators import OperatorError  # noqa: PLC0415
    from proxy.store import StoreError  # noqa: PLC0415
    from proxy.vault.protocol import VaultUnavailable  # noqa: PLC0415
    from proxy.workers import DetectionFailed  # noqa: PLC0415
    from recognizers.errors import RecognizerError  # noqa: PLC0415

    return (OSError, KeysError, ClientsFileError, OperatorError, StoreError, VaultUnavailable, DetectionFailed,
            RecognizerError)
