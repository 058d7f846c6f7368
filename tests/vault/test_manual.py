"""What the README tells operators to type does what it says, pasted as it stands."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
SECTION = README.partition("### Access, erasure and keys")[2].partition("\n## ")[0]


@pytest.mark.timeout(600)
def test_access_erasure_and_rotation_as_the_readme_says(tmp_path: Path) -> None:
    erasure, rotation = re.findall(r"^```sh\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "deckname").symlink_to(Path(sys.executable).parent / "deckname")

    def pasted(script: str) -> list[str]:
        done = subprocess.run(["bash", "-eu", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    assert pasted(erasure) == ["It appears nowhere.", *["Erased: 0 values, 0 scopes."] * 3]
    primary, rewrapped, retired, destroyed = pasted(rotation)
    assert re.fullmatch("[0-9a-f]{8} is primary now.", primary)
    assert rewrapped == "0 scopes, 0 moved under the primary key."
    assert retired.removesuffix("is retired.") == destroyed.removesuffix("is destroyed.")
    trail = (tmp_path / "data" / "audit.jsonl").read_text()
    noted = [json.loads(line) for line in trail.splitlines()]
    assert [f"{event['action']}: {event['outcome']}" for event in noted] == [
        "find: done", *["forget: begun", "forget: done"] * 3, "keys rotate: begun", "keys rotate: done",
        "keys rewrap: begun", "keys rewrap: done", "keys retire: begun", "keys retire: done", "keys destroy: begun",
        "keys destroy: done",
    ]  # fmt: skip
    assert "jonas" not in trail
    assert "user-4711" not in trail
