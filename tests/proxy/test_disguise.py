"""Every disguise of the table reads as the token it is, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.disguise import Match, Names, Outcome, is_word, read, read_bare, word_before

NAMES = Names(["PERSON_1", "PERSON_1_FAMILY", "PERSON_12", "TAX_ID_3", "IPV4_2"])

# written, form
BRACKETED = [
    ("[PERSON_1]", ""),
    ("[person_1]", "case"),
    ("[Person_1]", "case"),
    (r"[PERSON\_1]", "escape_underscore"),
    (r"[PERSON\\_1]", "escape_underscore"),
    ("[PERSON 1]", "spaced"),
    ("[PERSON\u00a01]", "spaced"),
    ("[ PERSON_1 ]", "spaced"),
    ("[PERSON-1]", "hyphen"),
    ("[PERSON\u20111]", "hyphen"),
    ("[PERSON＿1]", ""),
    ("[[PERSON_1]]", "doubled"),
    ("[[person 1]]", "doubled"),
    ("［PERSON_1］", "full_width"),
    ("［［PERSON_1］］", "doubled"),
    (r"\[PERSON_1\]", "escape"),
    (r"\[PERSON\_1\]", "escape"),
    (r"\\[PERSON\\_1\\]", "escape"),
    (r"\[\[PERSON\_1\]\]", "doubled"),
    (r"\u005bPERSON_1\u005d", "unicode"),
    (r"\u005BPERSON\u005F1\u005D", "unicode"),
    (r"\\u005bPERSON_1\\u005d", "unicode"),
    (r"\uff3bPERSON_1\uff3d", "unicode"),
    ("&#91;PERSON_1&#93;", "entity"),
    ("&#091;PERSON_1&#093;", "entity"),
    ("&#x5B;PERSON&#x5f;1&#x5D;", "entity"),
    ("&lbrack;PERSON&lowbar;1&rbrack;", "entity"),
    ("&lsqb;PERSON_1&rsqb;", "entity"),
    ("%5BPERSON_1%5D", "percent"),
    ("%5bPERSON%5f1%5d", "percent"),
    ("%5BPERSON%201%5D", "percent"),
    ("[**PERSON_1**]", "emphasis"),
    ("[`PERSON_1`]", "emphasis"),
    ("[PERSON_\n1]", "wrapped"),
    ("[PERSON\n1]", "wrapped"),
    ("[\nPERSON_1]", "wrapped"),
    ("[PERSON_1\n]", "wrapped"),
    ("[PERSON_\r\n    1]", "wrapped"),
    ("[PERSON_\n> 1]", "wrapped"),
    (r"[PERSON\n1]", "wrapped"),
    ("[PER\u200bSON_1]", "zero_width"),
    ("[\ufeffPERSON_\u20601\u00ad]", "zero_width"),
    (r"[PER\u200bSON_1]", "zero_width"),
    ("[PER&shy;SON_1]", "zero_width"),
    ("[PER&ZeroWidthSpace;SON_1]", "zero_width"),
]
BARE = [
    ("PERSON_1", "bare"),
    (r"PERSON\_1", "escape_underscore"),
    (r"PERSON\\_1", "escape_underscore"),
    ("PERSON\u200b_1", "zero_width"),
]
NOT_BRACKETED = [
    "[PERSON_13]", "[PERSON_1_2]", "[PERSON_1_]", "[_PERSON_1]", "[PERSON__1]", "[PERSON1]", "[PERSON]", "[PERS0N_1]",
    "[]", "[PERSON_1}", "[PERSON_1\uff3d", "[PERSON_1&#93;", r"[PERSON_1\]", r"\[PERSON_1]", r"\\[PERSON_1\]",
    "[PERSON_1%5D",
    "[PERSON_1 x]", "[x PERSON_1]", "[PERSON_1, PERSON_12]", "[PERSON_1_GIVEN]", "[PEЯSON_1]", "[PERSON_１]",
    "[TAX_ID]", "[[PERSON_1] x", "[[PERSON_1]](", "[ [PERSON_1] ]", "[PERSON.1]", "[PERSON:1]", "[PERSON/1]",
    "[PERSON_1*_FAMILY]",
    "[PERSON" + " " * 20 + "1]", "[PERSON" + "\u200b" * 20 + "_1]", "[*******PERSON_1]", "[PERSON*_1]", "[PERSON_1-]",
]
NOT_BARE = [
    "PERSON_1x", "PERSON_1ä", "PERSON_1_", "PERSON_1_x", r"PERSON_1\_x", "PERSON_13", "PERSON_1\u200b3", "person_1",
    "Person_1", "PERSON 1", "PERSON-1", "PERSON1", "PERSON", "PERSON_1%5F2", "PERSON_1&#95;2", r"PERSON_1\u005f2",
    r"PERSON_1\u00e4", "PERSON_1＿",
]


@pytest.mark.parametrize("after", ["", " ", "]", "s", "-Akte", "'s", "(x)", "x"])
@pytest.mark.parametrize(("written", "form"), BRACKETED)
def test_in_brackets(written: str, form: str, after: str) -> None:
    if "doubled" in form and after == "(x)":
        return  # a link whose text is a token
    match = read(f"x{written}{after}", 1, NAMES, final=True)
    assert isinstance(match, Match)
    assert (match.name, match.end) == ("PERSON_1", 1 + len(written))
    assert form in match.forms or not (form or match.forms)


@pytest.mark.parametrize(
    "after", [" ", "]", ".", "-Akte", "'s", "", "先生", r"\n", r"\u201c", "\u200b ", "*", "&quot;", "%20"]
)
@pytest.mark.parametrize(("written", "form"), BARE)
def test_without_brackets(written: str, form: str, after: str) -> None:
    names = Names(["PERSON_1", "EMAIL_1"])
    match = read_bare(f"x{written}{after}", 1, names, final=True, alone=False)
    assert isinstance(match, Match)
    assert (match.name, match.end) == ("PERSON_1", 1 + len(written))
    assert {"bare", form} <= match.forms


@pytest.mark.parametrize("text", NOT_BRACKETED)
@pytest.mark.parametrize("after", [" ", "x]", "\n"])
def test_no_token_in_brackets(text: str, after: str) -> None:
    for final in (True, False):
        assert read(text + after, 0, NAMES, final=final) is Outcome.NONE


@pytest.mark.parametrize("text", NOT_BARE)
def test_no_token_without_brackets(text: str) -> None:
    for final in (True, False):
        assert read_bare(f"{text} ", 0, NAMES, final=final, alone=False) is Outcome.NONE


@pytest.mark.parametrize("written", [written for written, _ in BRACKETED])
def test_every_beginning_is_a_true_beginning(written: str) -> None:
    for end in range(1, len(written)):
        assert read(written[:end], 0, NAMES, final=False) is Outcome.UNFINISHED


@pytest.mark.parametrize("written", [written for written, _ in BARE])
def test_every_beginning_without_brackets_is_a_true_beginning(written: str) -> None:
    for end in range(1, len(written) + 1):
        assert read_bare(written[:end], 0, NAMES, final=False, alone=False) is Outcome.UNFINISHED


@pytest.mark.parametrize(
    "text", ["[Q", "[PERSON_2", "[PX", "[IPV5", "[PERSON_1_G", r"\(", r"\u005c", "&#92", "&la", "%5C", "[ X"]
)
def test_what_cannot_become_a_token_is_not_waited_for(text: str) -> None:
    assert read(text, 0, NAMES, final=False) is Outcome.NONE


def test_a_cut_off_token_is_read_only_if_nothing_longer_was_issued() -> None:
    assert isinstance(read("[TAX_ID_3", 0, NAMES, final=True), Match)
    assert isinstance(read_bare("TAX_ID_3", 0, NAMES, final=True, alone=False), Match)
    for text in ("[PERSON_1", "[TAX_ID", "[TAX_ID_", "[[TAX_ID_3", "[[TAX_ID_3]", r"\[TAX_ID_3" + "\\", "["):
        assert read(text, 0, NAMES, final=True) is Outcome.NONE
    assert read_bare("PERSON_1", 0, NAMES, final=True, alone=False) is Outcome.NONE
    assert isinstance(read_bare("PERSON_1", 0, NAMES, final=True, alone=True), Match)


def test_doubled_brackets_are_none_where_brackets_nest() -> None:
    assert read("[[PERSON_1]] ", 0, NAMES, final=True, nested=False) is Outcome.NONE
    assert isinstance(read("[[PERSON_1]] ", 1, NAMES, final=True, nested=False), Match)


@pytest.mark.parametrize(("text", "inside"), [
    ("", False), (" ", False), ("x", True), ("ä", True), ("_", True), ("9", True), ("-", False), ("„", False),
    ("先", False), (r"\n", False), (r"\t", False), ("n", True), (r"\u201e", False), (r"\u00e4", True), ("%20", False),
    ("%5F", True),
    ("&quot;", False), ("&auml;", True), (";", False), ("x\u200b", True), (" \u200b", False), ("100%", False),
])
def test_word_before(text: str, inside: bool) -> None:
    assert word_before(text) is inside


@given(
    st.lists(st.from_regex(r"[A-D]{1,3}_[0-9]{1,2}", fullmatch=True)),
    st.from_regex(r"[A-D]{0,3}_?[0-9]{0,2}", fullmatch=True),
)
def test_names_answer_as_a_plain_search_would(names: list[str], prefix: str) -> None:
    issued = Names(names)
    assert issued.begin_with(prefix) is any(name.startswith(prefix) for name in names)
    assert (prefix in issued) is (prefix in names)
    assert issued.only(prefix) is (prefix in names and len({name for name in names if name.startswith(prefix)}) == 1)


@given(st.characters())
def test_word_characters(character: str) -> None:
    assert not (is_word(character) and character.isspace())
