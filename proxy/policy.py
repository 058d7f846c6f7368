"""What is done with each kind of personal data, as pure decisions with a reason.

A kind without a rule of its own gets the default action, which pseudonymises: a new recognizer is never let through
because nobody wrote a rule for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from recognizers.finding import LITERAL, Finding


class Action(StrEnum):
    """What happens to a finding."""

    PSEUDONYMISE = "pseudonymise"  # a token, restored in the reply
    MASK = "mask"  # every character replaced by an asterisk, for good
    REDACT = "redact"  # taken out, for good
    HASH = "hash"  # a keyed SHA-256, for good
    OPERATOR = "operator"  # an organisation's own Presidio operator, for good
    BLOCK = "block"  # the whole request is refused
    ALLOW = "allow"  # left as it is


@dataclass(frozen=True, slots=True)
class Decision:
    """An action, why it was chosen, and for ``OPERATOR`` the dotted path of the operator's class."""

    action: Action
    reason: str
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Actions by kind. ``thresholds`` are scores in 0..1 below which a finding of that kind is left alone."""

    actions: Mapping[str, str] = field(default_factory=dict)
    default: str = "pseudonymise"
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _ = self.decisions  # raises ValueError at construction

    @property
    def decisions(self) -> list[Decision]:
        """Every decision that may be taken, without its reason."""
        return [_decision(action, "") for action in (*self.actions.values(), self.default)]

    def decide(self, finding: Finding) -> Decision:
        """Decide on one finding. Text typed in the form of a token is always pseudonymised, or it could be forged."""
        if finding.kind == LITERAL:
            return _decision("pseudonymise", "text in the form of a token")
        if finding.score < self.thresholds.get(finding.kind, 0.0):
            return _decision("allow", f"score below the threshold of {finding.kind}")
        action = self.actions.get(finding.kind)
        if action is None:
            return _decision(self.default, "default action")
        return _decision(action, f"action of {finding.kind}")


@cache  # there are few: one for each kind and action
def _decision(action: str, reason: str) -> Decision:
    if "." in action:
        return Decision(Action.OPERATOR, reason, operator=action)
    return Decision(Action(action), reason)
