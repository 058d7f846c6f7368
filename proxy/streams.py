"""Restores a provider's event stream as it passes: sans-io, ``feed(bytes) → bytes`` and ``flush()``.

Every channel has a restorer of its own. An event in which nothing changed leaves as the bytes it came in, and none is
ever dropped. What a restorer holds back at the end of its channel goes into an event of its own; where an API numbers
its events, into the last event of that channel, which waits for it, and all that follows waits behind it.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from proxy.body import JSON, BodyError, decode, encode
from proxy.citations import shift, shift_all, shift_in_documents
from proxy.dialects import Channel, Dialect, Reference
from proxy.errors import Refusal, UpstreamFailed
from proxy.ndjson import Line, NDJSONDecoder, NDJSONError, encode_line
from proxy.readback import Piece, Readback, tool_of
from proxy.restore import Tally
from proxy.sse import Comment, Event, SSEDecoder, SSEError, encode_event
from proxy.walk import Leaf, Path, Treatment

# Events that wait behind one whose channel neither goes on nor ends; then what is held back is given as it is.
MOST_WAITING: Final = 64
CONTENT_TYPES: Final = {"sse": "text/event-stream; charset=utf-8", "ndjson": "application/x-ndjson"}


@dataclass(slots=True)
class _Waiting:
    """A restored event, and the channels whose held-back text it may yet get, with the places for it."""

    event: Event | Line
    tree: JSON
    changed: bool
    places: dict[Channel, Path] = field(default_factory=dict)

    def add(self, where: Channel, text: str) -> None:
        place = self.places.pop(where)
        if text:
            self.changed = True
            node = self.tree
            for step in place[:-1]:
                node = node[step]  # type: ignore[index]  # walked before
            node[place[-1]] += text  # type: ignore[index,operator]


class StreamRestorer:
    """One reply's stream, in one dialect. ``after``: leave out events up to this ``sequence_number``."""

    def __init__(self, dialect: Dialect, readback: Readback, *, after: int | None = None) -> None:
        self._dialect = dialect
        self._readback = readback
        self._after = after
        self._decoder = NDJSONDecoder() if dialect.framing == "ndjson" else SSEDecoder()
        self._channels: dict[Channel, Piece] = {}
        self._sources: dict[Channel, list[str]] = {}  # what was fed, for the offsets of citations
        self._tools: dict[Channel, str] = {}
        self._queue: deque[_Waiting] = deque()
        self._last: tuple[Event | Line, JSON] = (Event(None), None)
        self._closed = False
        self.stored: list[Reference] = []

    def feed(self, data: bytes) -> bytes:
        """Return the events that ``data`` completes, restored. Raises ``UpstreamFailed`` on what can't be read."""
        try:
            items = self._decoder.feed(data)
        except (SSEError, NDJSONError) as error:
            raise UpstreamFailed("upstream_stream_invalid", f"The provider's stream can't be read: {error}.") from None
        return b"".join([self._item(item) for item in items])

    def flush(self) -> bytes:
        """Return what is left when the stream ends; whether it ended in the middle, ``complete`` tells."""
        rest = b"".join([self._item(item) for item in self._decoder.flush()])
        return rest + self._leftovers([()]) + self._released()

    def broken(self, refusal: Refusal) -> bytes:
        """Return an event that says why the stream can't go on, after what can still be given."""
        _, last = self._last
        data = encode(self._dialect.stream_error(refusal, last)).decode()
        error = encode_line(Line(data)) if self._dialect.framing == "ndjson" else encode_event(
            Event(data, event=self._dialect.error_name)
        )
        return self._leftovers([()]) + self._released() + error

    @property
    def complete(self) -> bool:
        """Whether an end of the reply was seen, be it that of an error."""
        return self._closed

    def _item(self, item: Event | Comment | Line) -> bytes:
        if isinstance(item, Comment) or item.data is None or not item.data.strip():
            return item.raw
        if item.data.startswith("[DONE]"):
            self._closed = True
            return self._leftovers([()]) + self._released() + item.raw
        return self._event(item, item.data)

    def _event(self, event: Event | Line, data: str) -> bytes:
        try:
            tree = decode(data.encode())
        except (BodyError, UnicodeEncodeError):
            raise UpstreamFailed("upstream_stream_invalid", "The provider sent an event that is not JSON.") from None
        self._last = (event, tree)
        ending = self._dialect.ended(tree)
        self._closed = self._closed or self._dialect.finished(tree) or bool(
            isinstance(tree, dict) and tree.get("error")
        )
        self.stored += self._dialect.stored(tree)
        if not self._readback:
            return b"" if self._skipped(tree) else event.raw
        if self._readback.tools:
            self._tools.update(self._dialect.tools(tree))
        if '"annotations"' in data:
            shift_all(tree, self._readback.lexicon)
        moved = '"char_location"' in data and shift_in_documents(
            tree, self._readback.documents, self._readback.lexicon
        )
        visit = _Visit(self, tree, ending)
        waiting = _Waiting(event, self._dialect.event.rewrite(tree, visit), moved or visit.changed)
        self._cite(tree, waiting)
        before = self._leftovers(ending)
        if self._dialect.piece is None:
            open_ones = self._channels
            waiting.places = {w: path for w, path in visit.fed.items() if w in open_ones and open_ones[w].holding}
        self._queue.append(waiting)
        while len(self._queue) > MOST_WAITING:
            self._leftovers([*self._queue[0].places])
            before += self._released()
        return before + self._released()

    def restored(self, leaf: Leaf, visit: "_Visit") -> str:
        """Return what the client gets to see of one string of an event."""
        if leaf.treatment in (Treatment.STRUCTURE, Treatment.ATTACHMENT):
            return leaf.text
        where = None if leaf.is_key else self._dialect.channel(visit.tree, leaf.path)
        if where is None:
            # Of an API that says everything twice, the second time is not counted.
            tally = Tally() if self._dialect.piece is None else None
            return self._readback.leaf(leaf, self._tool(leaf, visit) if self._readback.tools else "", tally)
        channel = self._channels.get(where)
        if channel is None:
            channel = Piece(self._readback, self._called(where), json_string=leaf.treatment is Treatment.JSON)
            self._channels[where] = channel
        for earlier in self._queue:
            earlier.places.pop(where, None)
        visit.fed[where] = leaf.path
        self._sources.setdefault(where, []).append(leaf.text)
        text = channel.feed(leaf.text)
        if any(where[: len(end)] == end for end in visit.ending):
            text += self._channels.pop(where).flush()
        return text

    def _tool(self, leaf: Leaf, visit: "_Visit") -> str:
        own = tool_of(visit.tree, leaf.path)
        ended = map(self._called, visit.ending) if leaf.path[0] in ("arguments", "input") else ()
        return own or next(filter(None, ended), "")

    def _called(self, where: Channel) -> str:
        """Return the tool of whose arguments a channel is a part, or nothing."""
        return next((self._tools[where[:n]] for n in range(len(where), 0, -1) if where[:n] in self._tools), "")

    def _cite(self, tree: JSON, waiting: _Waiting) -> None:
        """Move the offsets of citations that come apart from their text."""
        for path, where in self._dialect.cites(tree):
            annotation = waiting.tree
            for step in path:
                annotation = annotation[step]  # type: ignore[index]  # walked by the dialect
            text = "".join(self._sources.get(where, ()))
            before = encode(annotation)
            shift(annotation, text, self._readback.lexicon)
            waiting.changed = waiting.changed or encode(annotation) != before

    def _leftovers(self, ending: Sequence[Channel]) -> bytes:
        """Put what ended channels held back into the events that wait for it, or into new ones."""
        out = []
        for where in [w for w in self._channels if any(w[: len(end)] == end for end in ending)]:
            rest = self._channels.pop(where).flush()
            for waiting in self._queue:
                if where in waiting.places:
                    waiting.add(where, rest)
                    rest = ""
            if rest and self._dialect.piece is not None:
                out.append(self._made(self._dialect.piece(self._last[1], where, rest)))
        return b"".join(out)

    def _made(self, tree: JSON) -> bytes:
        data, last = encode(tree).decode(), self._last[0]
        if isinstance(last, Line):
            return encode_line(Line(data))
        named = last.event and isinstance(tree, dict) and tree.get("type")
        return encode_event(Event(data, event=str(named) if named else ""))

    def _released(self) -> bytes:
        """Return the events that no longer wait, in their order."""
        out = []
        while self._queue and not self._queue[0].places:
            out.append(self._written(self._queue.popleft()))
        return b"".join(out)

    def _written(self, waiting: _Waiting) -> bytes:
        if self._skipped(waiting.tree):
            return b""
        if not waiting.changed:
            return waiting.event.raw
        data = encode(waiting.tree).decode()
        event = waiting.event
        return encode_line(event, data) if isinstance(event, Line) else encode_event(event, data)

    def _skipped(self, tree: JSON) -> bool:
        number = tree.get("sequence_number") if isinstance(tree, dict) else None
        return self._after is not None and isinstance(number, int) and number <= self._after


class _Visit:
    """The restoring of one event, which remembers whether anything changed and which channels were fed, and where."""

    def __init__(self, stream: StreamRestorer, tree: JSON, ending: Sequence[Channel]) -> None:
        self.tree, self.ending = tree, ending
        self.changed = False
        self.fed: dict[Channel, Path] = {}
        self._restored: Callable[[Leaf, _Visit], str] = stream.restored

    def __call__(self, leaf: Leaf) -> str:
        text = self._restored(leaf, self)
        self.changed = self.changed or text != leaf.text
        return text
