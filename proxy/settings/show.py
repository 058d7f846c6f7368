"""Shows settings to people: the effective configuration, and the table of all settings in the README."""

from collections.abc import Iterator
from typing import Any

from pydantic import SecretStr

from proxy.settings.forms import Written, written
from proxy.settings.load import PREFIX, section_of
from proxy.settings.model import SECTIONS, Settings
from proxy.settings.problems import SettingsError


def effective(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield section, name and value of every setting; of a secret only whether it is set."""
    for name in Settings.model_fields:
        yield section_of(name), name, shown(name, getattr(settings, name))


def shown(name: str, value: Any) -> str:
    """Write a value of the setting ``name``, a secret hidden."""
    if isinstance(value, SecretStr):
        return "(set, hidden)"
    for mark in Settings.model_fields[name].metadata:
        if isinstance(mark, Written):
            return mark.write(value)
    return written(value)


def markdown() -> str:
    """Return the table of all settings, by section, in Markdown."""
    lines: list[str] = []
    for section, title in SECTIONS.items():
        lines += [f"**`[{section}]`** {title}.", "", "| Setting | Environment | Default | Meaning |",
                  "| --- | --- | --- | --- |"]
        lines += [_row(name) for name in Settings.model_fields if section_of(name) == section]
        lines.append("")
    return "\n".join(lines)


def _row(name: str) -> str:
    field = Settings.model_fields[name]
    default = "" if name == "detector_workers" else shown(name, field.get_default(call_default_factory=True))
    cells = (f"`{name}`", f"`{PREFIX}{name.upper()}`", f"`{default}`" if default else "", field.description or "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def report(error: SettingsError) -> str:
    """Write all problems of a configuration for a person, one paragraph each."""
    return "\n".join(
        f"{', '.join(problem.names)}: {problem.what}\n    {problem.remedy}" for problem in error.problems
    )
