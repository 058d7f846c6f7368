"""Logs: an exception's message may quote a text, so it is never written; libraries are kept quiet."""

import json
import logging
from collections.abc import Iterator

import pytest

from proxy import logs

CANARY = "annegret.feldhusen@example.com"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("proxy", "recognizers", "keys"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def quote() -> None:
    raise ValueError(CANARY)


def fail() -> None:
    try:
        quote()
    except ValueError as cause:
        raise RuntimeError(f"about {CANARY}") from cause


@pytest.mark.parametrize("form", ["text", "json"])
def test_exceptions_are_written_by_type_and_place_only(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", form)
    try:
        fail()
    except RuntimeError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
    written = capsys.readouterr().err
    assert CANARY not in written
    assert "builtins.RuntimeError" in written
    assert "builtins.ValueError" in written
    assert "test_logs.py" in written


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")
    logging.getLogger("proxy.x").info("first\nline %s", "ä")
    logging.getLogger("proxy.x").warning("second")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["message"], first["level"], second["level"]) == ("first\nline ä", "info", "warning")


def test_libraries_are_heard_from_warning_upwards(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("debug", "text")
    for name in ("presidio-analyzer", "aiohttp.access", "spacy", "redis"):
        logging.getLogger(name).info("a text: %s", CANARY)
    logging.getLogger("proxy.exchange").debug("ours")
    written = capsys.readouterr().err
    assert CANARY not in written
    assert "ours" in written


def test_nothing_to_format_is_nothing() -> None:
    assert logs.TextFormatter().formatException((None, None, None)) == ""
