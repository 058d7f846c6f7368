"""Detection does not get worse unnoticed: floors a little below what was measured on the dev split.

A floor is raised when detection has become better, and lowered only together with a reason in the commit.
"""

import pytest

from benchmarks.detection import goldset
from benchmarks.detection.measure import ALL, Result, result, run
from benchmarks.detection.subjects import Deckname

CORE = 0.97  # names, addresses, e-mails and phones fully hidden, all languages
LANGUAGE = 0.92  # the same in each language
OTHER = 0.88  # every other kind together
CHANGED = 0.004  # at most: share of harmless letters and digits changed
TOUCHED = 0.09  # at most: share of harmless messages changed at all


@pytest.fixture(scope="module")
def measured() -> Result:
    return result("Deckname", "dev", run(Deckname(), goldset.load("dev")))


def test_names_addresses_emails_and_phones_are_hidden(measured: Result) -> None:
    assert (measured.core[ALL].share or 0) >= CORE


@pytest.mark.parametrize("language", goldset.LANGUAGES)
def test_in_each_language(measured: Result, language: str) -> None:
    assert (measured.core[language].share or 0) >= LANGUAGE


def test_every_other_kind_is_hidden(measured: Result) -> None:
    assert (measured.other.share or 0) >= OTHER


def test_harmless_text_is_left_alone(measured: Result) -> None:
    assert measured.damage[ALL].share <= CHANGED
    assert measured.damage[ALL].touched <= TOUCHED * measured.damage[ALL].messages
