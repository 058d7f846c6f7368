"""What a model writes of people by itself, by each client's policy, as clients and operators see it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest
from aiohttp import web

from proxy.clients import ClientKeys
from proxy.workers import DetectionFailed, DetectorWorkers, Findings
from tests.dialects.provider_files import Store, asked, jsonl
from tests.gateway.conftest import Deckname, Reply, Start
from tests.gateway.test_tenants import KEYED
from tests.messages import events, wire
from tests.replies import answer as repeated
from tests.upstream import Seen, completion, stream, stream_bytes, text_chunks

QUESTION = {"role": "user", "content": "Schreibe an jonas.feldkamp@example.com"}
ASKED: dict[str, Any] = {"model": "m", "messages": [QUESTION]}
SAID = "An [EMAIL_1]: bitte wenden Sie sich an ruth.ahlers@example.org oder unter +49 30 901820 an die Zentrale."
LEFT = SAID.replace("[EMAIL_1]", "jonas.feldkamp@example.com")
MASKED = LEFT.replace("ruth.ahlers@example.org", "[EMAIL]").replace("+49 30 901820", "[PHONE]")


async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
    if seen.body.get("stream"):
        return await stream(request, text_chunks(SAID, 5))
    return web.json_response(completion({"role": "assistant", "content": SAID}))


def joined(reply: Reply) -> str:
    """Return the text that a stream's chunks add up to."""
    lines = [json.loads(line[6:]) for line in reply.text.splitlines() if line.startswith("data: {")]
    return "".join(line["choices"][0]["delta"].get("content", "") for line in lines if "choices" in line)


async def said(deckname: Deckname, key: str = "k") -> tuple[str, str]:
    """Return what a client reads, whole and streamed."""
    headers = {"Authorization": f"Bearer {key}"}
    whole = await deckname.post(ASKED, headers=headers)
    streamed = await deckname.post({**ASKED, "stream": True}, headers=headers)
    return json.loads(whole.raw)["choices"][0]["message"]["content"], joined(streamed)


async def counted(admin: str, http: Any) -> dict[str, float]:
    async with http.get(f"{admin}/metrics") as response:
        lines = (await response.text()).splitlines()
    return {line.partition(" ")[0].partition("{")[2]: float(line.rpartition(" ")[2])
            for line in lines if line.startswith("deckname_model_data_total{")}  # fmt: skip


@pytest.mark.parametrize(("policy", "shown"), [("leave", LEFT), ("report", LEFT), ("mask", MASKED)])
async def test_by_policy(start: Start, policy: str, shown: str) -> None:
    async with start(model_data=policy) as deckname:
        deckname.upstream.answer = answer
        assert await said(deckname) == (shown, shown)
        found = await counted(deckname.admin, deckname.http)
        trail = deckname.data_dir / "audit.jsonl"
        lines = [json.loads(line) for line in trail.read_text().splitlines()] if trail.exists() else []
    expected = {f'action="{policy}",kind="{kind}"}}': 2.0 for kind in ("EMAIL", "PHONE")}
    assert found == ({} if policy == "leave" else expected)
    assert [(line["action"], line["actor"], line["count"], line["reason"]) for line in lines] == (
        [("model_data", "local", 2, "EMAIL 1, PHONE 1")] * 2 if policy == "report" else []
    )
    assert "ahlers" not in json.dumps(lines)


async def test_each_client_has_its_own(start: Start, tmp_path: Path) -> None:
    clients = ClientKeys(tmp_path / "clients.json")
    keys = {name: clients.add(name, "2026-11-22T10:00:00Z") for name in ("web", "intern")}
    async with start(model_data="mask", model_data_by_client="intern=leave", **KEYED) as deckname:
        deckname.upstream.answer = answer
        assert await said(deckname, keys["web"]) == (MASKED, MASKED)
        assert await said(deckname, keys["intern"]) == (LEFT, LEFT)


async def test_clients_put_masked_streams_together(start: Start) -> None:
    async def answer_in_its_way(request: web.Request, seen: Seen) -> web.StreamResponse:
        if request.path.endswith("/messages"):
            return await stream_bytes(request, wire(events([{"type": "text", "text": SAID}], 4)), 60)
        return await repeated(request, replace(seen, raw=json.dumps({**seen.body, "input": SAID}).encode()))

    async with start(model_data="mask") as deckname:
        deckname.upstream.answer = answer_in_its_way
        async with openai.AsyncOpenAI(base_url=deckname.base, api_key="k") as client:
            asked_openai: Any = ASKED["messages"][0]["content"]
            async with client.responses.stream(model="m", input=asked_openai) as streamed:
                texts = [event.delta async for event in streamed if event.type == "response.output_text.delta"]
                whole = await streamed.get_final_response()
        async with anthropic.AsyncAnthropic(base_url=deckname.base.removesuffix("/v1"), api_key="k") as claude:
            messages: Any = ASKED["messages"]
            async with claude.messages.stream(model="m", max_tokens=9, messages=messages) as said_in_pieces:
                message = await said_in_pieces.get_final_message()
    assert "".join(texts) == whole.output_text == MASKED
    assert [block.text for block in message.content if block.type == "text"] == [MASKED]


async def test_what_the_policy_lets_out_it_lets_in(start: Start) -> None:
    async with start(model_data="mask", actions="PHONE=allow") as deckname:
        deckname.upstream.answer = answer
        assert (await said(deckname))[0] == LEFT.replace("ruth.ahlers@example.org", "[EMAIL]")


async def test_what_the_caller_wrote_is_never_masked_in_any_field(start: Start) -> None:
    async def error(request: web.Request, seen: Seen) -> web.StreamResponse:
        message = f"Rejected: {seen.body['messages'][0]['content']} (ask ruth.ahlers@example.org)"
        return web.json_response({"error": {"message": message, "type": "t", "code": None}}, status=400)

    async with start(model_data="mask") as deckname:
        deckname.upstream.answer = error
        reply = await deckname.post(ASKED)
    assert reply.status == 400
    message = json.loads(reply.raw)["error"]["message"]
    assert message == "Rejected: Schreibe an jonas.feldkamp@example.com (ask [EMAIL])"


@pytest.mark.parametrize("policy", ["mask", "report"])
async def test_a_reply_that_cannot_be_read_is_not_given(
    start: Start, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(self: DetectorWorkers, texts: Sequence[str], *, admitted: bool = False) -> Findings:
        raise DetectionFailed("The detector took longer than its deadline.")

    async def answer_then_fail(request: web.Request, seen: Seen) -> web.StreamResponse:
        monkeypatch.setattr(DetectorWorkers, "detect", failing)
        return await answer(request, seen)

    async with start(model_data=policy) as deckname:
        deckname.upstream.answer = answer_then_fail
        whole = await deckname.post(ASKED)
        monkeypatch.undo()
        streamed = await deckname.post({**ASKED, "stream": True})
        monkeypatch.undo()
    assert whole.status == 503
    assert json.loads(whole.raw)["error"]["code"] == "detector_unavailable"
    events = [line[6:] for line in streamed.text.splitlines() if line.startswith("data: {")]
    assert json.loads(events[-1])["error"]["code"] == "detector_unavailable"
    assert ("ruth" in joined(streamed)) is (policy == "report")


async def test_replies_of_a_batch(start: Start) -> None:
    class Batches(Store):
        @staticmethod
        def worked(line: bytes) -> bytes:
            reply = json.loads(Store.worked(line))
            reply["response"]["body"]["choices"][0]["message"]["content"] += " Frag ruth.ahlers@example.org"
            return json.dumps(reply).encode() + b"\n"

    texts = ["Mail an jonas.feldkamp@example.com.", "Nichts."]
    requests = [asked(f"r-{n}", text) for n, text in enumerate(texts)]
    async with start(model_data="mask") as deckname, openai.AsyncOpenAI(base_url=deckname.base, api_key="k") as client:
        Batches(deckname)
        file = await client.files.create(purpose="batch", file=("f.jsonl", jsonl(*requests)))
        batch = await client.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        replies = (await client.files.content(str(batch.output_file_id))).text.splitlines()
        back = (await client.files.content(file.id)).text.splitlines()
    said = [json.loads(line)["response"]["body"]["choices"][0]["message"]["content"] for line in replies]
    assert said == [f"{text} Frag [EMAIL]" for text in texts]
    assert [json.loads(line) for line in back] == requests
