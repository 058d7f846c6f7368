"""The administration over HTTP: who may do what, and that nothing personal is in what comes back or is written down."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from keys import derive
from proxy.administration import HEADER, Administration, operator_digest
from proxy.audit import AuditFile
from proxy.caller import Tenant
from proxy.scope import Scope
from proxy.vault import Claim, Opened, open_both
from proxy.vault.access import Operator, Role
from tests.servers import free_port
from tests.vault.conftest import RingInHand, opened

ANNA = "Anna Beispiel"
TOKENS = {"finder": Role.FIND, "eraser": Role.FORGET, "reader": Role.DETOKENISE}


class Office:
    """A client of the administration, beside the vault it works on."""

    def __init__(self, client: "TestClient[web.Request, web.Application]", opened: Opened, tenant: Tenant) -> None:
        self.client = client
        self.opened = opened
        self.tenant = tenant
        user = derive.identifier(tenant.key, "user", "u1")
        self.scopes = [Scope(tenant.id, user, "c1"), Scope(tenant.id, user, "c2"), Scope(tenant.id, "u2", "c1")]

    async def ask(self, act: str, token: str, **body: Any) -> tuple[int, Any]:
        async with self.client.post(f"/admin/{act}", json=body, headers={HEADER: token}) as reply:
            return reply.status, await reply.json()


def application(opened: Opened, ring: RingInHand, audit: Path) -> web.Application:
    operators = {operator_digest(f"{name}-token"): Operator(name, frozenset({role})) for name, role in TOKENS.items()}
    made = web.Application()
    made.add_routes(
        Administration(
            opened.custody, AuditFile(audit, lambda: 0), lambda name: Tenant.of(ring.ring.root, name), operators
        ).routes()
    )
    return made


@pytest.fixture
async def office(ring: RingInHand, tmp_path: Path) -> AsyncIterator[Office]:
    both = open_both("memory:", ring)
    async with TestClient(TestServer(application(both, ring, tmp_path / "audit.jsonl"))) as client:
        made = Office(client, both, Tenant.of(ring.ring.root, "team"))
        for scope in made.scopes:
            await both.vault.allocate(scope, [Claim("PERSON", "Bert Muster"), Claim("PERSON", ANNA)])
        yield made


async def test_each_role_may_do_its_own_and_nothing_else(office: Office) -> None:
    asked: dict[str, dict[str, Any]] = {
        "find": {"tenant": "team", "value": ANNA},
        "detokenise": {"scope": office.scopes[0].key, "tokens": ["[PERSON_2]"], "reason": "Art. 15"},
        "forget": {"tenant": "team", "value": ANNA},
    }
    for act, body in asked.items():
        answers = {name: (await office.ask(act, f"{name}-token", **body))[0] for name in TOKENS}
        assert answers == {name: 200 if role == act else 403 for name, role in TOKENS.items()}
        for stranger in ("", "nobody", "finder-tokens"):
            assert (await office.ask(act, stranger, **body))[0] == 401


async def test_finding_shows_where_and_not_who(office: Office) -> None:
    status, answer = await office.ask("find", "finder-token", tenant="team", value=ANNA.lower())
    assert status == 200
    assert {row["scope"] for row in answer["appearances"]} == {scope.key for scope in office.scopes}
    assert {(*row["kinds"], *row["tokens"]) for row in answer["appearances"]} == {("PERSON", "[PERSON_2]")}
    assert (await office.ask("find", "finder-token", tenant="other", value=ANNA))[1] == {"appearances": []}


async def test_forgetting_a_scope_a_user_a_value_and_a_tenant(office: Office) -> None:
    async def forget(**body: Any) -> Any:
        return (await office.ask("forget", "eraser-token", tenant="team", **body))[1]

    assert await forget(value=ANNA) == {"scopes": 3, "values": 3, "objects": 0}
    assert await forget(scope=office.scopes[2].key) == {"scopes": 1, "values": 1, "objects": 0}
    assert await forget(user="u1") == {"scopes": 2, "values": 2, "objects": 0}
    await office.opened.vault.allocate(office.scopes[0], [Claim("PERSON", ANNA)])
    assert await forget(all=True) == {"scopes": 1, "values": 1, "objects": 0}


async def test_detokenising(office: Office, tmp_path: Path) -> None:
    key = office.scopes[0].key
    status, answer = await office.ask("detokenise", "reader-token", scope=key, tokens=["[PERSON_2]"], reason="Art. 15")
    assert (status, answer) == (200, {"values": {"[PERSON_2]": ANNA}})
    assert (await office.ask("detokenise", "reader-token", scope=key, tokens=["[PERSON_2]"]))[0] == 403
    trail = (tmp_path / "audit.jsonl").read_text()
    assert trail.count("\n") == 2
    assert "Anna" not in trail


@pytest.mark.parametrize(
    ("act", "token", "body"),
    [
        ("find", "finder-token", {"tenant": "team"}),
        ("find", "finder-token", {"value": ANNA}),
        ("find", "finder-token", {"tenant": "team", "value": " "}),
        ("find", "finder-token", {"tenant": "team", "value": ANNA, "reason": 7}),
        ("forget", "eraser-token", {"tenant": "team"}),
        ("forget", "eraser-token", {"tenant": "team", "all": False}),
        ("forget", "eraser-token", {"tenant": "team", "value": ANNA, "user": "u1"}),
        ("forget", "eraser-token", {"tenant": "team", "scope": ANNA}),
        ("forget", "eraser-token", {"tenant": "team", "scope": "t.u.c.0"}),
        ("detokenise", "reader-token", {"scope": "t.u.c.0", "tokens": "[PERSON_1]", "reason": "x"}),
    ],
)
async def test_what_is_unclear_is_refused(office: Office, act: str, token: str, body: dict[str, Any]) -> None:
    status, answer = await office.ask(act, token, **body)
    assert status == 400
    assert "Anna" not in answer["error"]
    assert len(await office.opened.vault.known(office.scopes[0])) == 2


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 60_000, b" " * 70_000])
async def test_what_is_no_object_is_refused(office: Office, body: bytes) -> None:
    async with office.client.post("/admin/find", data=body, headers={HEADER: "finder-token"}) as reply:
        assert reply.status == 400


async def test_trouble_is_503(ring: RingInHand, tmp_path: Path) -> None:
    body = {"tenant": "team", "value": ANNA}
    async with (
        opened(f"redis://127.0.0.1:{free_port()}", ring) as gone,
        TestClient(TestServer(application(gone, ring, tmp_path / "audit.jsonl"))) as client,
        client.post("/admin/find", json=body, headers={HEADER: "finder-token"}) as reply,
    ):
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")
    sound = open_both("memory:", ring)
    broken = application(sound, ring, tmp_path)  # a folder is no audit trail
    eraser = {HEADER: "eraser-token"}
    async with TestClient(TestServer(broken)) as client:
        reply = await client.post("/admin/forget", json=body, headers=eraser)
        assert reply.status == 503
