"""Where rings come from: files that keep to themselves, the environment, commands."""

import os
import secrets
import shlex
import stat
import sys
import threading
from pathlib import Path

import pytest

from keys.errors import RingRefused, SourceRefused
from keys.ring import KeyRing, dump
from keys.sources import CommandSource, EnvironmentSource, FileSource


def fresh() -> KeyRing:
    return KeyRing.generate(secrets.token_bytes, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secret" / "keys.json"


def test_the_first_start_makes_a_private_file(path: Path) -> None:
    ring = FileSource(path).create(fresh)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert FileSource(path).create(fresh) == ring
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601, 0o777])
def test_a_file_open_to_others_is_refused(path: Path, mode: int) -> None:
    FileSource(path).create(fresh)
    path.chmod(mode)
    with pytest.raises(SourceRefused, match="chmod 600"):
        FileSource(path).current()


def test_loosening_the_mode_is_noticed_while_running(path: Path) -> None:
    source = FileSource(path)
    source.create(fresh)
    path.chmod(0o644)
    with pytest.raises(SourceRefused):
        source.current()


def test_a_missing_or_broken_file_is_refused(path: Path) -> None:
    with pytest.raises(SourceRefused):
        FileSource(path).current()
    path.parent.mkdir()
    path.touch(mode=0o600)
    with pytest.raises(RingRefused):
        FileSource(path).current()
    path.write_bytes(b"\xff canary")
    with pytest.raises(SourceRefused) as refused:
        FileSource(path).current()
    assert "canary" not in str(refused.value)


def test_a_change_is_seen_by_those_who_have_the_file_open(path: Path) -> None:
    running, operator = FileSource(path), FileSource(path)
    before = running.create(fresh)
    assert running.current() is before
    after = operator.change(lambda ring: ring.rotate(secrets.token_bytes, 2))
    assert running.current() == after != before
    assert running.current() is running.current()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_refused_change_leaves_the_file_alone(path: Path) -> None:
    source = FileSource(path)
    ring = source.create(fresh)
    with pytest.raises(RingRefused):
        source.change(lambda ring: ring.retire(ring.primary.key_id))
    assert FileSource(path).current() == ring


def test_two_first_starts_and_many_changes_at_once_lose_nothing(path: Path) -> None:
    sources = [FileSource(path) for _ in range(8)]
    gate = threading.Barrier(len(sources))

    def work(source: FileSource) -> None:
        gate.wait()
        source.create(fresh)
        source.change(lambda ring: ring.rotate(secrets.token_bytes, 2))

    threads = [threading.Thread(target=work, args=(source,)) for source in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(FileSource(path).current().keys) == 1 + len(sources)


def test_the_environment_is_read_once_and_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = fresh()
    monkeypatch.setenv("SOME_RING", dump(ring))
    source = EnvironmentSource("SOME_RING")
    assert source.current() == ring
    assert "SOME_RING" not in os.environ
    with pytest.raises(SourceRefused, match="environment"):
        source.change(lambda ring: ring)
    with pytest.raises(SourceRefused, match="SOME_RING"):
        EnvironmentSource("SOME_RING")


def test_a_command_prints_the_ring(path: Path) -> None:
    ring = FileSource(path).create(fresh)
    script = f"import sys; sys.stdout.write(open({str(path)!r}).read())"
    source = CommandSource(shlex.join([sys.executable, "-c", script]))
    assert source.current() == ring
    with pytest.raises(SourceRefused, match="command"):
        source.change(lambda ring: ring)


@pytest.mark.parametrize(
    "command",
    ["", "/no/such/program", "'unbalanced", f"{shlex.quote(sys.executable)} -c 'print(1); raise SystemExit(3)'",
     f"{shlex.quote(sys.executable)} -c 'import time; time.sleep(60)'"],
)
def test_a_failing_command_is_refused(command: str) -> None:
    with pytest.raises(SourceRefused):
        CommandSource(command, seconds=0.5)
