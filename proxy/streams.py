"""Rewrites a provider's event stream as it passes: sans-io, ``feed(bytes) → bytes`` and ``flush()``.

Every channel has a piece of its own, which restores (or masks) it. An event in which nothing changed leaves as the
bytes it came in, and none is ever dropped. What a piece holds back at the end of its channel goes into an event of its
own; where an API numbers its events, into the last event of that channel, which waits for it, and all that follows
waits behind it. So does an event with a citation, until it is known where the places it names will be.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from proxy.body import JSON, BodyError, decode, encode
from proxy.citations import shift, shift_all, shift_in_documents
from proxy.dialects import Channel, Dialect, Reference
from proxy.errors import Refusal, UpstreamFailed
from proxy.ndjson import Line, NDJSONDecoder, NDJSONError, encode_line
from proxy.readback import tool_of
from proxy.restore import Tally
from proxy.rewriting import Piece, Rewriting
from proxy.sse import Comment, Event, SSEDecoder, SSEError, encode_event
from proxy.walk import Leaf, Path, Treatment

# Events that wait behind one whose channel neither goes on nor ends; then what is held back is given as it is.
MOST_WAITING: Final = 64
CONTENT_TYPES: Final = {"sse": "text/event-stream; charset=utf-8", "ndjson": "application/x-ndjson"}


Item = Event | Comment | Line


@dataclass(slots=True)
class _Waiting:
    """A rewritten event, and what it waits for: held-back text of channels, with the places for it, and citations."""

    event: Event | Line
    tree: JSON
    changed: bool
    places: dict[Channel, Path] = field(default_factory=dict)
    cites: deque[tuple[Channel, JSON]] = field(default_factory=deque)

    def add(self, where: Channel, text: str) -> None:
        place = self.places.pop(where)
        if text:
            self.changed = True
            node = self.tree
            for step in place[:-1]:
                node = node[step]  # type: ignore[index]  # walked before
            node[place[-1]] += text  # type: ignore[index,operator]


class StreamRewriter:
    """One reply's stream, in one dialect. ``after``: leave out events up to this ``sequence_number``."""

    def __init__(
        self, dialect: Dialect, rewriting: Rewriting, *, after: int | None = None, most_waiting: int = MOST_WAITING
    ) -> None:
        self._dialect = dialect
        self._rewriting = rewriting
        self._after = after
        self._most_waiting = most_waiting
        self._decoder = NDJSONDecoder() if dialect.framing == "ndjson" else SSEDecoder()
        self._open: dict[Channel, Piece] = {}
        self._pieces: dict[Channel, Piece] = {}  # those that ended, too, for citations
        self._bases: dict[Channel, int] = {}
        self._tools: dict[Channel, str] = {}
        self._queue: deque[_Waiting] = deque()
        self._last: tuple[Event | Line, JSON] = (Event(None), None)
        self._closed = False
        self.stored: list[Reference] = []

    def feed(self, data: bytes) -> bytes:
        """Return the events that ``data`` completes, rewritten. Raises ``UpstreamFailed`` on what can't be read."""
        return b"".join([self.item(item) for item in self.items(data)])

    def flush(self) -> bytes:
        """Return what is left when the stream ends; whether it ended in the middle, ``complete`` tells."""
        return b"".join([self.item(item) for item in self.last_items()]) + self._ended([()])

    def items(self, data: bytes) -> Sequence[Item]:
        """Return the events and comments that ``data`` completes. Raises ``UpstreamFailed`` on what can't be read."""
        try:
            return self._decoder.feed(data)
        except (SSEError, NDJSONError) as error:
            raise UpstreamFailed("upstream_stream_invalid", f"The provider's stream can't be read: {error}.") from None

    def last_items(self) -> Sequence[Item]:
        """Return what the stream ends with, in case its last event was not complete."""
        return self._decoder.flush()

    def broken(self, refusal: Refusal, *, drop: bool = False) -> bytes:
        """Return an event that says why the stream can't go on, after what can still be given.

        ``drop``: what was held back is not among it.
        """
        _, last = self._last
        data = encode(self._dialect.stream_error(refusal, last)).decode()
        error = encode_line(Line(data)) if self._dialect.framing == "ndjson" else encode_event(
            Event(data, event=self._dialect.error_name)
        )
        if not drop:
            return self._ended([()]) + error
        for waiting in self._queue:
            waiting.places.clear()
            waiting.cites.clear()
        return self._released() + error

    @property
    def complete(self) -> bool:
        """Whether an end of the reply was seen, be it that of an error."""
        return self._closed

    def ahead(self, item: Item | None) -> Iterator[tuple[Leaf, Piece | None, bool]]:
        """Say which strings ``item`` (None: the end) will have rewritten: each with its piece, and whether that ends.

        A string without a piece stands by itself, or begins one. What an item ends without going on with it comes as
        an empty string.
        """
        data = None if isinstance(item, Comment) else "[DONE]" if item is None else item.data
        if data is None or not data.strip():
            return
        tree = None if data.startswith("[DONE]") else _tree(data)
        ending = [()] if tree is None else self._dialect.ended(tree)
        fed: dict[Channel, Leaf] = {}
        for leaf in self._dialect.event.leaves(tree):
            where = None if leaf.is_key else self._dialect.channel(tree, leaf.path)
            if self._passes(leaf, where):
                continue
            if where is None:
                if not self._rewriting.spares(tree, leaf.path):
                    yield leaf, None, True
            else:
                before = fed[where].text if where in fed else ""
                fed[where] = Leaf(leaf.path, before + leaf.text, Treatment.TEXT)
        ended = {where: Leaf((), "", Treatment.TEXT) for where in self._open if _among(where, ending)}
        for where, leaf in (ended | fed).items():
            yield leaf, self._open.get(where), _among(where, ending)

    def item(self, item: Item) -> bytes:
        """Return an item rewritten, as far as it needn't wait, and what waited for it."""
        if isinstance(item, Comment) or item.data is None or not item.data.strip():
            return item.raw
        if item.data.startswith("[DONE]"):
            self._closed = True
            return self._ended([()]) + item.raw
        return self._event(item, item.data)

    def end(self) -> bytes:
        """Return what was held back until the end of the stream."""
        return self._ended([()])

    def _event(self, event: Event | Line, data: str) -> bytes:
        tree = _tree(data)
        self._last = (event, tree)
        ending = self._dialect.ended(tree)
        self._closed = self._closed or self._dialect.finished(tree) or bool(
            isinstance(tree, dict) and tree.get("error")
        )
        self.stored += self._dialect.stored(tree)
        if not self._rewriting:
            return b"" if self._skipped(tree) else event.raw
        if self._rewriting.tools:
            self._tools.update(self._dialect.tools(tree))
        changed = self._rewriting.prepare(tree)
        cited = [*self._dialect.cites(tree)]
        if '"annotations"' in data and not cited:
            shift_all(tree, self._rewriting.mover)
        if '"char_location"' in data:
            changed |= shift_in_documents(tree, self._rewriting.documents, self._rewriting.mover)
        visit = _Visit(self, tree, ending)
        waiting = _Waiting(event, self._dialect.event.rewrite(tree, visit), changed or visit.changed)
        waiting.cites.extend((where, _at(waiting.tree, path)) for path, where in cited)
        self._finish(ending)
        if self._dialect.piece is None:
            waiting.places = {w: path for w, path in visit.fed.items() if w in self._open and self._open[w].holding}
        self._queue.append(waiting)
        return self._given_way() + self._released()

    def _given_way(self) -> bytes:
        """Give what is held back as it is where too much waits for it."""
        out = b""
        while len(self._queue) > self._most_waiting:
            first = self._queue[0]
            self._finish([*first.places, *(where for where, _ in first.cites)])
            first.places.clear()
            out += self._released(late=True)
        return out

    def restored(self, leaf: Leaf, visit: "_Visit") -> str:
        """Return what the client gets to see of one string of an event."""
        where = None if leaf.is_key else self._dialect.channel(visit.tree, leaf.path)
        if self._passes(leaf, where):
            return leaf.text
        if where is None:
            if self._rewriting.spares(visit.tree, leaf.path):
                return leaf.text
            # Of an API that says everything twice, the second time is not counted.
            tally = Tally() if self._dialect.piece is None else None
            return self._rewriting.leaf(leaf, self._tool(leaf, visit) if self._rewriting.tools else "", tally)
        piece = self._open.get(where)
        if piece is None:
            piece = self._rewriting.piece(self._called(where), json_string=leaf.treatment is Treatment.JSON)
            self._open[where] = self._pieces[where] = piece
        for earlier in self._queue:
            earlier.places.pop(where, None)
        visit.fed[where] = leaf.path
        text = piece.feed(leaf.text)
        if _among(where, visit.ending):
            text += self._open.pop(where).flush()
        return text

    def _passes(self, leaf: Leaf, where: Channel | None) -> bool:
        """Tell whether a string is no text: one that looks like a file is, all the same, in the middle of a text."""
        return leaf.treatment is Treatment.ATTACHMENT and where not in self._open

    def _tool(self, leaf: Leaf, visit: "_Visit") -> str:
        own = tool_of(visit.tree, leaf.path)
        ended = map(self._called, visit.ending) if leaf.path[0] in ("arguments", "input") else ()
        return own or next(filter(None, ended), "")

    def _called(self, where: Channel) -> str:
        """Return the tool of whose arguments a channel is a part, or nothing."""
        return next((self._tools[where[:n]] for n in range(len(where), 0, -1) if where[:n] in self._tools), "")

    def _ended(self, ending: Sequence[Channel]) -> bytes:
        self._finish(ending)
        return self._released()

    def _finish(self, ending: Sequence[Channel]) -> None:
        """Put what ended channels held back into the events that wait for it, or into new ones."""
        for where in [where for where in self._open if _among(where, ending)]:
            rest = self._open.pop(where).flush()
            for waiting in self._queue:
                if where in waiting.places:
                    waiting.add(where, rest)
                    rest = ""
            if rest and self._dialect.piece is not None:
                tree = self._dialect.piece(self._last[1], where, rest)
                self._queue.append(_Waiting(self._made(tree), tree, changed=True))

    def _made(self, tree: JSON) -> Event | Line:
        """Return an event in the likeness of the last one."""
        last = self._last[0]
        if isinstance(last, Line):
            return Line("")
        named = last.event and isinstance(tree, dict) and tree.get("type")
        return Event("", event=str(named) if named else "")

    def _released(self, *, late: bool = False) -> bytes:
        """Return the events that no longer wait, in their order; ``late``: the first one whatever it cites."""
        out = []
        while self._queue and not self._queue[0].places and (self._cited(self._queue[0]) or late):
            out.append(self._written(self._queue.popleft()))
            late = False
        return b"".join(out)

    def _cited(self, waiting: _Waiting) -> bool:
        """Move the offsets of an event's citations, whose text came in other events; False while they aren't known."""
        while waiting.cites:
            where, annotation = waiting.cites[0]
            if piece := self._pieces.get(where):
                base, longer = self._base(where, annotation)
                mover = piece.place_in(annotation, base)
                if mover is None:
                    return False
                before = encode(annotation)
                shift(annotation, mover, base, longer)
                waiting.changed = waiting.changed or encode(annotation) != before
            waiting.cites.popleft()
        return True

    def _base(self, where: Channel, annotation: JSON) -> tuple[int, int]:
        """Return where a text begins in what an annotation counts, and how much longer that is for the client.

        Azure's filter counts from the beginning of the prompt, whose end is where its first annotation begins.
        """
        start = annotation.get("start_offset") if isinstance(annotation, dict) else None
        if not isinstance(start, int):
            return 0, 0
        return self._bases.setdefault(where, start), self._rewriting.longer

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


def _tree(data: str) -> JSON:
    try:
        return decode(data.encode())
    except (BodyError, UnicodeEncodeError):
        raise UpstreamFailed("upstream_stream_invalid", "The provider sent an event that is not JSON.") from None


def _at(tree: JSON, path: Path) -> JSON:
    for step in path:
        tree = tree[step]  # type: ignore[index]  # walked by the dialect
    return tree


def _among(where: Channel, ending: Sequence[Channel]) -> bool:
    return any(where[: len(end)] == end for end in ending)


class _Visit:
    """The rewriting of one event, which remembers whether anything changed and which channels were fed, and where."""

    def __init__(self, stream: StreamRewriter, tree: JSON, ending: Sequence[Channel]) -> None:
        self.tree, self.ending = tree, ending
        self.changed = False
        self.fed: dict[Channel, Path] = {}
        self._restored: Callable[[Leaf, _Visit], str] = stream.restored

    def __call__(self, leaf: Leaf) -> str:
        text = self._restored(leaf, self)
        self.changed = self.changed or text != leaf.text
        return text
