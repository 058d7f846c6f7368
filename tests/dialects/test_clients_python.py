"""``langchain-openai`` and ``llm``, as they come. What is asserted first is what arrived upstream."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel, SecretStr

from tests.gateway.conftest import Deckname
from tests.replies import answer

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAIL = "erika.musterfrau@beispiel.example"
PROMPT = f"Bitte antworten Sie {MAIL}."
KEY = SecretStr("sk-test")


class Contact(BaseModel):
    """A contact, such as erika.musterfrau@beispiel.example."""

    mail: str


def look_up(mail: str) -> str:
    """Look up a customer, such as erika.musterfrau@beispiel.example."""
    return mail


@pytest_asyncio.fixture(loop_scope="session")
async def options(deckname: Deckname) -> AsyncIterator[dict[str, Any]]:
    """LangChain closes no connection that it opened, so it gets a client that is closed for it."""
    deckname.upstream.answer = answer
    async with httpx.AsyncClient(trust_env=False) as http:
        yield {"model": "m", "base_url": deckname.base, "api_key": KEY, "max_retries": 0, "http_async_client": http}


@pytest.fixture
def model(options: dict[str, Any]) -> ChatOpenAI:
    return ChatOpenAI(**options)


def clean(deckname: Deckname) -> Any:
    assert deckname.upstream.seen
    for seen in deckname.upstream.seen:
        assert MAIL not in seen.wire
    return deckname.upstream.last.body


async def test_langchain_asks_and_streams(deckname: Deckname, model: ChatOpenAI) -> None:
    assert (await model.ainvoke(PROMPT)).content == PROMPT
    assert "".join([str(part.content) async for part in model.astream(PROMPT)]) == PROMPT
    clean(deckname)


async def test_langchain_calls_tools_and_resends_them(deckname: Deckname, model: ChatOpenAI) -> None:
    called = await model.bind_tools([look_up]).ainvoke([("user", PROMPT)])
    assert called.tool_calls[0]["args"] == {"mail": MAIL}
    result = {"role": "tool", "tool_call_id": "call_1", "content": MAIL}
    await model.ainvoke([{"role": "user", "content": PROMPT, "name": "Erika_M"}, called, result])
    sent = clean(deckname)["messages"]
    assert sent[1]["tool_calls"][0]["function"]["arguments"].replace(" ", "") == '{"mail":"[EMAIL_1]"}'
    assert sent[2]["content"] == "[EMAIL_1]"


async def test_langchain_gets_its_structure(deckname: Deckname, model: ChatOpenAI) -> None:
    reply = await model.with_structured_output(Contact, method="json_schema").ainvoke(PROMPT)
    clean(deckname)
    assert reply == Contact(mail=MAIL)


async def test_langchain_over_responses(deckname: Deckname, options: dict[str, Any]) -> None:
    model = ChatOpenAI(**options, use_responses_api=True)
    assert (await model.ainvoke(PROMPT)).text == PROMPT
    parts = [part.text async for part in model.astream(PROMPT)]
    clean(deckname)
    assert "".join(parts) == PROMPT


async def test_langchains_embeddings(deckname: Deckname, options: dict[str, Any]) -> None:
    embed = OpenAIEmbeddings(**options, check_embedding_ctx_length=False)
    assert await embed.aembed_documents([PROMPT]) == [[0.5, 0.5]]
    clean(deckname)


async def test_llm_on_the_command_line(deckname: Deckname, tmp_path: Path) -> None:
    deckname.upstream.answer = answer
    models = f"- model_id: test\n  model_name: m\n  api_base: {deckname.base}\n  api_key_name: test\n"
    (tmp_path / "extra-openai-models.yaml").write_text(models)
    environment = {**os.environ, "LLM_USER_PATH": str(tmp_path), "LLM_LOAD_PLUGINS": ""}
    for given in (["-s", f"Für {MAIL}"], ["-c", "--no-stream"]):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "llm", "-m", "test", "--key", "sk-test", *given, PROMPT, env=environment,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await process.communicate()
        sent = clean(deckname)
        assert out.decode().strip() == PROMPT
    assert [message["content"] for message in sent["messages"]][1:3] == ["Bitte antworten Sie [EMAIL_1]."] * 2
