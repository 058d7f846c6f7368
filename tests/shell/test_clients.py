"""Client keys: only hashes are kept, changes count at once, and a faulty file opens nothing."""

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.clients import ClientKeys, ClientsFileError, presented
from proxy.errors import Unauthorized, Unavailable

NOW = "2026-01-02T03:04:05+00:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "clients.json"


def test_a_key_opens_its_tenant_and_nothing_else_does(path: Path) -> None:
    keys = ClientKeys(path)
    first, second = keys.add("team-a", NOW), keys.add("team-b", NOW)
    assert (keys.tenant(first), keys.tenant(second)) == ("team-a", "team-b")
    for wrong in (None, "", first[:-1], first + "x", "deckname-", "\udcff"):
        with pytest.raises(Unauthorized):
            keys.tenant(wrong)


@given(st.text(max_size=80))
def test_no_text_is_a_key_by_chance(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    keys = ClientKeys(tmp_path_factory.getbasetemp() / "chance.json")
    if not len(keys):
        keys.add("team", NOW)
    with pytest.raises(Unauthorized):
        keys.tenant(text)


def test_the_file_holds_no_key_and_is_its_owners_alone(path: Path) -> None:
    keys = ClientKeys(path)
    key = keys.add("team", NOW)
    assert key.encode() not in path.read_bytes()
    assert key.removeprefix("deckname-").encode() not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert key not in repr(list(keys))


def test_a_client_may_have_two_keys_and_lose_one(path: Path) -> None:
    keys = ClientKeys(path)
    old, new = keys.add("team", NOW), keys.add("team", NOW)
    assert keys.tenant(old) == keys.tenant(new)
    assert keys.remove("team", next(iter(keys)).id) == 1
    with pytest.raises(Unauthorized):
        keys.tenant(old)
    assert keys.tenant(new) == "team"
    assert (keys.remove("nobody"), keys.remove("team"), len(keys)) == (0, 1, 0)


def test_a_running_proxy_sees_what_the_command_changed(path: Path) -> None:
    running, command = ClientKeys(path), ClientKeys(path)
    key = command.add("team", NOW)
    assert running.tenant(key) == "team"
    command.remove("team")
    with pytest.raises(Unauthorized):
        running.tenant(key)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 2, "keys": []}', '{"format": 1, "keys": [{}]}', "\0",
                                     '{"format": 1, "keys": [{"name": "a", "id": "b", "created": "c", "sha256": 1}]}'])
def test_a_file_of_something_else_opens_nothing(path: Path, content: str) -> None:
    running = ClientKeys(path)
    key = running.add("team", NOW)
    path.write_text(content)
    with pytest.raises(ClientsFileError):
        ClientKeys(path)
    with pytest.raises(Unavailable):
        running.tenant(key)


@pytest.mark.parametrize("name", ["", "A", "a b", "ä", "-a", "a" * 64, "../x", "a\n"])
def test_a_name_is_short_and_plain(path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        ClientKeys(path).add(name, NOW)
    assert not path.exists()


def test_the_format_is_what_it_says(path: Path) -> None:
    ClientKeys(path).add("team", NOW)
    document = json.loads(path.read_text())
    assert document["format"] == 1
    assert set(document["keys"][0]) == {"name", "id", "created", "sha256"}


@pytest.mark.parametrize("headers", [
    {"Authorization": "Bearer k"}, {"Authorization": "bearer  k "}, {"x-api-key": "k"}, {"api-key": "k"},
])
def test_a_key_comes_in_any_of_three_headers(headers: dict[str, str]) -> None:
    assert presented(headers) == "k"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic k"}, {"Authorization": "Bearer"}, {"x-api-key": ""}])
def test_other_headers_hold_no_key(headers: dict[str, str]) -> None:
    assert presented(headers) is None
