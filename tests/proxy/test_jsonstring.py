"""A value put into a document that arrives in pieces is escaped for the place it is put in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.jsonstring import JSONPosition

texts = st.text(max_size=12) | st.text(st.sampled_from('ab[]{}"\\/:, \n\u00e4\U0001f600'), max_size=12)
surrogates = st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010, exclude_categories=()))
values = st.text(max_size=12) | surrogates.map(
    lambda text: text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # JSON has no split pairs
)


def put(document: str, value: str, mark: str) -> str:
    """Write `value` at every mark of a document, as a stream of pieces would."""
    position = JSONPosition()
    first, *others = document.split(mark)
    position.feed(first)
    pieces = [first]
    for other in others:
        pieces.append(position.write(value))
        position.feed(other)
        pieces.append(other)
    return "".join(pieces)


def tree(leaf: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaf | st.none() | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=8,
    )


def replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, list):
        return [replaced(element, old, new) for element in value]
    return {key: replaced(member, old, new) for key, member in value.items()} if isinstance(value, dict) else value


@given(tree(st.tuples(texts, texts).map(lambda pair: f"x{pair[0]}MARK{pair[1]}")), values, st.booleans())
def test_inside_strings(value: Any, inserted: str, ascii_only: bool) -> None:
    document = json.dumps(value, ensure_ascii=ascii_only)
    assert json.loads(put(document, inserted, "MARK")) == replaced(value, "MARK", inserted)


marked = tree(texts.map(lambda text: f"x{text}MARK"))


@given(st.dictionaries(st.just("key"), marked, min_size=1), values, st.integers(1, 3))
def test_inside_documents_inside_strings(value: Any, inserted: str, depth: int) -> None:
    document = json.dumps(value)
    for _ in range(depth):
        document = json.dumps({"arguments": document, "after": "MARK"}, ensure_ascii=bool(depth % 2))
    result: Any = json.loads(put(document, inserted, "MARK"))
    for _ in range(depth):
        assert result["after"] == inserted
        result = json.loads(result["arguments"])
    assert result == replaced(value, "MARK", inserted)


@pytest.mark.parametrize(("document", "expected"), [
    ('{"a": MARK}', '{"a": "1\\"2"}'),
    ("[MARK, MARK]", '["1\\"2", "1\\"2"]'),
    ("MARK", '"1\\"2"'),
    ("{MARK: 1}", '{"1\\"2": 1}'),
    ('{"a": "MARK"}', '{"a": "1\\"2"}'),
    ('{"a": "\\"MARK"}', '{"a": "\\"1\\"2"}'),
    ('{"a": "\\\\MARK"}', '{"a": "\\\\1\\"2"}'),
    ('{"a": "{\\"b\\": MARK}"}', '{"a": "{\\"b\\": \\"1\\\\\\"2\\"}"}'),
    ('{"a": "[\\"MARK\\"] MARK"}', '{"a": "[\\"1\\\\\\"2\\"] 1\\"2"}'),
    ('{"a": "[MARK]"}', '{"a": "[1\\"2]"}'),
    ('{"a": "{MARK}"}', '{"a": "{1\\"2}"}'),
    ('{"a": "[1] MARK"}', '{"a": "[1] 1\\"2"}'),
    ('{"a": "\\"MARK\\" said he"}', '{"a": "\\"1\\"2\\" said he"}'),
    ('{"a": "\\u007b\\u0022b\\u0022: \\u0022MARK"}', '{"a": "\\u007b\\u0022b\\u0022: \\u00221\\\\\\"2"}'),
    ('{"a": "\\uzzzzMARK"}', '{"a": "\\uzzzz1\\"2"}'),
])
def test_places(document: str, expected: str) -> None:
    assert put(document, '1"2', "MARK") == expected


@given(st.text(st.sampled_from('a[]{}"\\u0:, \n'), max_size=30), st.lists(st.integers(0, 30), max_size=5), values)
def test_any_cut_gives_the_same_place(document: str, cuts: list[int], inserted: str) -> None:
    whole, pieces = JSONPosition(), JSONPosition()
    whole.feed(document)
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), 30], strict=True):
        pieces.feed(document[start:end])
    assert pieces.in_string is whole.in_string
    assert pieces.write(inserted) == whole.write(inserted)


def test_documents_are_followed_only_so_deep() -> None:
    document = '"MARK"'
    for _ in range(9):
        document = json.dumps([document])
    assert put(document, "x", "MARK") == document.replace("MARK", "x")


def test_lone_surrogates_are_escaped() -> None:
    assert put('["MARK"]', "\ud800x", "MARK") == r'["\ud800x"]'
