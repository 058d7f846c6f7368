"""Server-sent events, sans-io: bytes in, events out, events in, bytes out (WHATWG HTML §9.2, text/event-stream).

Every byte that was fed comes back in the `raw` of exactly one item, so what is not changed is passed on as it came.
An item is handed out as soon as its last byte is there; what remains unfinished is bounded in size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MAX_EVENT_SIZE: Final = 32 * 1024 * 1024
_BOM: Final = b"\xef\xbb\xbf"
_END_OF_LINE: Final = re.compile(r"\r\n|\r|\n")


class SSEError(ValueError):
    """A stream that cannot be read on: an event is too large or not UTF-8. The message never quotes it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `data` joins its data lines with a line feed; `event`, `id` and `retry` are empty where not given.

    `raw` is the event as it was received, its blank line included, and empty for an event made here. A block without
    a data line (which clients do not dispatch) has `data` None.
    """

    data: str | None
    event: str = ""
    id: str | None = None
    retry: str = ""
    comments: tuple[str, ...] = ()
    raw: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Comment:
    """A line that dispatches nothing: a comment (often a keep-alive) or, with `text` None, a stray line end."""

    text: str | None
    raw: bytes = field(default=b"", repr=False)


def encode_event(event: Event, data: str | None = None) -> bytes:
    """Write an event, with other data if given. Unchanged data gives back the received bytes."""
    if data is None or data == event.data:
        if event.raw:
            return event.raw
        data = event.data
    lines = [f": {comment}" for comment in event.comments]
    if event.event:
        lines.append(f"event: {event.event}")
    if event.id is not None:
        lines.append(f"id: {event.id}")
    if event.retry:
        lines.append(f"retry: {event.retry}")
    if data is not None:
        lines.extend(f"data: {line}" for line in _END_OF_LINE.split(data))
    return "\n".join([*lines, "", ""]).encode("utf-8", "backslashreplace")  # in JSON, \\ud800 is right


def encode_comment(text: str) -> bytes:
    """Write a comment that keeps a connection alive."""
    return f": {text}\n\n".encode()


class SSEDecoder:
    """Cuts a byte stream into events and comments, however it arrives. Linear in what is fed."""

    def __init__(self, *, max_event_size: int = MAX_EVENT_SIZE) -> None:
        self._max_event_size = max_event_size
        self._pieces: list[bytes] = []  # the unfinished line
        self._lines: list[bytes] = []  # the finished lines of the unfinished event
        self._fields: list[tuple[str, str]] = []
        self._size = 0
        self._carriage_return = False  # the last line ended in CR: a LF that follows belongs to it
        self._first = True

    def feed(self, data: bytes) -> list[Event | Comment]:
        """Take more bytes; give what they complete. Raises SSEError."""
        if not data:
            return []
        self._size += len(data)
        items: list[Event | Comment] = []
        if self._carriage_return and data.startswith(b"\n"):
            data = data[1:]
            items.extend(self._late_line_feed())
        self._carriage_return = False
        if b"\n" in data or b"\r" in data:
            items.extend(self._complete(data))
        elif data:
            self._pieces.append(data)
        if self._size > self._max_event_size:
            raise SSEError("an event is larger than allowed")
        return items

    def flush(self) -> list[Event | Comment]:
        """Give what is left at the end of the stream, completed with the line ends it lacks."""
        items: list[Event | Comment] = []
        rest = b"".join(self._pieces)
        self._pieces.clear()
        if rest:
            items.extend(self._line(rest + b"\n"))
        if self._lines:
            items.extend(self._line(b"\n"))
        return items

    def _late_line_feed(self) -> Iterator[Comment]:
        """Take the LF of a CRLF whose CR was the last byte fed before."""
        if self._lines:
            self._lines[-1] += b"\n"
        else:
            self._size -= 1
            yield Comment(None, b"\n")

    def _complete(self, data: bytes) -> Iterator[Event | Comment]:
        self._pieces.append(data)
        lines = b"".join(self._pieces).splitlines(keepends=True)
        self._pieces.clear()
        if not lines[-1].endswith((b"\n", b"\r")):
            self._pieces.append(lines.pop())
        self._carriage_return = not self._pieces and lines[-1].endswith(b"\r")
        for line in lines:
            yield from self._line(line)

    def _line(self, line: bytes) -> Iterator[Event | Comment]:
        """Take one line with its end."""
        content = line.rstrip(b"\r\n")
        if self._first:
            self._first = False
            content = content.removeprefix(_BOM)
        if not content:
            yield self._dispatch(line)
        elif content.startswith(b":") and not self._lines:
            self._size -= len(line)
            yield Comment(_text(content[1:]).removeprefix(" "), line)
        else:
            self._lines.append(line)
            name, _, value = content.partition(b":")
            self._fields.append((_text(name), _text(value).removeprefix(" ")))

    def _dispatch(self, blank: bytes) -> Event | Comment:
        if not self._lines:
            self._size -= len(blank)
            return Comment(None, blank)
        raw = b"".join([*self._lines, blank])
        event = _event(self._fields, raw)
        self._size -= len(raw)
        self._lines.clear()
        self._fields.clear()
        return event


def _event(fields: list[tuple[str, str]], raw: bytes) -> Event:
    last = {name: value for name, value in fields if name in {"event", "id", "retry"} and _valid(name, value)}
    data = [value for name, value in fields if name == "data"]
    return Event(
        data="\n".join(data) if data else None,
        event=last.get("event", ""),
        id=last.get("id"),
        retry=last.get("retry", ""),
        comments=tuple(value for name, value in fields if not name),
        raw=raw,
    )


def _valid(name: str, value: str) -> bool:
    """Whether the field counts at all: an id with a NUL and a retry that is no number are ignored."""
    return {"id": "\0" not in value, "retry": value.isascii() and value.isdigit()}.get(name, True)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass  # raised below: the exception caught here holds the bytes
    raise SSEError("an event is not UTF-8")
