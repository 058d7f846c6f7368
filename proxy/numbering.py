"""Which of a request's values name the same, and their tokens where a scope is new: both follow from the values alone.

A chat's next turn has the values of the last one and more; what was worked out for those is gone on from (memo.py).
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from keys.derive import keyed
from keys.secret import Secret
from proxy.memo import Growing, Memo
from proxy.vault.plan import FirstTokens
from proxy.vault.protocol import Claim
from recognizers.identity import Relation, Relations, Value

_REMEMBERED: Final = 8_000_000  # bytes of each of these
_KEY: Final = Secret(secrets.token_bytes(32))
_RELATIONS: Final = Memo(Relations, _REMEMBERED)
_FIRST_TOKENS: Final = Memo(lambda: FirstTokens(_digest), _REMEMBERED)


class Numbering:
    """The relations and first tokens of one request's values, which come little by little."""

    def __init__(self, relations: Growing[Relations], tokens: Growing[FirstTokens]) -> None:
        self._relations = relations
        self._tokens = tokens

    def relate(self, values: Sequence[Value]) -> Sequence[Relation]:
        """Relate values as ``identity.relate`` does."""
        return self._relations(values, lambda relations: relations.extend(values))

    def first_tokens(self, claims: Sequence[Claim]) -> Sequence[str]:
        """Give the tokens that these claims would get in a scope that holds nothing yet."""
        return self._tokens(claims, lambda first: first.extend(claims))


@contextmanager
def numbering() -> Iterator[Numbering]:
    """Lend what numbers one request's values, and goes on from another's that began alike."""
    with _RELATIONS.growing() as relations, _FIRST_TOKENS.growing() as tokens:
        yield Numbering(relations, tokens)


def _digest(kind: str, value: str) -> bytes:
    return keyed(_KEY, kind.encode(), value.encode("utf-8", "surrogatepass"))
