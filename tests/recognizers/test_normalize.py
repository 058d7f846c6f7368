import base64
import html
import itertools
import quopri
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.embedded import pieces
from recognizers.normalize import normalize

ESCAPES = st.sampled_from(
    [
        "&uuml;",
        "&#252;",
        "&#xFC;",
        "\\u00fc",
        "\\n",
        '\\"',
        "%C3%BC",
        "%40",
        "=C3=BC",
        "=\n",
        "ü",
        "\u200b",
        "\xad",
        "Ｍ",
        "ﬁ",
        "а",
        "\xa0",
        "\\",
        "&",
        "%",
        "=",
        "\\u",
        "&;",
        "%C3",
        "\\ud83d\\ude00",
        "𝐌",
        "ẹ́",
    ]
)
MESSY = st.lists(st.text(max_size=5) | ESCAPES, max_size=12).map("".join)


@given(MESSY)
def test_spans_cover_their_characters_and_only_move_forward(text: str) -> None:
    shadow = normalize(text)
    spans = [shadow.span(i, i + 1) for i in range(len(shadow.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a <= c and b <= d for (a, b), (c, d) in itertools.pairwise(spans))


@given(MESSY)
def test_a_span_of_several_characters_covers_each(text: str) -> None:
    shadow = normalize(text)
    for start in range(len(shadow.text)):
        for end in range(start + 1, min(len(shadow.text), start + 4) + 1):
            low, high = shadow.span(start, end)
            inner = [shadow.span(i, i + 1) for i in range(start, end)]
            assert (low, high) == (min(a for a, _ in inner), max(b for _, b in inner))


@given(MESSY)
def test_different_units_do_not_overlap(text: str) -> None:
    shadow = normalize(text)
    units = sorted({shadow.span(i, i + 1) for i in range(len(shadow.text))})
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(units))


@given(MESSY, st.integers(0, 40), st.integers(1, 10))
def test_widening_a_span_splits_no_unit(text: str, start: int, length: int) -> None:
    shadow = normalize(text)
    end = min(len(text), start + length)
    if start >= end:
        return
    low, high = shadow.whole_units(start, end)
    assert low <= start
    assert high >= end
    for unit in (shadow.span(i, i + 1) for i in range(len(shadow.text))):
        assert high <= unit[0] or unit[1] <= low or (low <= unit[0] and unit[1] <= high)


@given(MESSY)
def test_the_shadow_has_nothing_invisible_and_is_composed(text: str) -> None:
    shadow = normalize(text).text
    if shadow == text:
        return
    assert not set(shadow) & set("\u200b\u00ad\ufeff")
    assert "u\u0308" not in shadow


@given(
    st.text(alphabet=st.characters(codec="latin-1", exclude_categories=["C"], exclude_characters="&\\%=\u00a0\u00ad"))
)
def test_plain_text_is_its_own_shadow(text: str) -> None:
    shadow = normalize(text)
    assert shadow.text is text
    assert shadow.starts is None


WORD = st.text(alphabet="abcXYZäöüßéñłż@.+", min_size=1, max_size=12)


@given(WORD, WORD)
def test_every_encoding_reads_as_what_it_encodes(before: str, value: str) -> None:
    for written in (
        quote(value, safe=""),
        html.escape(value).replace("ü", "&uuml;"),
        "".join(f"&#{ord(char)};" for char in value),
        "".join(f"\\u{ord(char):04x}" for char in value),
        unicodedata.normalize("NFD", value),
        "\u200b".join(value),
    ):
        assert normalize(f"{before} {written}").text.endswith(value)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("M&uuml;ller", "Müller"),
        ("&amp;uuml;", "ü"),
        ("max%2540x.de", "max@x.de"),
        (r"J\\u00f6rg", "Jörg"),
        (r"\[PERSON\_1\]", "[PERSON_1]"),
        (r"Zeile\nMax", "Zeile\nMax"),
        (r"C:\Users\nadia\temp", r"C:\Users\nadia\temp"),
        ("name=Max+M%C3%BCller&ort=Bonn", "name=Max Müller&ort=Bonn"),
        ("1 + 1 & x", "1 + 1 & x"),
        ("mаx@x.de", "max@x.de"),
        ("Иван", "Иван"),
        ("Ｍａｘ　Ｍüller", "Max Müller"),
        ("030\u2011123", "030-123"),
        ("=?iso-8859-1?Q?Kr=FCger=2C_Anne?= <a@x>", "Krüger, Anne <a@x>"),
        ("=?utf-8?B?TWF4IE3DvGxsZXI=?= <a@x>", "Max Müller <a@x>"),
        ("50% von &co; a=b", "50% von &co; a=b"),
    ],
)
def test_reads(written: str, read: str) -> None:
    assert normalize(written).text == read


def test_quoted_printable_of_a_mail_body() -> None:
    body = "Sehr geehrte Frau Müller, " + "ä" * 40
    written = quopri.encodestring(body.encode()).decode()
    assert normalize(written).text == body


@given(st.text(alphabet="abcdefgh ijklmnÄÖüß.,@0123456789", min_size=16, max_size=200))
def test_encoded_text_is_found(value: str) -> None:
    value = "Name " + value
    for run in (
        base64.b64encode(value.encode()).decode(),
        base64.urlsafe_b64encode(value.encode()).decode(),
        value.encode().hex(),
    ):
        (piece,) = pieces(f"data: {run} .")
        assert piece.text == value
        assert f"data: {run} ."[piece.start : piece.end] == run


@pytest.mark.parametrize(
    "text",
    [
        "Donaudampfschifffahrtsgesellschaft",
        "src/recognizers/normalize",
        "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ],
)
def test_what_is_no_encoded_text_is_left(text: str) -> None:
    assert not list(pieces(text))


def test_lines_of_encoded_text_are_one_piece() -> None:
    run = base64.encodebytes(b"Hallo Max, " * 20).decode().strip()
    (piece,) = pieces(run)
    assert piece.text == "Hallo Max, " * 20
