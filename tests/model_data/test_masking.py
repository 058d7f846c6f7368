"""What a model wrote of people by itself gives way to marks, and nothing else does, however its text arrives."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.model_data.documents import Strings, replaceable
from proxy.model_data.known import Known
from proxy.model_data.masking import MaskedPiece, Masking
from proxy.model_data.units import MOST, Units
from proxy.walk import Leaf, Treatment
from tests.model_data.invented import PEOPLE, people

WORDS = st.sampled_from(
    ["Guten Tag", "und", "Dr.", "!", "\n", "\n\n", "- ", '"', "\\", "}", ", ", "[", "]", "😀", "x" * 90,
     "Erika Sommerfeld", "Moritz Fuchs", "neu@post.example", "alt@post.example", "erika%40neu.example", "030 5550123",
     "[PERSON_9]", ". "]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)
KNOWN = ("Moritz Fuchs", "alt@post.example")


def masking() -> Masking:
    return Masking(lambda _: True, Known(["Von alt@post.example"], ["Moritz Fuchs"]))


def expected(text: str) -> str:
    def mark(match: re.Match[str]) -> str:
        kind = next(kind for form, kind in PEOPLE.items() if re.fullmatch(form, match[0]))
        return match[0] if match[0] in KNOWN or kind == "LITERAL" else f"[{kind}]"

    return re.sub("|".join(PEOPLE), mark, text)


def masked(text: str, lengths: list[int], *, json_string: bool = False) -> str:
    """Mask a text in pieces of these lengths and a rest, and have only those windows read that it asks for."""
    marks, out = masking(), ""
    piece = MaskedPiece(marks, json_string=json_string)
    parts = []
    for length in lengths:
        parts.append(text[:length])
        text = text[length:]
    for i, part in enumerate([*parts, text]):
        last = i == len(parts)
        marks.learn({window: people(window) for window in piece.windows(part, whole=last)})
        out += piece.feed(part)
        if last:
            out += piece.flush()
            assert not piece.holding
        else:
            assert piece.length - piece._given <= 2 * MOST + 1
    return out


def whole(text: str, treatment: Treatment = Treatment.TEXT) -> str:
    marks, leaf = masking(), Leaf(("content",), text, treatment)
    marks.learn({window: people(window) for window in marks.unread(leaf)})
    return marks.leaf(leaf)


@given(TEXTS, st.lists(st.integers(0, 60), max_size=30))
def test_a_text_in_pieces_is_masked_as_the_whole_is(text: str, lengths: list[int]) -> None:
    assert masked(text, lengths) == whole(text) == expected(text)


def test_at_every_cut_and_character_by_character() -> None:
    text = f"{'a' * 95} Erika Sommerfeld. {'b ' * 200}neu@post.example {'c' * 900}030 5550123"
    assert masked(text, [1] * len(text)) == expected(text)
    for cut in range(0, len(text), 3):
        assert masked(text, [cut]) == expected(text)


@given(TEXTS, st.lists(st.integers(0, 60), max_size=30))
def test_units_are_the_same_however_a_text_arrives(text: str, lengths: list[int]) -> None:
    units, found, rest = Units(), list[str](), text
    for length in lengths:
        found += units.feed(rest[:length])
        rest = rest[length:]
    found += [*units.feed(rest), *units.flush()]
    at_once = Units()
    assert found == [*at_once.feed(text), *at_once.flush()]
    assert "".join(found) == text
    assert all(len(unit) <= MOST for unit in found)


DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(10**9, 10**10) | st.just(305550123) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
    | inner.map(json.dumps),
    max_leaves=8,
)  # fmt: skip


@given(DOCUMENTS, st.booleans(), st.lists(st.integers(0, 60), max_size=30))
def test_a_document_stays_one(document: object, escaped: bool, lengths: list[int]) -> None:
    text = json.dumps(document, ensure_ascii=escaped)
    out = masked(text, lengths, json_string=True)
    assert out == whole(text, Treatment.JSON)
    json.loads(out)
    assert not set(re.findall("|".join(PEOPLE), out)) & {"Erika Sommerfeld", "neu@post.example", "030 5550123"}


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ('{"an": "neu@post.example", "von": "alt@post.example"}', '{"an": "[EMAIL]", "von": "alt@post.example"}'),
        ('{"tel": 0305550123, "n": [1, -2.5e3]}', '{"tel": "[PHONE]", "n": [1, -2.5e3]}'),
        ('{"neu@post.example": "neu\\u0040post.example"}', '{"[EMAIL]": "[EMAIL]"}'),
        ('{"doc": "{\\"tel\\": 0305550123}"}', '{"doc": "{\\"tel\\": \\"[PHONE]\\"}"}'),
        ("neu@post.example", '"[EMAIL]"'),
    ],
)
def test_marks_in_documents(text: str, out: str) -> None:
    assert whole(text, Treatment.JSON) == out


def test_only_strings_and_numbers_of_a_document_give_way() -> None:
    text = '{"a": "x\\"y", "b": true, "c": 12}'
    strings = Strings().feed(text)
    assert [text[start:end] for start, end in strings] == ["a", 'x\\"y', "b", "c"]
    assert [text[start:end] for start, end in replaceable(text, strings, 0, len(text))] == [
        "a", 'x\\"y', "b", "c", "12",
    ]


@pytest.mark.parametrize(
    ("found", "unknown"),
    [
        ("Moritz Fuchs", []), ("moritz  FUCHS", []), ("Moritz", []), ("Moritz Fuchs'", []), ("Moritz Fuchses", []),
        ("Moritz Fuchs Sommerfeld", [" Sommerfeld"]), ("Anna Fuchs", ["Anna Fuchs"]), ("Mori", ["Mori"]),
        ("alt%40post.example", []), ("halt@post.example", ["halt@post.example"]), ("030/5550111", ["030/5550111"]),
    ],
)
def test_what_the_caller_knows(found: str, unknown: list[str]) -> None:
    known = Known(["Von alt@post.example, Tel. 030 5550111."], ["Moritz Fuchs"])
    text = f"Hier {found} da"
    assert [text[start:end] for start, end in known.unknown(text, 5, 5 + len(found))] == unknown


def test_places_move_with_the_marks() -> None:
    text = "Von Erika Sommerfeld an alle. Siehe neu@post.example hier."
    marks = masking()
    marks.learn({text: people(text)})
    mover = marks.mover(text)
    out = whole(text)
    for word in ("an alle", "hier"):
        assert out[mover.moved(text.index(word), forward=False) :].startswith(word)
    inside = text.index("Sommerfeld")
    assert out[mover.moved(inside, forward=False) : mover.moved(inside, forward=True)] == "[PERSON]"
    assert masking().mover(text).length == 0  # what was not read is the caller's own
