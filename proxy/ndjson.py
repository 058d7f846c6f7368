"""Newline-delimited JSON, sans-io (the framing of Ollama's streams): bytes in, lines out, lines in, bytes out.

Every byte that was fed comes back in the `raw` of exactly one line. A line is handed out when its line feed is there;
an unfinished one is bounded in size.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

MAX_LINE_SIZE: Final = 32 * 1024 * 1024


class NDJSONError(ValueError):
    """A stream that cannot be read on: a line is too large or not UTF-8. The message never quotes it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `data` without its end (empty for a blank line), `raw` as it was received."""

    data: str
    raw: bytes = field(default=b"", repr=False)


def encode_line(line: Line, data: str | None = None) -> bytes:
    """Write a line, with other data if given. Unchanged data gives back the received bytes."""
    if line.raw and (data is None or data == line.data):
        return line.raw
    return (line.data if data is None else data).encode("utf-8", "backslashreplace") + b"\n"


class NDJSONDecoder:
    """Cuts a byte stream into lines, however it arrives. Linear in what is fed."""

    def __init__(self, *, max_line_size: int = MAX_LINE_SIZE) -> None:
        self._max_line_size = max_line_size
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[Line]:
        """Take more bytes; give the lines they complete. Raises NDJSONError."""
        *complete, rest = data.split(b"\n")
        lines = [self._line(end + b"\n") for end in complete]
        if rest:
            self._pieces.append(rest)
            self._size += len(rest)
        self._check()
        return lines

    def flush(self) -> list[Line]:
        """Give the last line if it has no line feed; it is completed with one."""
        return [self._line(b"\n")] if self._pieces else []

    def _line(self, end: bytes) -> Line:
        self._size += len(end)
        self._check()
        raw = b"".join([*self._pieces, end])
        self._pieces.clear()
        self._size = 0
        try:
            return Line(raw.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8"), raw)
        except UnicodeDecodeError:
            pass  # raised below: the exception caught here holds the bytes
        raise NDJSONError("a line is not UTF-8")

    def _check(self) -> None:
        if self._size > self._max_line_size:
            raise NDJSONError("a line is larger than allowed")
