"""The operator's commands, on an installation with an embedded store: keys, find, forget, detokenise."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click
import pytest
from click.testing import CliRunner, Result

from keys import derive
from keys.ring import RingKey
from keys.seal import key_id_of
from proxy.caller import LOCAL
from proxy.commands.erasure import detokenise, find, forget
from proxy.commands.keys import keys
from proxy.custodian import Custodian, custodian
from proxy.scope import Scope
from proxy.settings import load
from proxy.vault import Claim

T = TypeVar("T")
ANNA = "Anna Beispiel"
BERT = "Bert Muster"


class Installation:
    """A data folder with two users' conversations in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.act(self._fill)

    def run(self, command: click.Command, *arguments: str, given: str = "") -> Result:
        return CliRunner().invoke(command, [*arguments, "--data-dir", str(self.folder)], input=given)

    def act(self, act: Callable[[Custodian], Awaitable[T]]) -> T:
        async def run() -> T:
            async with custodian(load({"data_dir": str(self.folder)}, environ={})) as held:
                return await act(held)

        return asyncio.run(run())

    def known(self, tenant: str = LOCAL) -> dict[str, list[str]]:
        async def act(held: Custodian) -> dict[str, list[str]]:
            scopes = [scope async for scope in held.opened.custody.scopes(held.tenant(tenant).id)]
            return {scope.key: [entry.value for entry in await held.opened.vault.known(scope)] for scope in scopes}

        return self.act(act)

    @property
    def audit(self) -> str:
        return (self.folder / "audit.jsonl").read_text()

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.audit.splitlines()]

    @staticmethod
    async def _fill(held: Custodian) -> None:
        for tenant in (LOCAL, "team"):
            owner = held.tenant(tenant)
            for user in ("u1", "u2"):
                scope = Scope(owner.id, derive.identifier(owner.key, "user", user), "c")
                await held.opened.vault.allocate(scope, [Claim("PERSON", BERT), Claim("PERSON", ANNA)])


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


def test_find_tells_where_a_person_appears_and_nothing_of_others(here: Installation) -> None:
    result = here.run(find, "--value", "-", "--json", given=f"{ANNA.upper()}\n")
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert {row["scope"] for row in rows} == set(here.known())
    assert [(row["kinds"], row["tokens"]) for row in rows] == [("PERSON", "[PERSON_2]")] * 2
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", rows[0]["first"])
    plain = here.run(find, "--value", "-", given=ANNA).output
    assert plain.count("[PERSON_2]") == 2
    assert here.run(find, "--value", "-", given="Niemand").output == "It appears nowhere.\n"
    for shown in (result.output, plain, here.audit):
        assert not re.search("anna|beispiel|bert|muster", shown, re.IGNORECASE)


def test_forget_a_value_in_every_scope_of_one_client(here: Installation) -> None:
    result = here.run(forget, "--value", "-", "--reason", "request 17", given=ANNA + "\r\n")
    assert result.output == "Erased: 2 values, 2 scopes.\n"
    assert list(here.known().values()) == [[BERT]] * 2
    assert list(here.known("team").values()) == [[BERT, ANNA]] * 2
    assert '"reason": "request 17"' in here.audit


def test_forget_a_user_a_scope_and_a_client(here: Installation) -> None:
    assert here.run(forget, "--user", "u1").output == "Erased: 2 values, 1 scopes.\n"
    (key,) = here.known()
    assert here.run(forget, "--user", "-", "--tenant", "team", given="u2\n").output == "Erased: 2 values, 1 scopes.\n"
    assert here.run(forget, "--scope", key).output == "Erased: 2 values, 1 scopes.\n"
    assert here.run(forget, "--tenant", "team").output == "Erased: 2 values, 1 scopes.\n"
    assert here.run(forget, "--tenant", "team").output == "Erased: 0 values, 0 scopes.\n"
    assert (here.known(), here.known("team")) == ({}, {})


@pytest.mark.parametrize(
    "arguments", [[], ["--value", ANNA], ["--user", "u1", "--value", "-"], ["--scope", "x"], ["--value", "-"]]
)
def test_what_is_unclear_or_open_to_others_is_refused(here: Installation, arguments: list[str]) -> None:
    result = here.run(forget, *arguments)
    assert result.exit_code == 2
    assert ANNA not in result.output
    assert len(here.known()) == 2


def test_detokenising_gives_a_reason(here: Installation) -> None:
    key = next(iter(here.known()))
    assert here.run(detokenise, "--scope", key, "[PERSON_2]").exit_code == 2
    assert here.run(detokenise, "--scope", key, "--reason", " ", "[PERSON_2]").exit_code == 2
    result = here.run(detokenise, "--scope", key, "--reason", "Art. 15", "[PERSON_2]", "[PERSON_7]")
    assert json.loads(result.output) == {"[PERSON_2]": ANNA}
    assert [(event["outcome"], event["reason"], event["target"]) for event in here.events] == [
        ("refused", "", key),
        ("begun", "Art. 15", key),
    ]


def test_keys_are_rotated_rewrapped_retired_and_destroyed(here: Installation) -> None:
    first = here.run(keys, "list").output.split()[0]
    assert here.run(keys, "retire", first).exit_code == 2
    second = here.run(keys, "rotate", "--reason", "yearly").output.split()[0]
    assert [line.split()[:2] for line in here.run(keys, "list").output.splitlines()] == [
        [first, "active"],
        [second, "primary"],
    ]
    assert here.run(keys, "destroy", first).exit_code == 2
    assert here.run(keys, "retire", first).output == f"{first} is retired.\n"
    refused = here.run(keys, "destroy", first)
    assert (refused.exit_code, refused.output.split()[0]) == (2, "4")
    assert here.run(keys, "rewrap").output == "4 scopes, 4 moved under the primary key.\n"
    assert here.run(keys, "rewrap").output == "4 scopes, 0 moved under the primary key.\n"
    assert here.run(keys, "destroy", first).output == f"{first} is destroyed.\n"
    assert list(here.known().values()) == [[BERT, ANNA]] * 2
    ring = here.act(_ring)
    assert [key.state for key in ring] == ["destroyed", "primary"]
    noted = [tuple(event[name] for name in ("action", "target", "outcome", "count", "reason")) for event in here.events]
    assert noted == [
        ("keys retire", first, "begun", 0, ""),
        ("keys retire", first, "refused", 0, ""),
        ("keys rotate", "", "begun", 0, "yearly"),
        ("keys rotate", second, "done", 0, "yearly"),
        ("keys destroy", first, "refused", 4, ""),
        ("keys retire", first, "begun", 0, ""),
        ("keys retire", first, "done", 0, ""),
        ("keys destroy", first, "refused", 4, ""),
        ("keys rewrap", "", "begun", 0, ""),
        ("keys rewrap", "", "done", 4, ""),
        ("keys rewrap", "", "begun", 0, ""),
        ("keys rewrap", "", "done", 0, ""),
        ("keys destroy", first, "begun", 0, ""),
        ("keys destroy", first, "done", 0, ""),
    ]
    shown = here.run(keys, "list").output + here.audit
    assert all(key.material is None or key.material.expose().hex() not in shown for key in ring)


def test_destroying_a_key_in_use_erases_and_must_be_meant(here: Installation) -> None:
    first = here.run(keys, "list").output.split()[0]
    here.run(keys, "rotate")
    here.run(keys, "retire", first)
    assert here.run(keys, "destroy", first, "--erase").exit_code == 0
    assert list(here.known().values()) == [[]] * 2
    stuck = here.run(keys, "rewrap")
    assert (stuck.exit_code, "4 scopes are closed with keys" in stuck.output) == (2, True)


def test_promoting_goes_back(here: Installation) -> None:
    first = here.run(keys, "list").output.split()[0]
    here.run(keys, "rotate")
    assert here.run(keys, "promote", first).output == f"{first} is primary now.\n"
    assert here.run(keys, "promote", "ffffffff").exit_code == 2

    async def under_first(held: Custodian) -> int:
        return await held.opened.custody.wrapped_under(lambda dek: key_id_of(dek).hex() == first)

    assert here.act(under_first) == 4


async def _ring(held: Custodian) -> tuple[RingKey, ...]:
    return held.keys.current().keys
