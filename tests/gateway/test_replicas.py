"""Three proxies that share a Redis and a key ring: a conversation may go to another one with every turn."""

import contextlib
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.conftest import started
from tests.servers import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHAT = {"X-Conversation-Id": "chat-1"}


def body(*contents: str) -> dict[str, Any]:
    roles = ("user", "assistant")
    return {"model": "m", "messages": [{"role": roles[i % 2], "content": c} for i, c in enumerate(contents)]}


async def test_a_conversation_may_hop_between_replicas_on_every_turn(tmp_path: Path) -> None:
    store = Server(tmp_path / "store", ("--appendonly", "yes")).start()
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(store.stop)
        shared = {"redis_url": store.url, "key_source": str(tmp_path / "keys.json")}
        replicas = [await stack.enter_async_context(started(tmp_path / str(i), **shared)) for i in range(3)]
        history: list[str] = []
        for turn in range(9):
            replica = replicas[turn % 3]
            history.append(f"Und an kunde{turn}@beispiel.example, nicht an kunde0@beispiel.example?")
            reply = await replica.post(body(*history), headers=CHAT)
            assert reply.status == 200
            sent = [message["content"] for message in replica.upstream.last.body["messages"]]
            assert sent[0] == "Und an [EMAIL_1], nicht an [EMAIL_1]?"
            assert sent[-1] == f"Und an [EMAIL_{turn + 1}], nicht an [EMAIL_1]?"
            assert "beispiel" not in replica.upstream.last.wire
            assert history[-1] in reply.text
            history.append(f"Ja, an kunde{turn}@beispiel.example.")
        late = await replicas[1].post(body("Titel für das Gespräch mit [EMAIL_3] und [EMAIL_9]"), headers=CHAT)
        assert "kunde2@beispiel.example und kunde8@beispiel.example" in late.text


async def test_a_text_that_one_replica_read_is_read_by_no_other(tmp_path: Path) -> None:
    store = Server(tmp_path / "store", ("--appendonly", "yes")).start()
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(store.stop)
        settings = {"redis_url": store.url, "key_source": str(tmp_path / "keys.json"), "findings_ttl": "1h"}
        one, other = [await stack.enter_async_context(started(tmp_path / str(i), **settings)) for i in range(2)]
        for replica in (one, other):
            reply = await replica.post(body("Bitte an anna.brinkmann@beispiel.example"), headers=CHAT)
            assert reply.status == 200
            assert replica.upstream.last.body["messages"][0]["content"] == "Bitte an [EMAIL_1]"
        async with other.http.get(f"{other.admin}/metrics") as response:
            counted = await response.text()
        assert 'deckname_texts_total{known="elsewhere"} 1.0' in counted
        assert 'deckname_texts_total{known="no"} 0.0' in counted
