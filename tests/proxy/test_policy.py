import pytest
from presidio_anonymizer.operators import Operator, OperatorType

from proxy.operators import OperatorError, Operators
from proxy.policy import Action, Decision, Policy
from recognizers.finding import EMAIL, LITERAL, PERSON, Finding

SALT = b"0123456789abcdef"


def finding(kind: str, score: float = 1.0) -> Finding:
    return Finding(0, 1, kind, score, "test")


class Initials(Operator):  # type: ignore[misc,unused-ignore]
    """An organisation's own operator."""

    def operate(self, text: str = "", params: dict[str, str] | None = None) -> str:
        return ".".join(word[0] for word in text.split()) + "." + (params or {})["entity_type"]

    def validate(self, params: dict[str, str] | None = None) -> None:
        return

    def operator_name(self) -> str:
        return "initials"

    def operator_type(self) -> OperatorType:
        return OperatorType.Anonymize


class Quoting(Initials):
    def operate(self, text: str = "", params: dict[str, str] | None = None) -> str:
        raise ValueError(f"cannot {text}")


def test_a_kind_without_a_rule_is_pseudonymised() -> None:
    assert Policy({PERSON: "mask"}).decide(finding("NEW_KIND")).action is Action.PSEUDONYMISE


def test_text_in_the_form_of_a_token_is_pseudonymised_whatever_the_policy_says() -> None:
    policy = Policy({LITERAL: "allow"}, default="allow", thresholds={LITERAL: 1.0})
    assert policy.decide(finding(LITERAL, 0.1)).action is Action.PSEUDONYMISE


def test_a_score_below_the_threshold_is_left_alone() -> None:
    policy = Policy(thresholds={EMAIL: 0.5})
    assert policy.decide(finding(EMAIL, 0.4)).action is Action.ALLOW
    assert policy.decide(finding(EMAIL, 0.5)).action is Action.PSEUDONYMISE


def test_an_unknown_action_is_refused_at_construction() -> None:
    with pytest.raises(ValueError, match="shred"):
        Policy({EMAIL: "shred"})


@pytest.mark.parametrize(
    ("action", "written"),
    [("mask", "*** ******"), ("redact", ""), (f"{__name__}.Initials", "M.M.PERSON")],
)
def test_replacements_for_good(action: str, written: str) -> None:
    decision = Policy({PERSON: action}).decide(finding(PERSON))
    operators = Operators(SALT)
    if decision.operator:
        operators._own[decision.operator] = Initials()
    assert operators.replace(decision, "Max Muster", PERSON) == written


def test_a_hash_depends_on_the_salt() -> None:
    decision = Decision(Action.HASH, "")
    first = Operators(SALT).replace(decision, "Max Muster", PERSON)
    assert first == Operators(SALT).replace(decision, "Max Muster", PERSON)
    assert first != Operators(SALT[::-1]).replace(decision, "Max Muster", PERSON)
    assert "Max" not in first


def test_an_operator_that_quotes_the_value_in_its_error_does_not_leak_it() -> None:
    operators = Operators(SALT)
    operators._own["a.b"] = Quoting()
    with pytest.raises(OperatorError) as caught:
        operators.replace(Decision(Action.OPERATOR, "", "a.b"), "Max Muster", PERSON)
    assert "Muster" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("path", ["no.such.module", "json.nothing", "json.JSONDecoder"])
def test_what_is_no_operator_is_refused(path: str) -> None:
    with pytest.raises(OperatorError):
        Operators(SALT).own(path)


def test_what_replaces_is_loaded_before_anything_is_asked_of_it() -> None:
    operators = Operators(SALT)
    operators.load(Policy({PERSON: f"{__name__}.Initials", EMAIL: "mask"}))
    assert operators._own.keys() == {f"{__name__}.Initials"}
    with pytest.raises(OperatorError):
        operators.load(Policy(default="no.such.Operator"))
