import re
from collections.abc import Iterator
from typing import ClassVar

import pytest

from recognizers.base import TextRecognizer
from recognizers.errors import DetectionError
from recognizers.finding import PERSON, Finding
from recognizers.scan import scan


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
