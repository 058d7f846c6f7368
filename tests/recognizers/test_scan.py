import re
from collections.abc import Iterator
from typing import ClassVar

import pytest

from recognizers.base import TextRecognizer
from recognizers.embedded import pieces
from recognizers.errors import DetectionError
from recognizers.finding import PERSON, Finding
from recognizers.literal import LiteralRecognizer
from recognizers.normalize import normalize
from recognizers.propagate import Known, propagate
from recognizers.resolve import resolve
from recognizers.salutation import SalutationRecognizer
from recognizers.scan import scan
from recognizers.structured import StructuredRecognizer


class Digits(TextRecognizer):
    kinds: ClassVar[tuple[str, ...]] = ("NUMBER",)
    needs: ClassVar[re.Pattern[str] | None] = re.compile(r"\d")

    def find(self, text: str) -> Iterator[Finding]:
        assert self.needs is not None
        for match in self.needs.finditer(text):
            yield Finding(match.start(), match.end(), "NUMBER", 0.7, self.name)


class Broken(Digits):
    def find(self, text: str) -> Iterator[Finding]:
        yield Finding(0, 1, PERSON, 0.7, self.name)
        raise ValueError(f"cannot read {text}")


def test_findings_of_all() -> None:
    assert [f.start for f in scan("a1b2", [Digits(), Digits("again")])] == [1, 3, 1, 3]


def test_a_recognizer_whose_condition_fails_does_not_run() -> None:
    assert scan("no figures", [Broken()]) == []


def test_a_failure_fails_the_text_and_quotes_nothing() -> None:
    with pytest.raises(DetectionError) as caught:
        scan("Max 1", [Digits(), Broken()])
    assert str(caught.value) == "Broken failed with ValueError"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


HOSTILE = (
    "a",
    "A-",
    "A.",
    "A, ",
    "1 ",
    "\n",
    "> ",
    "Hallo ",
    "Herr ",
    "Nadia: ",
    "name:",
    "name;",
    "| ",
    "<a>",
    "[",
    "[PERSON_",
    "\\",
    "&",
    "%41",
    "=?utf-8?Q?a",
    "aGVsbG8g",
    "von ",
    "a=+&",
    "insert into t (name) values ",
    "C:\\",
    "Max Müller ",
    "̈",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_take_no_more_than_linear_time(piece: str) -> None:
    """What is quadratic in 60,000 characters runs into the suite's time limit."""
    text = piece * (60_000 // len(piece))
    shadow = normalize(text)
    assert all(0 <= piece.start < piece.end <= len(shadow.text) for piece in pieces(shadow.text))
    found = resolve(
        shadow.text, scan(shadow.text, [StructuredRecognizer(), SalutationRecognizer(), LiteralRecognizer()])
    )
    known = [Known(PERSON, "Max Müller"), Known("CUSTOM", "aaaa"), Known(PERSON, "Hallo Herr")]
    (complete,) = propagate([shadow.text], [found], known)
    assert {i for f in found for i in range(f.start, f.end)} <= {i for f in complete for i in range(f.start, f.end)}
