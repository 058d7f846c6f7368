"""Random lives of a vault, seen by two processes at once, beside a model that is a dictionary."""

import asyncio
import secrets
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from keys.ring import State
from proxy.scope import Scope
from proxy.token import parse
from proxy.vault import Claim, Opened, open_both, search
from proxy.vault.record import fold
from tests.vault.conftest import PATIENT, Place, RingInHand

VALUES = ["Anna Beispiel", "anna beispiel", "Beispiel", "Bert Muster", "Muster", "030 123", "DE00 1", ""]
KINDS = ["PERSON", "PHONE"]
PARTS = ["", "FAMILY", "GIVEN", "ALT"]

scopes = st.integers(0, 3)
values = st.sampled_from(VALUES)


@st.composite
def batches(draw: st.DrawFn) -> list[Claim]:
    """Draw claims in which about half have a parent among the earlier ones."""
    claims: list[Claim] = []
    for position in range(draw(st.integers(1, 6))):
        parent = draw(st.none() | st.integers(0, position - 1)) if position else None
        kind = draw(st.sampled_from(KINDS)) if parent is None else claims[parent].kind
        claims.append(Claim(kind, draw(values), parent, draw(st.sampled_from(PARTS))))
    return claims


class VaultMachine(RuleBasedStateMachine):
    """Two openings of one store; whatever one does, the other one sees."""

    place: Place
    apart: bool

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.ring = RingInHand()
        dek_url = self.place.url if self.apart else ""
        limits = replace(PATIENT, dek_url=dek_url)
        self.opened: list[Any] = [open_both(self.place.url, self.ring, limits) for _ in range(2)]
        if self.place.url == "memory:":  # two processes cannot share memory; two vaults over one store can
            first: Any = self.opened[0]
            self.opened[1] = Opened(type(first.vault)(
                first.vault._store, first.vault._deks, entropy=secrets.token_bytes, clock=first.vault._clock
            ), first.custody)
        tenant = secrets.token_hex(8)
        self.scopes = [Scope(tenant, "u1", "c1"), Scope(tenant, "u1", "c2"), Scope(tenant, "u2"), Scope(tenant)]
        self.tokens: list[dict[tuple[str, str], str]] = [{} for _ in self.scopes]
        self.used: list[set[str]] = [set() for _ in self.scopes]

    @rule(who=st.integers(0, 1), where=scopes, claims=batches())
    def allocate(self, who: int, where: int, claims: list[Claim]) -> None:
        given = self.runner.run(self.opened[who].vault.allocate(self.scopes[where], claims))
        known, used = self.tokens[where], self.used[where]
        fresh: Counter[str] = Counter()
        for claim, token in zip(claims, given, strict=True):
            key = (claim.kind, claim.value)
            if key in known:
                assert token == known[key]
                continue
            assert token not in used
            kind, number, _ = parse(token)
            assert kind == claim.kind
            if claim.parent is not None:
                assert parse(given[claim.parent])[:2] == (kind, number)
            elif not self.scopes[where].derived:
                highest = max((parse(each)[1] for each in used if parse(each)[0] == kind), default=0)
                assert number == highest + 1
            known[key] = token
            used.add(token)
            fresh[token] += 1
        assert all(count == 1 for count in fresh.values())

    @rule(who=st.integers(0, 1), where=scopes)
    def read(self, who: int, where: int) -> None:
        vault, scope, expected = self.opened[who].vault, self.scopes[where], self.tokens[where]
        entries = self.runner.run(vault.known(scope))
        assert {(entry.kind, entry.value): entry.token for entry in entries} == expected
        asked = [*self.used[where], "[PERSON_999]", "[NOBODY_1]"]
        restored = self.runner.run(vault.restore(scope, asked))
        assert restored == {token: value for (_, value), token in expected.items()}

    @rule(who=st.integers(0, 1), where=scopes)
    def forget(self, who: int, where: int) -> None:
        count = self.runner.run(self.opened[who].vault.forget(self.scopes[where]))
        assert count == len(self.tokens[where])
        self.tokens[where], self.used[where] = {}, set()

    @rule(who=st.integers(0, 1), value=values)
    def forget_value(self, who: int, value: str) -> None:
        forgotten = self.runner.run(self.opened[who].custody.forget_value(self.scopes[0].tenant, value))
        gone = 0
        for known in self.tokens:
            numbers = {parse(token)[:2] for (_, each), token in known.items() if fold(each) == fold(value)}
            dead = [key for key, token in known.items() if parse(token)[:2] in numbers]
            gone += len(dead)
            for key in dead:
                del known[key]
        assert forgotten.values == gone

    @rule(who=st.integers(0, 1), value=values)
    def find(self, who: int, value: str) -> None:
        found = self.runner.run(self.opened[who].custody.find(self.scopes[0].tenant, value))
        expected = {
            scope: {token for (_, each), token in known.items() if fold(each) == fold(value)}
            for scope, known in zip(self.scopes, self.tokens, strict=True)
        }
        shown = {appearance.scope: set(appearance.tokens) for appearance in found}
        assert shown == {scope: tokens for scope, tokens in expected.items() if tokens}

    @rule()
    def rotate(self) -> None:
        self.ring.change(lambda ring: ring.rotate(secrets.token_bytes, 1))

    @precondition(lambda self: len(self.ring.ring.keys) > 1)
    @rule()
    def rewrap_and_destroy(self) -> None:
        done = self.runner.run(self.opened[0].custody.rewrap(lambda _: None))
        assert done.stuck == 0 or self.place.url != "memory:"  # other tests leave scopes of other rings in a server
        for key in self.ring.ring.keys:
            if key.state is State.ACTIVE:
                self.ring.ring = self.ring.ring.retire(key.key_id).destroy(key.key_id)

    @invariant()
    def nobody_shares_a_token(self) -> None:
        for known in getattr(self, "tokens", []):
            assert len(set(known.values())) == len(known)

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            try:
                for each in self.scopes:
                    self.runner.run(self.opened[0].vault.forget(each))
            finally:
                for each in self.opened:
                    self.runner.run(each.vault.close())
                self.runner.close()


@pytest.mark.parametrize(
    ("kind", "apart", "small"),
    [("memory", False, 1), ("memory", True, 5000), ("valkey", False, 1), ("valkey", True, 5000)],
)
def test_a_vault_is_a_dictionary_that_keeps_secrets(
    kind: str, apart: bool, small: int, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scopes larger than `small` are looked through page by page."""
    monkeypatch.setattr(search, "SMALL", small)

    class Machine(VaultMachine):
        pass

    Machine.place, Machine.apart = request.getfixturevalue(kind), apart
    run_state_machine_as_test(Machine, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))
