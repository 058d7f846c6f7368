"""Which token each claim gets, from a picture of what the scope has issued. Pure.

The same claims on the same picture always give the same tokens, so two requests that race agree once the later one
has seen the earlier one's tokens.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from proxy.token import mint, parse
from proxy.vault.protocol import Claim

Digest = Callable[[str, str], bytes]  # kind, value → keyed digest
Derive = Callable[[str, str, int], int]  # kind, value, attempt → number

ALT: Final = "ALT"
_CLAIM_BYTES: Final = 500  # that what is kept of a claim takes in CPython


@dataclass(slots=True)  # not frozen, as a request may have thousands, and freezing triples what making one costs
class Planned:
    """The token of one claim. `fresh` tells that the picture did not have it yet."""

    token: str
    kind: str
    number: int
    digest: bytes
    fresh: bool


class Picture:
    """What a scope has issued: digest → token, and the tokens that are taken, graves included."""

    __slots__ = ("_highest", "index", "taken")

    def __init__(self, index: Mapping[bytes, str] | None = None, taken: Iterable[str] = ()) -> None:
        self.index: dict[bytes, str] = {}
        self.taken: set[str] = set()
        self._highest: dict[str, int] = {}
        self.merge(index or {}, taken)

    def merge(self, index: Mapping[bytes, str], taken: Iterable[str]) -> None:
        """Add what was learnt of the scope."""
        self.index.update(index)
        for token in taken:
            kind, number, _ = parse(token)
            self.take(token, kind, number)

    def take(self, token: str, kind: str, number: int) -> None:
        """Note that a token is issued."""
        self.taken.add(token)
        if number > self._highest.get(kind, 0):
            self._highest[kind] = number

    def highest(self, kind: str) -> int:
        """Give the highest number ever issued for a kind, or 0."""
        return self._highest.get(kind, 0)


class _Sketch(Picture):
    """A picture with additions, over one that stays as it is."""

    __slots__ = ("_below",)

    def __init__(self, below: Picture) -> None:
        super().__init__()
        self._below = below
        self._highest = dict(below._highest)

    def token(self, digest: bytes) -> str | None:
        return self.index.get(digest) or self._below.index.get(digest)

    def adds(self, digest: bytes) -> bool:
        return digest not in self._below.index

    def is_taken(self, token: str) -> bool:
        return token in self.taken or token in self._below.taken

    def next_number(self, kind: str) -> int:
        return self.highest(kind) + 1


def plan(claims: Sequence[Claim], picture: Picture, digest: Digest, derive: Derive | None = None) -> list[Planned]:
    """Give each claim its token: the one its value has, its parent's with a part, or one of a new number.

    New numbers count on from the picture, or come from `derive` where given. Raises ValueError for a parent that is
    not an earlier claim and for a kind or part no token can be written of.
    """
    planned: list[Planned] = []
    _go_on(planned, claims, _Sketch(picture), digest, derive)
    return planned


class FirstTokens:
    """The tokens that claims get in a scope that holds nothing yet. No value is kept, but its digest."""

    __slots__ = ("_digest", "_planned", "_sketch")

    def __init__(self, digest: Digest) -> None:
        self._digest = digest
        self._planned: list[Planned] = []
        self._sketch = _Sketch(Picture())

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return _CLAIM_BYTES * len(self._planned)

    def extend(self, claims: Sequence[Claim]) -> list[str]:
        """Give the tokens of ``claims``, the first of which are those that were given theirs before."""
        _go_on(self._planned, claims, self._sketch, self._digest)
        return [each.token for each in self._planned]


def _go_on(
    planned: list[Planned], claims: Sequence[Claim], sketch: _Sketch, digest: Digest, derive: Derive | None = None
) -> None:
    """Plan the claims that follow those planned."""
    for position in range(len(planned), len(claims)):
        claim = claims[position]
        parent = _parent(planned, claim, position)
        found = digest(parent.kind if parent else claim.kind, claim.value)
        if known := sketch.token(found):
            kind, number, _ = parse(known)
            planned.append(Planned(known, kind, number, found, sketch.adds(found)))
            continue
        token, kind, number = _related(sketch, parent, claim) if parent else _unrelated(sketch, claim, derive)
        sketch.index[found] = token
        sketch.take(token, kind, number)
        planned.append(Planned(token, kind, number, found, fresh=True))


def _parent(planned: Sequence[Planned], claim: Claim, position: int) -> Planned | None:
    if claim.parent is None:
        return None
    if not 0 <= claim.parent < position:
        raise ValueError("a claim's parent is an earlier claim of its batch")
    return planned[claim.parent]


def _related(sketch: _Sketch, parent: Planned, claim: Claim) -> tuple[str, str, int]:
    token = mint(parent.kind, parent.number, claim.part)
    alternative = 1
    while sketch.is_taken(token):
        token = mint(parent.kind, parent.number, ALT if alternative == 1 else f"{ALT}{alternative}")
        alternative += 1
    return token, parent.kind, parent.number


def _unrelated(sketch: _Sketch, claim: Claim, derive: Derive | None) -> tuple[str, str, int]:
    if derive is None:
        number = sketch.next_number(claim.kind)
        return mint(claim.kind, number, claim.part), claim.kind, number
    attempt = 0
    while True:
        number = derive(claim.kind, claim.value, attempt)
        token = mint(claim.kind, number, claim.part)
        if not sketch.is_taken(token):
            return token, claim.kind, number
        attempt += 1
