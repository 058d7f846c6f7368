"""What all shipped recognizers together find in texts of every genre, and what they leave alone."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from recognizers.base import TextRecognizer
from recognizers.structured import StructuredRecognizer

HERE = Path(__file__).parent
PACKAGES = ("generic", "de", "eu", "en")
RECOGNIZERS: list[TextRecognizer] = [r for p in PACKAGES for r in import_module(f"recognizers.{p}").recognizers()]
MARK = re.compile(r"⟦([A-Z_]+)\|([^⟧]*)⟧")


def lines(name: str) -> list[str]:
    written = HERE.joinpath(name).read_text("utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in written if line and not line.startswith("# ")]


def found(text: str, recognizers: list[TextRecognizer]) -> set[int]:
    """Return the offsets of all letters and digits inside findings."""
    spans = [f for r in recognizers if r.needs is None or r.needs.search(text) for f in r.find(text)]
    return {i for f in spans for i in range(f.start, f.end) if text[i].isalnum()}


def show(text: str, offsets: set[int]) -> str:
    return "".join(c if i in offsets or not c.isalnum() else "·" for i, c in enumerate(text))


@pytest.mark.parametrize("marked", lines("marked_texts.txt"))
def test_values_are_found_and_nothing_else(marked: str) -> None:
    compare(marked, RECOGNIZERS)


@pytest.mark.parametrize("marked", lines("varied_texts.txt"))
def test_values_are_found_however_they_are_written(marked: str) -> None:
    compare(marked, [*RECOGNIZERS, StructuredRecognizer()])


def compare(marked: str, recognizers: list[TextRecognizer]) -> None:
    text, wanted, kinds = "", set(), {}
    end = 0
    for mark in MARK.finditer(marked):
        text += marked[end : mark.start()]
        wanted |= {i for i in range(len(text), len(text) + len(mark[2])) if mark[2][i - len(text)].isalnum()}
        kinds[len(text), len(text) + len(mark[2])] = mark[1]
        text += mark[2]
        end = mark.end()
    text += marked[end:]
    assert show(text, found(text, recognizers)) == show(text, wanted)
    for (start, stop), kind in kinds.items():
        spans = [f for r in recognizers for f in r.find(text) if f.start < stop and start < f.end]
        assert kind in {f.kind for f in spans}


@pytest.mark.parametrize("text", lines("harmless_texts.txt"))
def test_harmless_texts_stay(text: str) -> None:
    assert show(text, found(text, RECOGNIZERS)) == show(text, set())
