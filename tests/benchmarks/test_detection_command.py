"""The command measures, writes what it says, keeps held_out to itself and needs no network."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.detection import goldset, subjects, task
from benchmarks.detection.__main__ import main
from benchmarks.detection.corpora import MAIL_PERSONS, corpora
from recognizers.finding import EMAIL, PERSON, Finding


class Shouting:
    """Takes every word in capitals for a name."""

    name = "Shouting"

    def find(self, texts: Sequence[str]) -> list[list[Finding]]:
        return [[Finding(0, len(text), PERSON, 1.0, "shout")] if text.isupper() else [] for text in texts]


def missing() -> subjects.Subject:
    raise subjects.Absent("Nobody is not measured")


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    made: tuple[Callable[[], subjects.Subject], ...] = (Shouting, missing)
    monkeypatch.setattr(subjects, "SUBJECTS", made)
    monkeypatch.setattr(task, "apart", lambda function, *args: function(*args))
    monkeypatch.delenv("DECKNAME_CORPORA", raising=False)


def test_it_writes_tables(tmp_path: Path) -> None:
    files = [tmp_path / "figures.json", tmp_path / "table.md"]
    run = CliRunner().invoke(
        main, ["--no-speed", "--split", "all", "--json", str(files[0]), "--markdown", str(files[1])]
    )
    assert run.exit_code == 0, run.output
    assert "Nobody is not measured" in run.output
    data = json.loads(files[0].read_text(encoding="utf-8"))
    assert [r["split"] for r in data["results"]] == ["dev", "held_out"]
    assert data["results"][0]["messages"] == len(goldset.load("dev"))
    assert "held-out" in files[1].read_text(encoding="utf-8")


def test_language_and_comparison(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    run = CliRunner().invoke(main, ["--no-speed", "--no-compare", "--language", "pl", "--json", str(file)])
    assert "Nobody" not in run.output
    assert list(json.loads(file.read_text(encoding="utf-8"))["results"][0]["languages"]) == ["pl"]


def test_errors_are_printed_for_dev_only() -> None:
    run = CliRunner().invoke(main, ["--no-speed", "--errors", "--split", "all"])
    assert run.exit_code == 0
    assert "missed  PERSON" in run.output
    secret = [m for m in goldset.load("held_out") if m.spans]
    assert not any(m.id in run.output for m in secret if m.id not in {d.id for d in goldset.load("dev")})
    assert not any(m.text[s.start : s.end] in run.output for m in secret for s in m.spans if s.kind == EMAIL)


def test_errors_of_held_out_are_refused() -> None:
    run = CliRunner().invoke(main, ["--no-speed", "--errors", "--split", "held_out"])
    assert run.exit_code == 2


def test_corpora_are_read_where_they_are(tmp_path: Path) -> None:
    rows = [
        {"text": "KARLA KOLUMNA", "spans": [[0, 13, "PER"]]},
        {"text": "Rom", "spans": [[0, 3, "LOC"]]},
        {"text": "Frau Mira Lenz's Rad", "spans": [[0, 16, "PER"]]},
        {"text": "der Papa", "spans": [[0, 8, "PER"]]},
    ]
    lines = "\n".join(json.dumps({"lang": "de", **row}) for row in rows)
    (tmp_path / "mobie_dev.jsonl").write_text(lines, encoding="utf-8")
    (corpus,) = corpora(tmp_path)
    assert corpus.persons == (((0, 13),), (), ((5, 14),), ((0, 8),))  # without what is no name, but none is lost
    run = CliRunner().invoke(main, ["--no-speed", "--split", "dev", "--corpora", str(tmp_path)])
    assert "mobie_dev: 3 persons, F1 (exact)" in run.output
    assert "100.0 %" in run.output


def test_mail_marks_are_offsets_alone() -> None:
    marks = json.loads(MAIL_PERSONS.read_text(encoding="utf-8"))
    assert len(marks) == 80
    assert all(0 <= start < end for spans in marks.values() for start, end in spans)


ALONE = """
import socket
def refuse(*_args, **_kwargs):
    raise AssertionError("no network")
socket.socket.connect = socket.getaddrinfo = refuse
from benchmarks.detection import subjects
try:
    (found,) = subjects.Presidio().find(["Write to Mira Lenz, mira.lenz@spreekontor.de, please."])
    print(sorted({finding.kind for finding in found}))
except subjects.Absent as absent:
    print(absent)
"""


def test_presidio_asks_nobody() -> None:
    run = subprocess.run([sys.executable, "-c", ALONE], check=True, capture_output=True, text=True, timeout=100)
    if "not measured" in run.stdout:
        pytest.skip(run.stdout.strip())
    assert "'EMAIL_ADDRESS'" in run.stdout
    assert "'PERSON'" in run.stdout


def test_each_subject_runs_in_its_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert task.apart(os.getpid) not in {os.getpid(), task.apart(os.getpid)}
