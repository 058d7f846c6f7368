"""The real ``openai`` client with files and batches. What arrived upstream is asserted first."""

import io
import json
import re

import openai
import pytest

from tests.dialects.provider_files import Store, asked, jsonl
from tests.dialects.wire import HIDDEN, MAIL, PHONE, PROMPT, clean
from tests.gateway.conftest import Deckname, Start

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_batch_from_file_to_file(deckname: Deckname, client: openai.AsyncOpenAI) -> None:
    provider = Store(deckname)
    forged = f"deckname-{'0' * 32}"
    ids, texts = (f"Kundin {MAIL}", "r-2", "r-3", forged), (PROMPT, f"Nur {PHONE}", "Nichts.", "a")
    requests = [asked(name, text) for name, text in zip(ids, texts, strict=True)]
    file = await client.files.create(purpose="batch", file=(f"Mail an {MAIL}.jsonl", jsonl(*requests)))
    sent = [json.loads(line) for line in provider.files[file.id].splitlines()]
    assert [line["body"]["messages"][0]["content"] for line in sent] == [HIDDEN, "Nur [PHONE_1]", "Nichts.", "a"]
    assert [line["custom_id"].startswith("deckname-") for line in sent] == [True, True, False, True]
    assert forged not in {line["custom_id"] for line in sent}
    batch = await client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h", metadata={"für": MAIL}
    )
    assert batch.output_file_id
    content = await client.files.content(batch.output_file_id)
    replies = [json.loads(line) for line in content.text.splitlines()]
    assert [reply["custom_id"] for reply in replies] == [f"Kundin {MAIL}", "r-2", "r-3", forged]
    assert [reply["response"]["body"]["choices"][0]["message"]["content"] for reply in replies] == [
        PROMPT, f"Nur {PHONE}", "Nichts.", "a",
    ]
    back = await client.files.content(file.id)
    assert [json.loads(line) for line in back.text.splitlines()] == requests
    provider.files["file-of-somebody"] = b""
    assert {each.id async for each in client.files.list()} == {file.id, batch.output_file_id}
    assert (await client.batches.retrieve(batch.id)).id == batch.id
    clean(deckname)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"nonsense", "invalid_batch_line"),
        (b"[]", "invalid_batch_line"),
        (jsonl({**asked("a", "b"), "url": "/v1/elsewhere"}), "invalid_batch_line"),
        (jsonl({**asked("a", "b"), "more": MAIL}), "invalid_batch_line"),
        (jsonl({**asked("a", "b"), "custom_id": 7}), "invalid_batch_line"),
        (jsonl({**asked("a", "b"), "body": {}}), "missing_messages"),
        (jsonl({**asked("a", "b"), "url": "/v1/responses", "body": {"conversation": "c"}}), "invalid_batch_line"),
    ],
)
async def test_a_bad_line_is_named_and_no_file_is_made(
    deckname: Deckname, client: openai.AsyncOpenAI, line: bytes, reason: str
) -> None:
    provider = Store(deckname)
    with pytest.raises(openai.BadRequestError, match="Line 3: ") as caught:
        await client.files.create(purpose="batch", file=("f.jsonl", jsonl(asked("1", "a"), asked("2", "b")) + line))
    assert caught.value.code == reason
    assert MAIL not in str(caught.value)
    assert not provider.files


async def test_other_files_are_refused_unless_they_may_pass(
    deckname: Deckname, client: openai.AsyncOpenAI, start: Start
) -> None:
    with pytest.raises(openai.BadRequestError, match="ending of a text"):
        await client.files.create(purpose="assistants", file=("Max Mustermann.pdf", b"%PDF"))
    assert not deckname.upstream.seen
    async with start(attachments="pass") as other:
        provider = Store(other)
        async with openai.AsyncOpenAI(base_url=other.base, api_key="sk", max_retries=0) as passing:
            file = await passing.files.create(purpose="assistants", file=(f"{MAIL}.pdf", b"%PDF\x00\xff"))
            assert provider.files[file.id] == b"%PDF\x00\xff"
            assert MAIL.encode() not in other.upstream.last.raw
            assert (await passing.files.content(file.id)).content == b"%PDF\x00\xff"


TEXT = f"# Notiz\n\nBitte an {MAIL} schreiben.\n" * 2000


@pytest.mark.parametrize(("name", "text"), [("Notiz.md", TEXT), ("a.jsonl", json.dumps({"an": MAIL, "x": '"'}) + "\n"),
                                            ("leer.txt", "")])  # fmt: skip
async def test_text_files_are_pseudonymised_as_they_come(
    deckname: Deckname, client: openai.AsyncOpenAI, name: str, text: str
) -> None:
    provider = Store(deckname)
    file = await client.files.create(purpose="user_data", file=(name, text.encode()))
    sent = provider.files[file.id].decode()
    tokens = set(re.findall(r"\[EMAIL_\d{8}\]", sent))
    assert len(tokens) == (1 if text else 0)
    assert all(sent.replace(token, MAIL) == text for token in tokens)
    assert (await client.files.content(file.id)).text == text
    clean(deckname)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a\n\xff" * 9000, b"x" * (5 << 20)])
async def test_what_only_says_it_is_text_is_refused(
    deckname: Deckname, client: openai.AsyncOpenAI, data: bytes
) -> None:
    provider = Store(deckname)
    with pytest.raises(openai.BadRequestError) as caught:
        await client.files.create(purpose="user_data", file=("a.txt", data))
    assert caught.value.code == "invalid_file"
    assert not provider.files


async def test_files_need_a_purpose_before_the_file(deckname: Deckname) -> None:
    late, none = {"file": io.BytesIO(b"x")}, {"purpose": "batch"}
    for data, code in [(late, "missing_purpose"), (none, "unsupported_content_type")]:
        async with deckname.http.post(f"{deckname.base}/files", data=data) as reply:
            assert reply.status in (400, 415)
            assert (await reply.json())["error"]["code"] == code
    assert not deckname.upstream.seen
