import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.body import JSON
from proxy.dialects import openai_chat
from proxy.filling import Filling
from proxy.table import Table
from proxy.walk import Leaf, Treatment

KEYS = st.one_of(st.sampled_from(["messages", "content", "role", "name", "tools", "stop", "user"]), st.text(max_size=5))
BODIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def strings(value: JSON) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [s for item in value for s in strings(item)]
    if isinstance(value, dict):
        return [s for key, item in value.items() for s in (key, *strings(item))]
    return []


def pairs(before: JSON, after: JSON) -> list[tuple[str, str]]:
    """Return every string, keys included, with what stands in its place in a body of the same shape and order."""
    if isinstance(before, str) and isinstance(after, str):
        return [(before, after)]
    if isinstance(before, list) and isinstance(after, list):
        return [pair for items in zip(before, after, strict=True) for pair in pairs(*items)]
    if isinstance(before, dict) and isinstance(after, dict):
        keys = zip(before, after, strict=True)
        return [*keys, *pairs(list(before.values()), list(after.values()))]
    assert before is after
    return []


@given(BODIES)
def test_leaves_put_back_unchanged_give_the_same_body(body: JSON) -> None:
    assert openai_chat.REQUEST.rewrite(body, lambda leaf: leaf.text) is body


@given(BODIES)
def test_all_leaves_are_rewritten_in_place_and_nothing_else_is(body: JSON) -> None:
    table, before = openai_chat.REQUEST, json.dumps(body)
    leaves = table.leaves(body)
    rewritten = table.rewrite(body, lambda leaf: f"<{leaf.text}>")
    changed = [(text, new) for text, new in pairs(body, rewritten) if text != new]
    assert sorted(changed) == sorted((leaf.text, f"<{leaf.text}>") for leaf in leaves)
    assert json.dumps(body) == before


@given(BODIES)
def test_what_was_added_last_is_of_the_body(body: JSON) -> None:
    table = openai_chat.REQUEST
    leaves = [(leaf.text, leaf.treatment, leaf.field, leaf.is_key) for leaf in table.leaves(body)]
    assert all((leaf.text, leaf.treatment, leaf.field, leaf.is_key) in leaves for leaf in table.newest(body))


def test_what_was_added_last_is_the_last_message() -> None:
    messages: JSON = [{"role": "user", "content": "a"}, {"role": "user", "content": [{"type": "text", "text": "b"}]}]
    tools: JSON = [{"type": "function", "function": {"name": "f", "description": "c"}}]
    table = openai_chat.REQUEST
    assert [leaf.text for leaf in table.newest({"messages": messages, "tools": tools, "metadata": {"d": "e"}})] == ["b"]
    assert [leaf.text for leaf in table.newest({"messages": "?", "tools": tools})] == ["c"]
    assert not table.newest({"messages": [], "model": "m"})


@given(BODIES, st.data())
def test_a_leaf_that_stays_leaves_the_others_their_places(body: JSON, data: st.DataObject) -> None:
    table = openai_chat.REQUEST
    leaves = table.leaves(body)
    others = [(leaf, f"<{leaf.text}>") for leaf in leaves if data.draw(st.booleans())]
    changed = [(text, new) for text, new in pairs(body, Filling(body).fill(others)) if text != new]
    assert sorted(changed) == sorted((leaf.text, text) for leaf, text in others)


SCHEMAS: dict[str, JSON] = {
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"format": "a"}}}],
    "functions": [{"parameters": {"pattern": "b"}}],
    "response_format": {"type": "json_schema", "json_schema": {"schema": {"minLength": 3}}},
    "messages": [{"content": {"parameters": {"format": "c"}}}],
}


def test_schemas_are_changed_and_nothing_else_is() -> None:
    changed = openai_chat.REQUEST.change_schemas(SCHEMAS, lambda _: "changed")
    assert str(changed).count("changed") == 3
    assert isinstance(changed, dict)
    assert changed["messages"] is SCHEMAS["messages"]


@given(BODIES)
def test_a_table_without_rules_visits_every_string(body: JSON) -> None:
    assert sorted(leaf.text for leaf in Table("").leaves(body)) == sorted(strings(body))


@given(st.text(min_size=1))
def test_a_structural_field_passes_only_what_looks_structural(text: str) -> None:
    leaves = openai_chat.REQUEST.leaves({"model": text})
    plain = text.isascii() and len(text) <= 256 and all(c.isalnum() or c in "_.:/+=~-" for c in text)
    assert [leaf.treatment for leaf in leaves] == ([] if plain else [Treatment.NAME])


def treatment(body: dict[str, Any], text: str) -> tuple[str, str]:
    table = openai_chat.REQUEST
    [leaf] = [leaf for leaf in table.leaves(body) if leaf.text == text]
    return table.place(leaf.path), leaf.treatment.value


@pytest.mark.parametrize(
    ("body", "place", "treated"),
    [
        ({"messages": [{"role": "user", "content": "X"}]}, "messages[0].content", "text"),
        ({"messages": [{"role": "user", "name": "X"}]}, "messages[0].name", "name"),
        ({"messages": [{"content": [{"type": "text", "text": "X"}]}]}, "messages[0].content[0].text", "text"),
        ({"messages": [{"tool_calls": [{"function": {"arguments": "X"}}]}]},
         "messages[0].tool_calls[0].function.arguments", "json"),
        ({"messages": [{"content": [{"image_url": {"url": "X"}}]}]},
         "messages[0].content[0].image_url.*", "attachment"),
        ({"messages": [{"content": [{"image_url": "X"}]}]}, "messages[0].content[0].image_url", "attachment"),
        ({"user": "X"}, "user", "hash"),
        ({"user": {"email": "X"}}, "user.*", "hash"),
        ({"metadata": {"a": "X"}}, "metadata.*", "text"),
        ({"metadata": {"X": "a"}}, "metadata.*", "text"),
        ({"no one knows": ["X"]}, "*[0]", "text"),
        ({"X": 1}, "*", "text"),
        ({"stop": "X"}, "stop", "text"),
        ({"stop": ["X"]}, "stop[0]", "text"),
        ({"tools": [{"function": {"parameters": {"properties": {"X": {}}}}}]},
         "tools[0].function.parameters.*.*", "name"),
        ({"tools": [{"function": {"parameters": {"required": ["X"]}}}]}, "tools[0].function.parameters.*[0]", "name"),
        ({"tools": [{"function": {"parameters": {"enum": ["X"]}}}]}, "tools[0].function.parameters.*[0]", "text"),
        ({"messages": [{"content": "data:image/png;base64,AAAA"}]}, "messages[0].content", "attachment"),
    ],
)
def test_what_a_chat_completion_holds(body: dict[str, Any], place: str, treated: str) -> None:
    text = "data:image/png;base64,AAAA" if treated == "attachment" and place == "messages[0].content" else "X"
    assert treatment(body, text) == (place, treated)


def test_tools_are_numbered_before_messages_so_that_a_growing_chat_keeps_its_prefix() -> None:
    body: JSON = {"messages": [{"content": "second"}], "tools": [{"function": {"description": "first"}}], "x": "third"}
    texts = [leaf.text for leaf in openai_chat.REQUEST.leaves(body) if not leaf.is_key]
    assert texts == ["first", "second", "third"]


def test_masked_keys_that_coincide_lose_no_field() -> None:
    table = Table("metadata.*  text")
    body: JSON = {"metadata": {"a": "1", "b": "2", "c": "3"}}
    masked = table.rewrite(body, lambda leaf: "*" if leaf.is_key else leaf.text)
    assert masked == {"metadata": {"*": "1", "*_2": "2", "*_3": "3"}}


def test_a_masked_key_never_takes_the_name_of_a_field_that_stays() -> None:
    table = Table("metadata.*  text\nmetadata.b  structure")
    body: JSON = {"metadata": {"a": "1", "b": "2", "b_2": "3"}}
    masked = table.rewrite(body, lambda leaf: "b" if leaf.text == "a" else leaf.text)
    assert json.dumps(masked) == json.dumps({"metadata": {"b_3": "1", "b": "2", "b_2": "3"}})


def test_attachments_can_be_left_out() -> None:
    body: JSON = {"messages": [{"content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {}}]}]}
    assert openai_chat.REQUEST.without_attachments(body) == {"messages": [{"content": [{"type": "text", "text": "a"}]}]}


def test_a_leaf_shows_no_text() -> None:
    assert "secret" not in repr(Leaf(("secret",), "secret", Treatment.TEXT, field="secret"))
