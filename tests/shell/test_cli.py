"""The command line as a person meets it: help, reports of faulty configurations, client keys."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from proxy import __version__
from proxy.cli import main
from proxy.settings import Settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DECKNAME_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("REDIS_URL", raising=False)


def deckname(*arguments: str, **environ: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environ, catch_exceptions=False)


def test_help_lists_every_command_with_a_meaning() -> None:
    lines = [line for line in deckname("--help").output.partition("Commands:")[2].splitlines() if line.strip()]
    assert {"serve", "check-config", "inspect", "clients", "demo", "version"} <= {line.split()[0] for line in lines}
    assert all(len(line.split()) > 1 for line in lines)


def test_asking_for_the_version_loads_no_model() -> None:
    code = """
import sys
from proxy.cli import main
main(['version'], standalone_mode=False)
assert not {'spacy', 'presidio_analyzer', 'aiohttp'} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"deckname {__version__}\n"


def test_check_config_prints_every_setting_and_no_secret() -> None:
    done = deckname("check-config", "--upstream", "http://x/v1", DECKNAME_UPSTREAM_KEY="synthetic-canary")
    assert done.exit_code == 0
    assert all(f"\n{name} " in done.output or f"\n{name}\n" in done.output for name in Settings.model_fields)
    assert "synthetic-canary" not in done.output
    assert "hidden" in done.output


@pytest.mark.parametrize("command", ["check-config", "serve"])
def test_a_faulty_configuration_is_reported_as_a_whole_with_status_2(command: str) -> None:
    done = deckname(command, "--listen", "0.0.0.0:1", DECKNAME_TTL="soon", DECKNAME_LISTN="x")
    assert done.exit_code == 2
    for part in ("listen:", "ttl:", "upstream:", "listn:", "Did you mean listen?", "deckname clients add"):
        assert part in done.stderr


def test_clients_are_added_listed_and_removed() -> None:
    added = deckname("clients", "add", "team-a")
    key = added.stdout.strip()
    assert key.startswith("deckname-")
    listed = deckname("clients", "list").output
    assert "team-a" in listed
    assert key not in listed
    assert deckname("clients", "remove", "team-a").exit_code == 0
    assert deckname("clients", "list").output == ""
    assert deckname("clients", "remove", "team-a").exit_code == 2
    assert deckname("clients", "add", "Team A").exit_code == 2


def test_a_faulty_clients_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "clients.json").write_text("{}")
    done = deckname("clients", "list")
    assert done.exit_code == 2
    assert "clients.json" in done.stderr


def test_python_dash_m_is_the_same_command() -> None:
    done = subprocess.run([sys.executable, "-m", "proxy", "version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"deckname {__version__}\n"
