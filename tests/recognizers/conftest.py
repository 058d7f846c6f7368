"""What the tests of all recognizers share."""

from collections.abc import Callable

import pytest

from recognizers.base import TextRecognizer


@pytest.fixture
def found() -> Callable[[TextRecognizer, str], list[str]]:
    """Return a function that gives the distinct values a recognizer finds, behind its necessary condition."""

    def values(recognizer: TextRecognizer, text: str) -> list[str]:
        if recognizer.needs is not None and not recognizer.needs.search(text):
            return []
        return list(dict.fromkeys(text[f.start : f.end] for f in recognizer.find(text)))

    return values
