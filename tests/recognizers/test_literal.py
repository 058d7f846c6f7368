import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.literal import KNOWN_KINDS, LiteralRecognizer
from recognizers.normalize import normalize

RECOGNIZER = LiteralRecognizer(["STAFF_ID"])
PARTS = st.sampled_from(["", "_FULL", "_GIVEN", "_FAMILY2", "_ALT", "_ALT12"])
TOKENS = st.builds("{}_{}{}".format, st.sampled_from([*KNOWN_KINDS, "STAFF_ID"]), st.integers(1, 10**9 - 1), PARTS)


def found(text: str) -> list[str]:
    shadow = normalize(text)
    assert RECOGNIZER.needs is not None
    assert RECOGNIZER.needs.search(shadow.text) or not list(RECOGNIZER.find(shadow.text))
    return [text[slice(*shadow.span(f.start, f.end))] for f in RECOGNIZER.find(shadow.text)]


@given(TOKENS)
def test_every_disguise_of_a_token_is_found(token: str) -> None:
    for written in (
        f"[{token}]",
        token,
        f"[{token.lower()}]",
        f"[{token.replace('_', ' ')}]",
        f"［{token}］",
        f"&#91;{token}&#93;",
        f"%5B{token}%5D",
        f"\\u005b{token}\\u005d",
        "\\[" + token.replace("_", "\\_") + "\\]",
        f"[{token[:2]}\u200b{token[2:]}]",
        f"[[{token}]]",
        f"[**{token}**]",
        f"[{token.replace('_', '_' + chr(10) + '> ')}]",
        f"[{token.replace('_', '-')}]",
    ):
        assert found(f"x {written}, y") == [written]


def test_the_ending_of_a_genitive_stays_outside() -> None:
    assert found("[PERSON_1]s und PERSON_2s") == ["[PERSON_1]", "PERSON_2"]


@pytest.mark.parametrize(
    "text",
    [
        "MAX_2",
        "[TODO_1]",
        "person_1 = 3",
        "[1]",
        "[IP 10.0.0.1]",
        "PERSON_0",
        "PERSON",
        "[PERSON]",
        "MY_PERSON_1",
        "ADDRESS_LINE_1",
    ],
)
def test_what_is_nobodys_token_is_left(text: str) -> None:
    assert found(text) == []
