"""The same Deckname on loopback that the gateway's tests have, and a client of it."""

from collections.abc import AsyncIterator

import openai
import pytest_asyncio

from tests.gateway.conftest import Deckname, deckname, shared, start

__all__ = ["client", "deckname", "shared", "start"]


@pytest_asyncio.fixture(loop_scope="session")
async def client(deckname: Deckname) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=deckname.base, api_key="sk-client", max_retries=0) as client:
        yield client
