"""The administration on the admin listener of a running proxy: by role, with a reason, and never without a trace."""

import json
from typing import Any

import pytest

from tests.gateway.conftest import Deckname, Start

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAIL = "erika.musterfrau@beispiel.example"
BODY: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": f"Mail an {MAIL}"}]}
CHAT = {"X-Conversation-Id": "chat-1"}


async def ask(deckname: Deckname, act: str, token: str, **body: Any) -> tuple[int, Any]:
    headers = {"X-Operator-Token": token}
    async with deckname.http.post(f"{deckname.admin}/admin/{act}", json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_find_and_forget_by_role_leave_a_trace_and_no_value(start: Start) -> None:
    people = {"operators": {"dpo": "find+forget"}, "operator_tokens": {"dpo": "geheim-1"}}
    async with start(**people) as deckname:
        await deckname.post(BODY, headers=CHAT)
        assert (await ask(deckname, "find", "falsch", tenant="local", value=MAIL))[0] == 401
        status, found = await ask(deckname, "find", "geheim-1", tenant="local", value=MAIL)
        assert status == 200
        [appearance] = found["appearances"]
        assert appearance["tokens"] == ["[EMAIL_1]"]
        wanted = {"scope": appearance["scope"], "tokens": ["[EMAIL_1]"], "reason": "Auskunft nach Art. 15"}
        assert (await ask(deckname, "detokenise", "geheim-1", **wanted))[0] == 403
        status, forgotten = await ask(deckname, "forget", "geheim-1", tenant="local", value=MAIL)
        assert (status, forgotten["values"]) == (200, 1)
        assert (await ask(deckname, "find", "geheim-1", tenant="local", value=MAIL))[1] == {"appearances": []}
        trail = (deckname.data_dir / "audit.jsonl").read_text()
    assert len([json.loads(line) for line in trail.splitlines()]) >= 4
    assert MAIL not in trail


async def test_what_happens_is_counted_without_anybodys_name(start: Start) -> None:
    async with start() as deckname:
        await deckname.post({**BODY, "messages": [{"role": "user", "content": f"[EMAIL_9] an {MAIL}"}]}, headers=CHAT)
        async with deckname.http.get(f"{deckname.admin}/metrics") as response:
            text = await response.text()
    assert 'deckname_tokens_unrestored_total{reason="foreign"} 1.0' in text
    assert 'deckname_vault_seconds_count{operation="allocate",result="ok"} 1.0' in text
    assert 'deckname_findings_total{action="pseudonymise",kind="EMAIL",recognizer="EmailRecognizer"} 1.0' in text
    assert MAIL not in text
