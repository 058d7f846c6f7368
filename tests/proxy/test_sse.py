"""Any cut of an event stream gives the same events, and what is not changed keeps its bytes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.sse import Comment, Event, SSEDecoder, SSEError, encode_comment, encode_event

fragments = st.sampled_from(
    [b"data", b"event", b"id", b"retry", b":", b" ", b"\n", b"\r", b"\r\n", b"\n\n", b"x", "ä😀".encode(), b"12", b"\0"]
)
streams = st.lists(fragments, max_size=40).map(b"".join)


def read(*chunks: bytes) -> list[Event | Comment]:
    decoder = SSEDecoder()
    items = [item for chunk in chunks for item in decoder.feed(chunk)]
    return items + decoder.flush()


def said(items: list[Event | Comment]) -> list[object]:
    """What the items say, without their bytes and without stray line ends."""
    return [
        (item.data, item.event, item.id, item.retry, item.comments) if isinstance(item, Event) else item.text
        for item in items
        if not isinstance(item, Comment) or item.text is not None
    ]


@given(streams, st.data())
def test_any_cut_gives_the_same_events(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    chunks = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert said(read(*chunks)) == said(read(stream))
    assert said(read(*(bytes([byte]) for byte in stream))) == said(read(stream))


@given(streams)
def test_every_byte_comes_back_once(stream: bytes) -> None:
    for items in (read(stream), read(*(bytes([byte]) for byte in stream))):
        raw = b"".join(item.raw for item in items)
        assert raw.startswith(stream)
        assert raw[len(stream) :].strip(b"\n") == b""


@given(streams)
def test_it_reads_as_the_standard_says(stream: bytes) -> None:
    events = [(item.event, item.data) for item in read(stream) if isinstance(item, Event) and item.data is not None]
    assert events == list(_standard(stream.decode()))


@given(
    st.text().map(lambda text: re.sub(r"[\r\n]", "", text)),
    st.text(st.characters(exclude_characters="\r\n", codec="utf-8")),
    st.none() | st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8")),
    st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8")), min_size=1),
)
def test_what_was_written_is_read_back(event: str, line: str, id: str | None, more: list[str]) -> None:  # noqa: A002
    event = event.encode("utf-8", "ignore").decode()
    written = Event("\n".join([line, *more]), event=event, id=id, retry="3000")
    (item,) = read(encode_event(written))
    assert isinstance(item, Event)
    assert said([item]) == said([written])
    assert encode_event(item) == item.raw == encode_event(written)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_line_ends(end: bytes) -> None:
    stream = b"event: x" + end + b"data: 1" + end + b"data:2" + end + end + b": hi" + end + end + b"data" + end + end
    assert said(read(stream)) == [("1\n2", "x", None, "", ()), "hi", ("", "", None, "", ())]


def test_an_event_is_given_as_soon_as_its_last_byte_is_there() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"data: 1\r\n\r") == [Event("1", raw=b"data: 1\r\n\r")]
    assert decoder.feed(b"\ndata: 2\r") == [Comment(None, b"\n")]
    assert decoder.feed(b"\ndata: 3\r\n") == []
    assert decoder.feed(b"\r\n") == [Event("2\n3", raw=b"data: 2\r\ndata: 3\r\n\r\n")]


def test_a_comment_is_given_at_once_even_without_a_blank_line() -> None:
    assert SSEDecoder().feed(b": OPENROUTER PROCESSING\n") == [
        Comment("OPENROUTER PROCESSING", b": OPENROUTER PROCESSING\n")
    ]


def test_a_comment_inside_an_event_stays_inside() -> None:
    assert read(b"data: 1\n:a\ndata: 2\n\n") == [Event("1\n2", comments=("a",), raw=b"data: 1\n:a\ndata: 2\n\n")]


def test_byte_order_mark_only_at_the_start() -> None:
    stream = "\ufeffdata: 1\n\n\ufeffdata: 2\n\n".encode()
    assert [item.data for item in read(stream) if isinstance(item, Event)] == ["1", None]
    assert said(read(*(bytes([byte]) for byte in stream))) == said(read(stream))


@pytest.mark.parametrize("tail", [b"", b"\n"])
def test_the_final_blank_line_may_be_missing(tail: bytes) -> None:
    (item,) = read(b"data: [DONE]" + tail)
    assert item == Event("[DONE]", raw=b"data: [DONE]\n\n")


def test_other_data_is_written_in_the_canonical_form() -> None:
    (item,) = read(b"id:7\revent:delta\rretry:10\rdata:[PERSON_1]\r:c\r\r")
    assert isinstance(item, Event)
    assert encode_event(item, "Erika") == b": c\nevent: delta\nid: 7\nretry: 10\ndata: Erika\n\n"
    assert encode_event(item, "a\nb").endswith(b"data: a\ndata: b\n\n")


def test_an_event_without_data_is_told_from_one_with_empty_data() -> None:
    assert [item.data for item in read(b"event: ping\n\ndata:\n\n") if isinstance(item, Event)] == [None, ""]
    assert encode_event(Event(None, event="ping")) == b"event: ping\n\n"


def test_what_the_standard_ignores() -> None:
    (item,) = read(b"id: a\0b\nretry: 1x\nother: 1\nid: ok\nretry: 5\ndata:  two spaces\n\n")
    assert said([item]) == [(" two spaces", "", "ok", "5", ())]


def test_a_keep_alive_dispatches_nothing() -> None:
    assert said(read(encode_comment("keep-alive"))) == ["keep-alive"]


@pytest.mark.parametrize("stream", [b"data: \xff\n\n", b": \xff\n", b"data: \xc3"])
def test_not_utf8(stream: bytes) -> None:
    with pytest.raises(SSEError, match="not UTF-8") as caught:
        read(stream)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("chunk", [b"x" * 10, b"data: x\n", b"data: " + b"x" * 50])
def test_too_large(chunk: bytes) -> None:
    decoder = SSEDecoder(max_event_size=100)
    with pytest.raises(SSEError, match="larger"):
        [decoder.feed(chunk) for _ in range(20)]


def test_many_small_events_are_not_too_large() -> None:
    decoder = SSEDecoder(max_event_size=20)
    for chunk in (b"data: 1\n\n", b": x\r", b"\n", b"\r\n") * 100:
        decoder.feed(chunk)
    assert decoder.flush() == []


def _standard(text: str) -> list[tuple[str, str]]:
    """The algorithm of the standard, written down naively; an unfinished last event is completed first."""
    events: list[tuple[str, str]] = []
    data: list[str] = []
    name = ""
    for line in [*re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")), ""]:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                events.append((name, "\n".join(data)))
            data, name = [], ""
        elif field == "data":
            data.append(value)
        elif field == "event":
            name = value
    return events
