"""JSON bodies come out as they came in, or are refused with a reason that quotes nothing."""

from __future__ import annotations

import json
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.body import BodyError, Number, decode, encode

texts = st.text() | st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010, exclude_categories=()))
number_texts = st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)
numbers = number_texts.map(lambda text: decode(text.encode()))
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=30,
)


@given(number_texts)
def test_numbers_keep_their_text(text: str) -> None:
    assert encode(decode(text.encode())) == text.encode()


@given(values)
def test_what_was_written_is_read_back(value: Any) -> None:
    data = encode(value)
    assert _joined(decode(data)) == _joined(value)
    assert encode(decode(encode(_joined(value)))) == encode(_joined(value))


@given(values)
def test_both_writers_agree(value: Any) -> None:
    assert encode(["\ud800", value]) == rb'["\ud800",' + encode(value) + b"]"


@given(values)
def test_it_says_what_the_json_module_says(value: Any) -> None:
    data = encode(value)
    assert _plain(decode(data)) == json.loads(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except BodyError:
        return
    assert decode(encode(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "1.0", "1.10", "1e5", "1E+5", "-0", "-0.0", "0.1", "12345678901234567890", "1e-400", "0.30000000000000004",
        '{"b":1,"a":[1.50,{}],"":[]}', r'"\ud800"', '"Ä ß / \u2028 😀"', r'"\\ \" \n \u0000"', "null", "[]", "{}",
    ],
)
def test_compact_text_is_unchanged(text: str) -> None:
    assert encode(decode(text.encode())) == text.encode()


def test_white_space_and_needless_escapes_go() -> None:
    assert encode(decode(rb' { "a" : "\u00e4\/" , "b" : [ 1 ] } ')) == '{"a":"ä/","b":[1]}'.encode()


@pytest.mark.parametrize(
    ("data", "reason", "position"),
    [
        (b'{"a": "\xff"}', "not_utf8", 7),
        (b'"\xed\xa0\x80"', "not_utf8", 1),
        ('\ufeff{"a": 1}'.encode(), "byte_order_mark", 0),
        ('{"a": 1}'.encode("utf-16"), "not_utf8", 0),
        (b"", "not_json", 0),
        (b"{'a': 1}", "not_json", 1),
        (b'{"a": 1', "not_json", 7),
        (b'"a\nb"', "not_json", 2),
        (b"01", "trailing_data", 1),
        (b'{"a":1} {"a":2}', "trailing_data", 8),
        (b'{"a":1,"a":2}', "duplicate_key", 0),
        (b'{"a":1,"\\u0061":2}', "duplicate_key", 0),
        (b'[{"x":{"a":1,"b":2,"a":1}}]', "duplicate_key", 0),
        (b"NaN", "not_a_number", 0),
        (b'{"a":[-Infinity]}', "not_a_number", 0),
        (b"1e400", "number_too_large", 0),
        (b"-1e400", "number_too_large", 0),
        (b"9" * 5000, "number_too_large", 0),
        (b"0." + b"9" * 5000, "number_too_large", 0),
        (b"[" * 101 + b"]" * 101, "too_deep", 0),
        (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "too_deep", 0),
        (b"[" + b"[]," * 1_000_000 + b"1]", "too_many_values", 0),
    ],
)
def test_refused(data: bytes, reason: str, position: int) -> None:
    with pytest.raises(BodyError) as caught:
        decode(data)
    assert (caught.value.reason, caught.value.position) == (reason, position)


def test_the_limits_are_exact() -> None:
    assert decode(b"[" * 100 + b"]" * 100)
    assert decode(b"[[1],[2]]", max_depth=2, max_nodes=5)
    with pytest.raises(BodyError, match="too_deep"):
        decode(b"[[1],[2]]", max_depth=1)
    with pytest.raises(BodyError, match="too_many_values"):
        decode(b"[[1],[2]]", max_nodes=4)


def test_commas_and_brackets_in_strings_are_no_values() -> None:
    assert decode(b'"' + rb"[,{\"" * 1000 + b'"', max_nodes=1)
    with pytest.raises(BodyError, match="not_json"):
        decode(b'["' + rb"\"," * 100_000, max_nodes=10)  # unterminated: still linear


@pytest.mark.parametrize(
    "data",
    [b'{"Erika Muster": 1,}', b'"Erika Muster\xff"', b'{"Erika Muster":1,"Erika Muster":2}', b'["Erika Muster"'],
)
def test_errors_hold_nothing_of_the_text(data: bytes) -> None:
    with pytest.raises(BodyError) as caught:
        decode(data)
    assert caught.value.__context__ is None
    assert "Erika" not in repr(caught.value) + "".join(traceback.format_exception_only(caught.value))


def test_lone_surrogates_survive_as_escapes() -> None:
    assert encode({"\ud800": ["x\udc00", Number("1.10")]}) == rb'{"\ud800":["x\udc00",1.10]}'
    assert decode(encode("a\ud83d")) == "a\ud83d"


def test_a_strange_type_is_not_written() -> None:
    with pytest.raises(TypeError, match="object is not JSON"):
        encode([Number("1.10"), object()])  # type: ignore[list-item]


def _plain(value: Any) -> Any:
    """The tree with every Number as what Python makes of it."""
    if isinstance(value, Number):
        return json.loads(value.text)
    if isinstance(value, dict):
        return {_joined(key): _plain(member) for key, member in value.items()}
    return [_plain(element) for element in value] if isinstance(value, list) else value


def _joined(value: Any) -> Any:
    """The tree with neighbouring surrogates joined, which is what JSON escapes say."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    if isinstance(value, dict):
        return {_joined(key): _joined(member) for key, member in value.items()}
    return [_joined(element) for element in value] if isinstance(value, list) else value
