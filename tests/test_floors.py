"""Imports point downwards only. The floors are those of the design; this reads the import statements themselves."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
FLOORS: Final = ("keys", "recognizers", "proxy")

# Values in, values out.
PURE: Final = {
    "proxy.body", "proxy.citations", "proxy.disguise", "proxy.errors", "proxy.filling", "proxy.jsonstring",
    "proxy.ledger", "proxy.model_data.documents", "proxy.model_data.known", "proxy.model_data.masking",
    "proxy.model_data.units", "proxy.ndjson", "proxy.policy", "proxy.readback", "proxy.restore", "proxy.rewriting",
    "proxy.routes", "proxy.scope", "proxy.sse", "proxy.streams", "proxy.table", "proxy.token", "proxy.urlguard",
    "proxy.vault.plan", "proxy.vault.protocol", "proxy.vault.record", "proxy.walk",
}
SHELL: Final = {
    "proxy.__main__", "proxy.app", "proxy.batch", "proxy.cli", "proxy.commands", "proxy.custodian", "proxy.demo",
    "proxy.dry_run", "proxy.exchange", "proxy.files", "proxy.forms", "proxy.gateway", "proxy.health", "proxy.inward",
    "proxy.logs", "proxy.manual", "proxy.outward", "proxy.services", "proxy.settings", "proxy.store", "proxy.textfile",
    "proxy.upstream", "proxy.upstreams",
}
IO: Final = {
    "aiohttp", "asyncio", "http", "multiprocessing", "redis", "socket", "subprocess", "threading", "urllib.request",
}
UNPREDICTABLE: Final = {"os", "random", "secrets", "time", "tempfile", "uuid", "datetime"}
READS_ENVIRONMENT: Final = {"proxy.settings.load", "keys.sources"}


def modules(*folders: str) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "training" not in path.parts:
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def imported(path: Path) -> set[str]:
    """Return every module the file imports, wherever in it; of ``from a import b`` both ``a`` and ``a.b``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def within(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def pure() -> Iterator[tuple[str, Path]]:
    yield from ((name, path) for name, path in modules("proxy") if within(name, PURE | {"proxy.dialects"}))


ALL: Final = dict(modules(*FLOORS))
FLOOR_0: Final = dict(modules("keys", "recognizers"))
FLOOR_1: Final = dict(pure())
FLOOR_2: Final = {name: path for name, path in modules("proxy") if not within(name, SHELL) and name not in FLOOR_1}


def test_every_pure_file_exists() -> None:
    assert {n for n in PURE | READS_ENVIRONMENT if n not in ALL} == set()


@pytest.mark.parametrize("name", FLOOR_0)
def test_floor_0_imports_neither_the_proxy_nor_its_neighbour(name: str) -> None:
    others = set(FLOORS) - {name.partition(".")[0]}
    assert {i for i in imported(FLOOR_0[name]) if within(i, others)} == set()


@pytest.mark.parametrize("name", FLOOR_0)
def test_floor_0_knows_no_event_loop_and_no_network(name: str) -> None:
    allowed = {"subprocess"} if name == "keys.sources" else set()
    assert {i for i in imported(FLOOR_0[name]) if within(i, IO - allowed)} == set()


@pytest.mark.parametrize("name", FLOOR_1)
def test_floor_1_is_pure(name: str) -> None:
    assert {i for i in imported(FLOOR_1[name]) if within(i, IO | UNPREDICTABLE)} == set()


@pytest.mark.parametrize("name", FLOOR_1)
def test_floor_1_imports_nothing_from_above(name: str) -> None:
    own = {i for i in imported(FLOOR_1[name]) if within(i, {"proxy"}) and i in ALL and i != "proxy"}
    packages = {"proxy.model_data", "proxy.vault"}  # a package's own name comes along with its pure modules
    assert {i for i in own - packages if i not in FLOOR_1} == set()


@pytest.mark.parametrize("name", FLOOR_2)
def test_floor_2_imports_nothing_from_the_shell(name: str) -> None:
    assert {i for i in imported(FLOOR_2[name]) if within(i, SHELL)} == set()


@pytest.mark.parametrize("name", ALL)
def test_only_two_files_read_the_environment(name: str) -> None:
    tree = ast.parse(ALL[name].read_text("utf-8"))
    reads = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)} & {"environ", "getenv", "environb"}
    reads |= {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "os" for a in n.names} & {
        "environ", "getenv"}
    assert not reads or name in READS_ENVIRONMENT


@pytest.mark.parametrize("name", ALL)
def test_nothing_runs_on_what_only_tests_have(name: str) -> None:
    assert {i for i in imported(ALL[name]) if within(i, {"tests", "benchmarks", "pytest", "hypothesis"})} == set()


def test_every_library_imported_is_declared() -> None:
    """A library that comes along with another one today may be gone with its next version."""
    declared = (ROOT / "pyproject.toml").read_text("utf-8").lower().replace("_", "-")
    names = {"ahocorasick": "pyahocorasick", "jwt": "pyjwt", "stdnum": "python-stdnum", "yaml": "pyyaml"}
    libraries = {i.partition(".")[0] for path in ALL.values() for i in imported(path)}
    foreign = {library.replace("_", "-") for library in libraries - set(sys.stdlib_module_names) - set(FLOORS)}
    missing = {lib for lib in foreign if f'"{names.get(lib, lib)}' not in declared}
    assert missing == set()


def test_the_proxy_itself_loads_no_model() -> None:
    """The workers do. It would cost the proxy a second before it is ready, and more memory than all the rest of it."""
    heavy = {"onnxruntime", "presidio_analyzer", "presidio_anonymizer", "spacy", "tokenizers"}
    command = f"import sys, proxy.app; print(sorted({heavy!r} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", command], cwd=ROOT, check=True, capture_output=True, text=True)
    assert loaded.stdout.strip() == "[]"
