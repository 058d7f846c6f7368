"""The tokens of a request's claims: what its scope has given already, and new ones from the vault."""

from collections.abc import Sequence

from proxy.caller import Caller
from proxy.token import parse
from proxy.vault.protocol import Claim, Entry, Vault


async def tokens(vault: Vault, claims: Sequence[Claim], known: Sequence[Entry], caller: Caller) -> Sequence[str]:
    """Give each claim its token. The vault is asked for new ones, and for some it gave before, so that it confirms.

    The tokens of a tenant's whole scope it confirms one by one. Raises ``VaultUnavailable``.
    """
    if not claims:
        return ()
    had = held(claims, known, caller)
    witnesses = _witnesses(claims, had)
    new = [i for i, token in enumerate(had) if token is None]
    rest = sorted({*new, *_parents(claims, new)}.difference(witnesses))
    asked = [*witnesses, *rest]
    place: dict[int | None, int | None] = {None: None, **{i: n for n, i in enumerate(asked)}}
    batch = [Claim(claims[i].kind, claims[i].value) for i in witnesses]
    batch += [claims[i]._replace(parent=place[claims[i].parent]) for i in rest]
    given = dict(zip(asked, await vault.allocate(caller.scope, batch), strict=True))
    if any(given[i] != had[i] for i in witnesses):  # the scope was forgotten meanwhile, and numbers anew
        return await vault.allocate(caller.scope, claims)
    return [given[i] if i in given else str(token) for i, token in enumerate(had)]


def held(claims: Sequence[Claim], known: Sequence[Entry], caller: Caller) -> list[str | None]:
    """Return the token that each claim has already, as far as is known; nothing is of a tenant's whole scope."""
    tokens = {} if caller.scope.derived else {(entry.kind, entry.value): entry.token for entry in known}
    return [tokens.get((claim.kind, claim.value)) for claim in claims]


def _parents(claims: Sequence[Claim], indexes: Sequence[int]) -> set[int]:
    return {parent for i in indexes if (parent := claims[i].parent) is not None}


def _witnesses(claims: Sequence[Claim], had: Sequence[str | None]) -> list[int]:
    """Pick of each kind the claim with the highest number, better one with a part.

    Asked for first and by itself, it gets another token if the scope began anew, unless it is the only one of its kind.
    """
    last: dict[str, tuple[int, bool, int]] = {}
    for i, (claim, token) in enumerate(zip(claims, had, strict=True)):
        if token is not None:
            _, number, part = parse(token)
            last[claim.kind] = max(last.get(claim.kind, (0, False, 0)), (number, bool(part), i))
    return [i for _, _, i in last.values()]
