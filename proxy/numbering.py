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
    parts = [_bytes(f"{kind} {value}") for kind, value in values]
    return _RELATIONS(parts, lambda relations: relations.extend(values))


def first_tokens(claims: Sequence[Claim]) -> Sequence[str]:
    """Give the tokens that these claims would get in a scope that holds nothing yet."""
    parts = [_bytes(f"{c.kind} {c.parent} {c.part} {c.value}") for c in claims]
    return _FIRST_TOKENS(parts, lambda first: first.extend(claims))


def _digest(kind: str, value: str) -> bytes:
    return keyed(_KEY, kind.encode(), _bytes(value))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
