"""Laws of the repository: sizes, names, one way to speak to people, and nothing of the machine it was written on."""

import ast
import re
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import pytest

from proxy.settings import Settings

ROOT: Final = Path(__file__).parent.parent
SOURCES: Final = sorted(
    path for folder in ("proxy", "recognizers", "keys") for path in (ROOT / folder).rglob("*.py")
    if "training" not in path.parts
)
TEXTS: Final = [
    *SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("*.yaml")),
    *sorted((ROOT / "requirements").glob("*.txt")), ROOT / "Makefile", ROOT / "Dockerfile", ROOT / ".ci" / "run",
]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, Function)]


def length(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_functions_are_short() -> None:
    lengths = [length(function) for path in SOURCES for function in functions(path)]
    assert median(lengths) <= 10
    assert quantiles(lengths, n=10)[-1] <= 40


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_begins_by_saying_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))) or not path.read_text("utf-8").strip()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_public_names_are_the_words_of_the_design(path: Path) -> None:
    forbidden = re.compile(r"(?i)manager|helper|utils?\b|_utils?|engine|^handle_|^process_")
    tree = ast.parse(path.read_text("utf-8"))
    defined = [n.name for n in ast.walk(tree) if isinstance(n, Function | ast.ClassDef)] + [path.stem]
    assert [name for name in defined if forbidden.search(name) and not name.startswith("_")] == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_prints(path: Path) -> None:
    """People are spoken to by commands (click, rich), operators by logging."""
    calls = [n.func for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id in {"print", "breakpoint", "input"}]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_is_left_for_later(path: Path) -> None:
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", path.read_text("utf-8"))


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_nothing_names_the_machine_it_was_written_on(path: Path) -> None:
    # In brackets, so that this line names no machine either.
    here = re.compile(r"/wor[k]/|/hom[e]/\w|/roo[t]/|file:///|^--(?:extra-)?index-url|^--find-links", re.MULTILINE)
    if path.name != Path(__file__).name:
        assert not here.search(path.read_text("utf-8"))


def test_every_setting_has_an_effect() -> None:
    """A setting that nothing reads would be believed in."""
    files = [path for path in SOURCES if path.name not in {"load.py", "problems.py", "show.py"}]
    read = "".join(path.read_text("utf-8") for path in files)
    unread = {name for name in Settings.model_fields if not re.search(rf"(?:settings|self)\.{name}\b", read)}
    assert unread == set()


def test_every_requirement_is_locked_by_hash() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        entries = re.split(r"^(?=[a-z0-9])", path.read_text(), flags=re.MULTILINE)[1:]
        assert entries
        assert [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
