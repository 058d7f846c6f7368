"""Irreversible replacements, made by presidio-anonymizer's operators or an organisation's own.

An operator is asked once per value; what it raises is never passed on, because it may quote the value. Presidio brings
its analyzer and spaCy with it, so it is loaded only where a policy replaces something for good.
"""

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from proxy.policy import Action, Decision, Policy

if TYPE_CHECKING:
    from presidio_anonymizer.operators import Operator


class OperatorError(Exception):
    """An operator failed or does not exist. Holds no value."""


class Operators:
    """The replacements of one policy. ``salt`` (at least 16 bytes, secret) keys the hash."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._own: dict[str, Operator] = {}

    def load(self, policy: Policy) -> None:
        """Load what the policy's replacements need, so that no request waits for it. Raises ``OperatorError``."""
        for decision in policy.decisions:
            if decision.action is Action.OPERATOR:
                self.own(decision.operator)
            elif decision.action in {Action.REDACT, Action.HASH, Action.MASK}:
                _presidio()

    def replace(self, decision: Decision, value: str, kind: str) -> str:
        """Return what stands in the place of ``value`` for good."""
        try:
            return self._replace(decision, value, kind)
        except OperatorError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a value
            raise OperatorError(f"The operator for {kind} failed with {type(error).__name__}.") from None

    def _replace(self, decision: Decision, value: str, kind: str) -> str:
        match decision.action:
            case Action.REDACT:
                return str(_presidio().Redact().operate(value, {}))
            case Action.HASH:
                return str(_presidio().Hash().operate(value, {"salt": self._salt}))
            case Action.MASK:
                # A word at a time, so that the shape of the text stays; digits and letters alike are gone.
                params = {"masking_char": "*", "chars_to_mask": len(value), "from_end": False}
                return re.sub(r"\S+", lambda m: str(_presidio().Mask().operate(m[0], params)), value)
            case Action.OPERATOR:
                return str(self.own(decision.operator).operate(value, {"entity_type": kind}))
            case _:
                raise OperatorError(f"{decision.action.value} is not a replacement.")

    def own(self, path: str) -> "Operator":
        """Return an organisation's operator by dotted path; raises ``OperatorError`` if it is none."""
        if path not in self._own:
            module, _, name = path.rpartition(".")
            try:
                operator = getattr(import_module(module), name)()
            except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a value
                raise OperatorError(f"The operator {path} can't be loaded: {type(error).__name__}.") from None
            kinds = _presidio()
            if not isinstance(operator, kinds.Operator) or operator.operator_type() is not kinds.OperatorType.Anonymize:
                raise OperatorError(f"{path} is not a Presidio operator that anonymises.")
            self._own[path] = operator
        return self._own[path]


@cache
def _presidio() -> Any:
    return import_module("presidio_anonymizer.operators")
