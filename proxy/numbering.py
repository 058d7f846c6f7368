"""Which of a request's values name the same, and their tokens where a scope is new: both follow from the values alone.

A chat's next turn has the values of the last one and more; what was worked out for those is gone on from (memo.py).
"""

import secrets
from collections.abc import Sequence
from typing import Final

from keys.derive import keyed
from keys.secret import Secret
from proxy.memo import Memo
from proxy.vault.plan import FirstTokens
from proxy.vault.protocol import Claim
from recognizers.identity import Relation, Relations

_REMEMBERED: Final = 8_000_000  # bytes of each of these
_KEY: Final = Secret(secrets.token_bytes(32))
_RELATIONS: Final = Memo(Relations, _REMEMBERED)
_FIRST_TOKENS: Final = Memo(lambda: FirstTokens(_digest), _REMEMBERED)


def related(values: Sequence[tuple[str, str]]) -> Sequence[Relation]:
    """Relate values as ``identity.relate`` does."""
    return _RELATIONS(values, lambda relations: relations.extend(values))


def first_tokens(claims: Sequence[Claim]) -> Sequence[str]:
    """Give the tokens that these claims would get in a scope that holds nothing yet."""
    items = [(c.kind, c.value, c.parent, c.part) for c in claims]
    return _FIRST_TOKENS(items, lambda first: first.extend(claims))


def _digest(kind: str, value: str) -> bytes:
    return keyed(_KEY, kind.encode(), value.encode("utf-8", "surrogatepass"))
