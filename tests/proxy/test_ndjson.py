"""Any cut of a stream of lines gives the same lines, and what is not changed keeps its bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.ndjson import Line, NDJSONDecoder, NDJSONError, encode_line

fragments = st.sampled_from([b'{"a":1}', b"\n", b"\r\n", b"\r", b" ", "ä😀".encode()])
streams = st.lists(fragments, max_size=30).map(b"".join)


def read(*chunks: bytes) -> list[Line]:
    decoder = NDJSONDecoder()
    lines = [line for chunk in chunks for line in decoder.feed(chunk)]
    return lines + decoder.flush()


@given(streams, st.data())
def test_any_cut_gives_the_same_lines(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    chunks = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert read(*chunks) == read(stream) == read(*(bytes([byte]) for byte in stream))


@given(streams)
def test_every_byte_comes_back_once(stream: bytes) -> None:
    raw = b"".join(encode_line(line) for line in read(stream))
    assert raw in {stream, stream + b"\n"}


def test_lines() -> None:
    assert read(b'{"a":1}\n\r\n{"b":2}') == [
        Line('{"a":1}', b'{"a":1}\n'), Line("", b"\r\n"), Line('{"b":2}', b'{"b":2}\n'),
    ]


def test_other_data_is_written_with_a_line_feed() -> None:
    (line,) = read(b"{}\r\n")
    assert encode_line(line, "[]") == b"[]\n"
    assert encode_line(line, "{}") == b"{}\r\n"
    assert encode_line(Line("{}")) == b"{}\n"


def test_not_utf8() -> None:
    with pytest.raises(NDJSONError, match="not UTF-8") as caught:
        read(b"\xff\n")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("chunk", [b"x", b"x" * 200, b"x" * 200 + b"\n"])
def test_too_large(chunk: bytes) -> None:
    decoder = NDJSONDecoder(max_line_size=100)
    with pytest.raises(NDJSONError, match="larger"):
        [decoder.feed(chunk) for _ in range(101)]


def test_many_small_lines_are_not_too_large() -> None:
    decoder = NDJSONDecoder(max_line_size=10)
    assert len(decoder.feed(b"{}\n" * 100)) == 100
