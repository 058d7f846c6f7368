"""Messages of seven languages as the whole detector sees them: names and addresses go, goods, firms and roles stay.

``messages/`` holds them in the markup of the gold set; everybody and everything in them is invented.
"""

from pathlib import Path

import pytest

from benchmarks.detection import goldset
from benchmarks.detection.measure import ALL, Result, result, run
from benchmarks.detection.subjects import Deckname
from recognizers.finding import ADDRESS, PERSON

FOLDER = Path(__file__).parent / "messages"
MESSAGES = [m for path in sorted(FOLDER.glob("*.txt")) for m in goldset.parse(path.read_text("utf-8"), path.stem)]
HIDDEN = {PERSON: 0.96, ADDRESS: 0.94}
CHANGED = 0.012  # at most: share of harmless letters and digits changed
TOUCHED = 0.12  # at most: share of harmless messages changed at all


@pytest.fixture(scope="module")
def measured() -> Result:
    return result("Deckname", "dev", run(Deckname(), MESSAGES))


@pytest.mark.parametrize("kind", HIDDEN)
def test_names_and_addresses_are_hidden(measured: Result, kind: str) -> None:
    assert (measured.kinds[kind].share or 0) >= HIDDEN[kind]


def test_goods_firms_and_roles_are_left_alone(measured: Result) -> None:
    assert measured.damage[ALL].share <= CHANGED
    assert measured.damage[ALL].touched <= TOUCHED * measured.damage[ALL].messages
