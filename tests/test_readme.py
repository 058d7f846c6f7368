"""What the README says is true: commands, options, targets and settings exist, and its examples can be read."""

import ast
import asyncio
import json
import re
import tomllib
from pathlib import Path
from typing import Any, Final

import click
import pytest
import yaml

from proxy import __version__
from proxy.app import running
from proxy.cli import main
from proxy.manual import between, filled
from proxy.settings import Settings, load
from tests.upstream import serving

ROOT: Final = Path(__file__).parent.parent
README: Final = (ROOT / "README.md").read_text("utf-8")
BLOCKS: Final = re.findall(r"^```(\w+)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
PROSE: Final = re.sub(r"^```.*?^```", "", README, flags=re.DOTALL | re.MULTILINE)


def blocks(language: str) -> list[str]:
    found = [text for name, text in BLOCKS if name == language]
    assert found
    return found


def test_settings_and_endpoints_are_up_to_date() -> None:
    assert filled(README) == README, "run `make readme`"


def test_every_setting_is_in_the_readme() -> None:
    assert [name for name in Settings.model_fields if f"`{name}`" not in README] == []


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=`| {2,}|\n)", README)) <= targets
    assert {"setup", "run", "test", "lint", "bench", "eval", "lock", "clean"} <= targets


@pytest.mark.parametrize("line", sorted(set(re.findall(r"(?:^|`|/|\| )deckname ([a-z][^`\n#]*)", README))))
def test_every_command_and_option_exists(line: str) -> None:
    words = re.sub(r"\(.*", "", line).split()
    command: click.Command | None = main
    while words and isinstance(command, click.Group) and re.fullmatch("[a-z-]+", words[0]):
        command = command.get_command(click.Context(command), words.pop(0))
    assert command is not None, line
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options, line


def test_every_environment_variable_of_ours_exists() -> None:
    others = {"DECKNAME_CONFIG", "DECKNAME_DEMO_MODEL", "DECKNAME_CLIENT_KEY", "DECKNAME_KEY_RING"}
    known = {f"DECKNAME_{name.upper()}" for name in Settings.model_fields} | others
    named = set(re.findall(r"DECKNAME_[A-Z_]+", README))
    assert {name for name in named if name not in known and name.removesuffix("_FILE") not in known} == set()


def test_every_file_named_exists() -> None:
    named = set(re.findall(r"`([\w.-]+(?:/[\w.-]*)*(?:/|\.(?:md|yaml|yml|toml|py)))`|`(LICENSE)`", PROSE))
    paths = {name for pair in named for name in pair if name} - {"librechat.yaml"}
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def test_the_toml_example_is_a_configuration(tmp_path: Path) -> None:
    for number, text in enumerate(blocks("toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(text)
        assert tomllib.loads(text)
        assert load(config=file, environ={"DECKNAME_DATA_DIR": str(tmp_path)}, serving=True)


def test_python_yaml_and_json_examples_can_be_read() -> None:
    assert all(ast.parse(text) for text in blocks("python"))
    assert all(yaml.safe_load(text) for text in blocks("yaml"))
    bodies = re.findall(r"-d '(.*?)'", "".join(blocks("sh")))
    assert bodies
    assert all(json.loads(body)["messages"] for body in bodies)


async def test_the_python_example_runs_as_it_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "synthetic")
    options = {"listen": "127.0.0.1:0", "admin_listen": "127.0.0.1:0", "data_dir": tmp_path, "detector_workers": 1}
    async with serving() as upstream:
        settings = load({**options, "upstream": upstream.base}, environ={}, serving=True)
        async with running(settings) as proxy:
            code = blocks("python")[0].replace("http://127.0.0.1:8080/v1", f"http://{proxy.address}/v1")
            await asyncio.to_thread(exec, code, {})
    assert "jonas.feldkamp@example.com" in capsys.readouterr().out
    assert "feldkamp" not in upstream.last.wire
    assert "ticket-4711" not in upstream.last.wire


@pytest.mark.parametrize("room", ["eval", "bench"])
def test_figures_have_their_place(room: str) -> None:
    assert README.count(f"<!-- figures:{room} -->\n") == 1
    assert README.index(f"<!-- figures:{room} -->") < README.index(f"<!-- /figures:{room} -->")


def test_the_version_is_the_same_everywhere() -> None:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()
    assert f"deckname:{__version__}" in (ROOT / "compose.yaml").read_text()
    assert project["requires-python"] == ">=3.11"


def test_figures_go_between_their_marks_and_nowhere_else() -> None:
    changed = between(README, "figures:eval", "| new |\n")
    assert "<!-- figures:eval -->\n| new |\n<!-- /figures:eval -->" in changed
    begin, end = "<!-- figures:eval -->", "<!-- /figures:eval -->"
    assert changed.partition(begin)[0] == README.partition(begin)[0]
    assert changed.partition(end)[2] == README.partition(end)[2]
    with pytest.raises(ValueError, match="no marks"):
        between(README, "nothing", "")
