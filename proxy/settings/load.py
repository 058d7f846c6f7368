"""Reads the configuration: options of the command line before the environment before the TOML file before defaults.

This is the only file of the proxy that reads the environment. It stops at nothing: every value that cannot be read,
every name nobody knows and every conflict is collected, and all are reported together.
"""

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from proxy.settings.model import SECTIONS, Settings
from proxy.settings.problems import ALWAYS, SERVING, Problem, SettingsError, conflicts

PREFIX: Final = "DECKNAME_"
NOT_SETTINGS: Final = frozenset({"DECKNAME_CONFIG", "DECKNAME_DEMO_ONCE", "DECKNAME_DEMO_MODEL"})


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it was given, and where, such as ``the environment variable DECKNAME_TTL``."""

    value: Any
    where: str


def load(
    options: Mapping[str, Any] | None = None,
    *,
    config: Path | None = None,
    environ: Mapping[str, str] | None = None,
    serving: bool = False,
) -> Settings:
    """Return the effective settings.

    ``options`` are those of the command line that were given, by setting's name. ``config`` is the TOML file; without
    it ``DECKNAME_CONFIG`` names one, if set. ``serving`` adds what only a running proxy needs. Raises
    ``SettingsError`` with every problem.
    """
    environ = os.environ if environ is None else environ
    path = config or (Path(environ["DECKNAME_CONFIG"]) if environ.get("DECKNAME_CONFIG") else None)
    problems: list[Problem] = []
    given = _from_file(path, problems) | _from_environment(environ) | _from_options(options or {})
    problems += _strangers(environ, given)
    settings, unreadable = _construct(given)
    problems += unreadable
    faulty = {name for problem in unreadable for name in problem.names}
    rules = ALWAYS + SERVING if serving else ALWAYS
    problems += [p for p in conflicts(settings, rules) if not faulty.intersection(p.names)]
    if problems:
        raise SettingsError(tuple(_placed(problem, given) for problem in problems))
    return settings


def _from_options(options: Mapping[str, Any]) -> dict[str, Given]:
    return {
        name: Given(value, f"the option --{name.replace('_', '-')}")
        for name, value in options.items() if value is not None
    }


def _from_environment(environ: Mapping[str, str]) -> dict[str, Given]:
    given = {}
    if environ.get("REDIS_URL"):
        given["redis_url"] = Given(environ["REDIS_URL"], "the environment variable REDIS_URL")
    for name, field in Settings.model_fields.items():
        variable = PREFIX + name.upper()
        if environ.get(variable):  # set but empty means not set, as compose files need it
            given[name] = Given(environ[variable], f"the environment variable {variable}")
        elif is_secret(field) and environ.get(f"{variable}_FILE"):
            given[name] = Given(Path(environ[f"{variable}_FILE"]), f"the environment variable {variable}_FILE")
    return given


def _from_file(path: Path | None, problems: list[Problem]) -> dict[str, Given]:
    if path is None:
        return {}
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        problems.append(Problem(("config",), f"{path} cannot be read: {error.strerror}.", "Correct the path."))
        return {}
    except ValueError as error:
        problems.append(Problem(("config",), f"{path} is not valid TOML: {error}.", "Correct the file."))
        return {}
    return dict(_entries(document, path, problems))


def _entries(document: Mapping[str, Any], path: Path, problems: list[Problem]) -> Iterator[tuple[str, Given]]:
    for section, table in document.items():
        if section not in SECTIONS or not isinstance(table, Mapping):
            home = section_of(section) if section in Settings.model_fields else None
            remedy = f"Put it under [{home}]." if home else f"The sections are {', '.join(SECTIONS)}."
            problems.append(Problem((section,), f"{path} has no place for it at the top.", remedy))
            continue
        for name, value in table.items():
            if name in Settings.model_fields and section_of(name) == section:
                yield name, Given(value, f"{path}, section [{section}]")
            else:
                problems.append(_stranger(name, f"{path}, section [{section}]"))


def _stranger(name: str, where: str) -> Problem:
    if name in Settings.model_fields:
        return Problem((name,), f"It stands in {where}.", f"Put it under [{section_of(name)}].")
    near = difflib.get_close_matches(name, Settings.model_fields, 1)
    remedy = f"Did you mean {near[0]}?" if near else "Leave it out; `deckname check-config` lists every setting."
    return Problem((name,), f"There is no such setting ({where}).", remedy)


def _strangers(environ: Mapping[str, str], given: Mapping[str, Given]) -> Iterator[Problem]:
    """Report variables that look like settings and are none: a misspelt setting must not pass in silence."""
    source = given.get("key_source")
    named_by_key_source = str(source.value).removeprefix("env:") if source else ""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NOT_SETTINGS | {named_by_key_source}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name, field in Settings.model_fields.items() if is_secret(field)}
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in known:
            yield _stranger(variable.removeprefix(PREFIX).lower(), f"the environment variable {variable}")


def _construct(given: Mapping[str, Given]) -> tuple[Settings, list[Problem]]:
    """Build the settings from all values that can be read, and report the others."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, entry in given.items():
        try:
            values[name] = _content(entry.value) if is_secret(Settings.model_fields[name]) else entry.value
        except OSError as error:
            problems.append(Problem((name,), f"{entry.value} cannot be read: {error.strerror}.", "Correct the path."))
    try:
        return Settings(**values), problems
    except ValidationError as error:
        for name, what in _messages(error):
            problems.append(Problem((name,), what, f"Write for example {example_of(name)}."))
            values.pop(name, None)
    return Settings(**values), problems


def _content(value: Any) -> Any:
    return value.read_text("utf-8").strip() if isinstance(value, Path) else value


def _messages(error: ValidationError) -> Iterable[tuple[str, str]]:
    """Return the first message for each setting."""
    found: dict[str, str] = {}
    for entry in error.errors(include_url=False, include_input=False, include_context=False):
        text = entry["msg"].removeprefix("Value error, ").rstrip(".")
        found.setdefault(str(entry["loc"][0]), f"{text[:1].upper()}{text[1:]}.")
    return found.items()


def _placed(problem: Problem, given: Mapping[str, Given]) -> Problem:
    places = [given[name].where for name in problem.names if name in given]
    return Problem(problem.names, " ".join([problem.what, *(f"(Set by {place}.)" for place in places)]), problem.remedy)


def section_of(name: str) -> str:
    """Return the section of the TOML file that the setting belongs to."""
    return str(_extra(name)["section"])


def example_of(name: str) -> str:
    """Return what a person might write for the setting."""
    return str(_extra(name)["example"])


def _extra(name: str) -> Mapping[str, Any]:
    extra = Settings.model_fields[name].json_schema_extra
    if not isinstance(extra, dict):
        raise TypeError(f"{name} was not declared with setting()")
    return extra


def is_secret(field: FieldInfo) -> bool:
    """Whether the field's value must not be shown."""
    return SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ()))
