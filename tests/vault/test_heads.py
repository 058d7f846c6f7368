"""What a process remembers of scopes is bounded, and goes when the keys change."""

import pytest

from keys.secret import Secret
from proxy.scope import Scope
from proxy.vault import heads
from proxy.vault.heads import Head, Heads
from proxy.vault.plan import Picture
from proxy.vault.record import ScopeKeys

KEYS = ScopeKeys.of(Scope("t"), bytes(16), Secret(bytes(32)))


def head(tokens: int = 1) -> Head:
    return Head(bytes(16), KEYS, 1, Picture({}, [f"[PERSON_{n + 1}]" for n in range(tokens)]))


def test_the_scopes_used_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "SCOPES", 2)
    held, kept = Heads(), head()
    for key, each in (("a", kept), ("b", head()), ("a", kept), ("c", head())):
        held.remember(key, each)
    assert [held.last(key, None) is not None for key in "abc"] == [True, False, True]
    assert held.last("a", None) is kept


def test_tokens_are_bounded_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "TOKENS", 10)
    held = Heads()
    for key, size in (("a", 4), ("a", 5), ("b", 5), ("c", 1)):
        held.remember(key, head(size))
    assert [held.last(key, None) is not None for key in "abc"] == [False, True, True]
    held.drop("b")
    held.remember("d", head(11))
    assert [held.last(key, None) for key in "abcd"] == [None] * 4


def test_nothing_outlives_a_change_of_keys() -> None:
    held = Heads()
    held.remember("a", head())
    assert held.last("a", None) is not None
    assert held.last("a", "another ring") is None
    assert held.last("a", None) is None
