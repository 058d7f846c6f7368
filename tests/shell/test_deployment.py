"""The image and the compose file, as far as they can be checked without a container engine.

The Redis that compose.yaml describes is started for real: its own command, on the embedded server, with its password.
"""

import os
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import AuthenticationError
from redis.exceptions import ConnectionError as NoConnection
from redis.retry import Retry

from proxy.settings import Settings
from proxy.store import server_binary

ROOT: Final = Path(__file__).parent.parent.parent
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text()
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text())
TLS: Final[dict[str, Any]] = yaml.safe_load((ROOT / "compose.tls.yaml").read_text())


def test_the_image_runs_as_nobody_and_is_checked() -> None:
    final = DOCKERFILE.rpartition("FROM ")[2]
    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", final, re.MULTILINE)
    assert "/readyz" in final
    assert 'ENTRYPOINT ["deckname"]' in final
    assert "pip install" not in final


def test_the_image_installs_only_what_is_locked() -> None:
    installs = re.findall(r"pip install (.*)", DOCKERFILE)
    assert all("--no-deps" in line for line in installs)
    assert "--require-hashes" in installs[0]


def test_the_context_holds_what_the_image_copies_and_no_secret() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {"proxy", "recognizers", "keys", "pyproject.toml", "README.md", "LICENSE"} <= allowed
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    assert all((ROOT / name).exists() for name in allowed)


@pytest.mark.parametrize("compose", [COMPOSE, TLS])
def test_every_variable_is_a_setting_and_every_secret_is_declared(compose: dict[str, Any]) -> None:
    environment = compose["services"]["deckname"]["environment"]
    known = {f"DECKNAME_{name.upper()}" for name in Settings.model_fields}
    assert {n for n in environment if n not in known and n.removesuffix("_FILE") not in known} == set()
    secrets = COMPOSE["secrets"] | compose["secrets"]
    for service in compose["services"].values():
        assert set(service["secrets"]) <= set(secrets)
    for variable, value in environment.items():
        if str(value).startswith("/run/secrets/"):
            assert Path(value).name in secrets, variable


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_confined(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_the_store_cannot_be_reached_from_outside() -> None:
    assert COMPOSE["services"]["redis"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert "ports" not in COMPOSE["services"]["redis"]


def test_the_stores_command_runs_a_server_with_password_that_keeps_everything(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "redis-server").symlink_to(server_binary())
    (tmp_path / "redis_password").write_text("synthetic-password\n")
    shell, flags, script = COMPOSE["services"]["redis"]["command"]
    for there, here in (("$$", "$"), ("/run/secrets", str(tmp_path)), ("/tmp/redis.conf", f"{tmp_path}/redis.conf"),
                        ("dir /data", f"dir {tmp_path}")):
        script = script.replace(there, here)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    extra = f"port 0\nunixsocket {tmp_path}/socket"
    with subprocess.Popen([shell, flags, script], env={"PATH": path, "REDIS_EXTRA": extra}, cwd=tmp_path,
                          stdout=subprocess.DEVNULL) as process:
        try:
            _check(f"unix://{tmp_path}/socket")
        finally:
            process.terminate()
    assert process.returncode == 0
    assert (tmp_path / "redis.conf").stat().st_mode & 0o077 == 0


def _check(url: str) -> None:
    patience = Retry(ConstantBackoff(0.1), 50, supported_errors=(NoConnection, FileNotFoundError))
    with Redis.from_url(f"{url}?password=synthetic-password", retry=patience) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("appendfsync") == {"appendfsync": "always"}
    with Redis.from_url(url) as nobody, pytest.raises(AuthenticationError):
        nobody.ping()


@pytest.mark.parametrize("directive", ["tls-port 6379", "port 0", "tls-cert-file", "tls-key-file", "tls-ca-cert-file"])
def test_with_tls_nothing_listens_without(directive: str) -> None:
    assert directive in TLS["services"]["redis"]["environment"]["REDIS_EXTRA"]
    assert TLS["services"]["deckname"]["environment"]["DECKNAME_REDIS_URL"].startswith("rediss://")
