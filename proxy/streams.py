"""Restores a provider's event stream as it passes: sans-io, ``feed(bytes) → bytes`` and ``flush()``.

Every channel has a restorer of its own. An event in which nothing changed leaves as the bytes it came in. What a
restorer holds back at the end of its channel is sent in an event of its own, before the one that ends the channel.
"""

from collections.abc import Sequence

from proxy.body import JSON, BodyError, decode, encode
from proxy.dialects import Channel, Dialect
from proxy.errors import UpstreamFailed
from proxy.restore import Lexicon, Restorer, Tally, restore
from proxy.sse import Comment, Event, SSEDecoder, SSEError, encode_event
from proxy.walk import Leaf, Treatment


class StreamRestorer:
    """One reply's stream, in one dialect; what became of its tokens is counted in ``tally``."""

    def __init__(self, dialect: Dialect, lexicon: Lexicon, tally: Tally) -> None:
        self._dialect = dialect
        self._lexicon = lexicon
        self._tally = tally
        self._decoder = SSEDecoder()
        self._channels: dict[Channel, Restorer] = {}
        self._last: JSON = None
        self._closed = False

    def feed(self, data: bytes) -> bytes:
        """Return the events that ``data`` completes, restored. Raises ``UpstreamFailed`` on what can't be read."""
        try:
            items = self._decoder.feed(data)
        except SSEError as error:
            raise UpstreamFailed("upstream_stream_invalid", f"The provider's stream can't be read: {error}.") from None
        return b"".join([self._item(item) for item in items])

    def flush(self) -> bytes:
        """Return what is left when the stream ends; whether it ended in the middle, ``complete`` tells."""
        rest = b"".join([self._item(item) for item in self._decoder.flush()])
        return rest + self._leftovers([()])

    @property
    def complete(self) -> bool:
        """Whether an end of the reply was seen, be it that of an error."""
        return self._closed

    def _item(self, item: Event | Comment) -> bytes:
        if isinstance(item, Comment) or item.data is None or not item.data.strip():
            return item.raw
        if item.data.startswith("[DONE]"):
            self._closed = True
            return self._leftovers([()]) + item.raw
        return self._event(item, item.data)

    def _event(self, event: Event, data: str) -> bytes:
        try:
            tree = decode(data.encode())
        except (BodyError, UnicodeEncodeError):
            raise UpstreamFailed("upstream_stream_invalid", "The provider sent an event that is not JSON.") from None
        self._last = tree
        ending = self._dialect.ended(tree)
        self._closed = self._closed or bool(ending) or bool(isinstance(tree, dict) and tree.get("error"))
        visit = _Visit(self, tree, ending)
        restored = self._dialect.EVENT.rewrite(tree, visit)
        before = self._leftovers(ending)
        if not visit.changed:
            return before + event.raw
        return before + encode_event(event, encode(restored).decode())

    def restored(self, leaf: Leaf, tree: JSON, ending: Sequence[Channel]) -> str:
        """Return what the client gets to see of one string of an event."""
        if leaf.treatment in (Treatment.STRUCTURE, Treatment.ATTACHMENT):
            return leaf.text
        where = None if leaf.is_key else self._dialect.channel(tree, leaf.path)
        json_string = leaf.treatment is Treatment.JSON
        if where is None:
            return restore(self._lexicon, leaf.text, json_string=json_string, tally=self._tally)
        restorer = self._channels.get(where)
        if restorer is None:
            restorer = self._channels[where] = Restorer(
                self._lexicon, json_string=json_string, tally=self._tally
            )
        text = restorer.feed(leaf.text)
        if any(where[: len(end)] == end for end in ending):
            text += self._channels.pop(where).flush()
        return text

    def _leftovers(self, ending: Sequence[Channel]) -> bytes:
        out = []
        for where in [w for w in self._channels if any(w[: len(end)] == end for end in ending)]:
            rest = self._channels.pop(where).flush()
            if rest:
                out.append(encode_event(Event(encode(self._dialect.piece(self._last, where, rest)).decode())))
        return b"".join(out)


class _Visit:
    """The restoring of one event, which remembers whether anything changed."""

    def __init__(self, stream: StreamRestorer, tree: JSON, ending: Sequence[Channel]) -> None:
        self.stream, self.tree, self.ending = stream, tree, ending
        self.changed = False

    def __call__(self, leaf: Leaf) -> str:
        text = self.stream.restored(leaf, self.tree, self.ending)
        self.changed = self.changed or text != leaf.text
        return text
