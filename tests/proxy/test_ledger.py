import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.errors import Blocked
from proxy.ledger import Ledger, surface
from proxy.policy import Decision, Policy
from proxy.restore import Issued, Lexicon, restore
from proxy.token import mint
from proxy.walk import Leaf, Treatment
from recognizers.finding import CARD, EMAIL, PERSON, PHONE, Finding


def leaf(text: str, treatment: Treatment = Treatment.TEXT) -> Leaf:
    return Leaf(("messages",), text, treatment)


def found(text: str, value: str, kind: str, score: float = 1.0) -> Finding:
    start = text.index(value)
    return Finding(start, start + len(value), kind, score, "test")


def asterisks(decision: Decision, value: str, kind: str) -> str:
    return f"<{decision.action.value} {kind} {len(value)}>"


def ledger_of(leaves: list[Leaf], findings: list[list[Finding]], policy: Policy | None = None) -> Ledger:
    ledger = Ledger(policy or Policy())
    ledger.enter(leaves, dict(enumerate(findings)))
    return ledger


def tokens(ledger: Ledger) -> list[str]:
    """Mint as a vault would for a fresh scope."""
    numbers: dict[str, int] = {}
    out = []
    for claim in ledger.claims:
        if claim.parent is None:
            numbers[claim.kind] = numbers.get(claim.kind, 0) + 1
        out.append(mint(claim.kind, numbers[claim.kind], claim.part))
    return out


def texts(ledger: Ledger) -> list[str]:
    return list(ledger.write(tokens(ledger), asterisks).values())


def test_values_are_claimed_once_in_the_order_of_first_appearance() -> None:
    one, other = "b@x.example, a@x.example", "a@x.example"
    ledger = ledger_of(
        [leaf(one), leaf(other)],
        [[found(one, "b@x.example", EMAIL), found(one, "a@x.example", EMAIL)], [found(other, "a@x.example", EMAIL)]],
    )
    assert [claim.value for claim in ledger.claims] == ["b@x.example", "a@x.example"]
    assert texts(ledger) == ["[EMAIL_1], [EMAIL_2]", "[EMAIL_2]"]


def test_actions() -> None:
    text = "a@x.example 4111 Max 030"
    findings = [found(text, "a@x.example", EMAIL), found(text, "4111", CARD), found(text, "Max", PERSON),
                found(text, "030", PHONE, 0.1)]
    ledger = ledger_of([leaf(text)], [findings], Policy({CARD: "mask", PERSON: "allow"}, thresholds={PHONE: 0.5}))
    assert texts(ledger) == ["[EMAIL_1] <mask CARD 4> Max 030"]
    assert len(ledger.issued) == 1


def test_a_blocked_kind_is_named() -> None:
    text = "4111"
    with pytest.raises(Blocked, match="CARD") as caught:
        ledger_of([leaf(text)], [[found(text, "4111", CARD)]], Policy({CARD: "block"})).check()
    assert "4111" not in str(caught.value)


def test_a_name_gets_the_bare_form() -> None:
    ledger = ledger_of([leaf("Max_M", Treatment.NAME)], [[Finding(0, 5, PERSON, 1.0, "test")]])
    assert texts(ledger) == ["PERSON_1"]


@given(st.text(min_size=1, max_size=12), st.booleans())
def test_a_value_in_a_json_document_stays_json_and_comes_back(value: str, ascii_only: bool) -> None:
    document = json.dumps({"a": value, "n": 1}, ensure_ascii=ascii_only)
    written = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
    start = len('{"a": "')
    finding = Finding(start, start + len(written), PERSON, 1.0, "test")
    ledger = ledger_of([leaf(document, Treatment.JSON)], [[finding]])
    assert [claim.value for claim in ledger.claims] == [value]
    [out] = texts(ledger)
    assert json.loads(out) == {"a": "[PERSON_1]", "n": 1}
    back = restore(Lexicon(ledger.issued), out, json_string=True)
    assert json.loads(back) == {"a": value, "n": 1}


def test_a_number_in_a_json_document_is_quoted() -> None:
    document = '{"phone": 4930901820, "text": "4930901820"}'
    findings = [found(document, "4930901820", PHONE),
                Finding(document.rindex("4930901820"), len(document) - 2, PHONE, 1.0, "test")]
    ledger = ledger_of([leaf(document, Treatment.JSON)], [findings])
    [out] = texts(ledger)
    assert json.loads(out) == {"phone": "[PHONE_1]", "text": "[PHONE_1]"}


def test_what_is_not_json_is_taken_as_it_stands() -> None:
    text = r"C:\users\max"
    assert surface(leaf(text, Treatment.JSON), Finding(3, 12, PERSON, 1.0, "test")) == r"users\max"


def test_nothing_shows_a_value() -> None:
    ledger = ledger_of([leaf("geheim")], [[Finding(0, 6, PERSON, 1.0, "test")]])
    ledger.write(["[PERSON_1]"], asterisks)
    assert "geheim" not in repr(ledger.slots()) + repr(ledger.claims) + repr(ledger.issued)


KINDS = {"a": PERSON, "b": EMAIL, "c": CARD}


def findings_of(signs: str) -> list[Finding]:
    return [Finding(at, at + 1, KINDS[sign], 1.0, "test") for at, sign in enumerate(signs) if sign in KINDS]


@given(st.lists(st.text("abcx", max_size=4), max_size=6), st.data())
def test_a_ledger_that_is_written_early_says_what_one_made_at_once_would(signs: list[str], data: st.DataObject) -> None:
    policy = Policy({CARD: "mask"})
    leaves, findings = list(map(leaf, signs)), list(map(findings_of, signs))
    early = data.draw(st.integers(0, len(leaves)))
    less = [[f for f in each if data.draw(st.booleans())] for each in findings[:early]]  # more is found in them later
    grown, whole = Ledger(policy), ledger_of(leaves, findings, policy)
    written = dict[int, str]()
    grown.enter(leaves[:early], dict(enumerate(less)))
    if data.draw(st.booleans()):
        written |= grown.write(tokens(grown), asterisks)
    grown.enter(leaves, dict(enumerate(findings)))
    assert grown.claims == whole.claims
    assert grown.slots() == whole.slots()
    written |= grown.write(tokens(grown), asterisks)
    assert [written[at] for at in range(len(leaves))] == texts(whole)
    assert grown.issued == whole.issued


def test_what_was_written_early_is_not_written_again_unless_it_got_another_token() -> None:
    leaves, findings = [leaf("a"), leaf("ab")], [findings_of("a"), findings_of("ab")]
    masked: list[str] = []

    def replace(decision: Decision, value: str, kind: str) -> str:
        masked.append(value)
        return "*"

    ledger = Ledger(Policy({PERSON: "mask"}))
    ledger.enter(leaves, dict(enumerate(findings)))
    assert ledger.write(["[EMAIL_1]"], replace) == {0: "*", 1: "*[EMAIL_1]"}
    assert ledger.write(["[EMAIL_1]"], replace) == {}
    assert masked == ["a", "a"]
    assert ledger.write(["[EMAIL_2]"], replace) == {0: "*", 1: "*[EMAIL_2]"}
    assert ledger.issued == [Issued("[EMAIL_2]", "b")]


def test_a_writing_that_fails_leaves_nothing_out_of_the_next() -> None:
    leaves, findings = [leaf("b"), leaf("a")], [findings_of("b"), findings_of("a")]

    def fail(decision: Decision, value: str, kind: str) -> str:
        raise ValueError

    ledger = ledger_of(leaves, findings, Policy({PERSON: "mask"}))
    with pytest.raises(ValueError, match=r"^$"):
        ledger.write(["[EMAIL_1]"], fail)
    assert texts(ledger) == ["[EMAIL_1]", "<mask PERSON 1>"]
    assert ledger.issued == [Issued("[EMAIL_1]", "b")]


def test_no_leaf_is_left_out() -> None:
    findings: list[dict[int, list[Finding]]] = [{0: []}, {1: []}, {}]
    for found in findings:
        with pytest.raises(ValueError, match="every leaf"):
            Ledger(Policy()).enter([leaf("a"), leaf("b")], found)
