"""What Deckname writes about its running: its own events, and of exceptions only their types and places.

An exception's message may quote the text it failed on, so no message of any exception is written, whoever raised it.
Libraries are heard from WARNING upwards only, because some write the texts they work on at lower levels.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Final

_OWN: Final = ("proxy", "recognizers", "keys")
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def _places(error: BaseException) -> list[str]:
    """Return the types of ``error`` and what caused it, each with the places it passed through."""
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None:
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        lines += [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(current.__traceback__)]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines


class TextFormatter(logging.Formatter):
    """One line for a person; an exception's places on lines of their own."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S")

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - logging's name
        """Write the types and places of an exception, never its message."""
        return "\n".join(_places(ei[1])) if ei[1] else ""


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for collectors."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, logger and message, and an exception's types and places."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1]:
            entry["exception"] = _places(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=False)


def configure(level: str, form: str) -> None:
    """Send all logging to standard error, our own from ``level`` upwards, as ``text`` or ``json``."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _OWN:
        logging.getLogger(name).setLevel(level.upper())
