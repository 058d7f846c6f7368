"""A reply is read after it was sent, so that the next turn waits only for what the user wrote."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp import web

from keys.secret import Secret
from proxy.findings_cache import FindingsCache
from proxy.foresight import Foresight
from tests.gateway.conftest import Deckname
from tests.proxy.test_findings_cache import Digits
from tests.upstream import Seen, completion, stream, text_chunks

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = Secret(b"1" * 32)


async def test_what_was_said_is_read_once_in_the_background() -> None:
    detector = Digits()
    cache = FindingsCache(detector, 1 << 20)
    foresight = Foresight(cache, busy=lambda: False)
    foresight.read(["Antwort 7", "", "Antwort 7"], KEY)
    await asyncio.sleep(0.01)
    assert detector.asked == ["Antwort 7"]
    await cache.detect(["Antwort 7", "neu"], KEY)
    assert detector.asked == ["Antwort 7", "neu"]
    await foresight.close()


@pytest.mark.parametrize(("texts", "busy"), [(["Antwort"], True), (["x" * 60_000], False), (["  "], False)])
async def test_it_gives_way(texts: list[str], busy: bool) -> None:
    detector = Digits()
    foresight = Foresight(FindingsCache(detector, 1 << 20), busy=lambda: busy)
    foresight.read(texts, KEY)
    await asyncio.sleep(0.01)
    assert not detector.asked


async def test_a_failure_is_nobodys_business() -> None:
    foresight = Foresight(FindingsCache(Digits(), 1 << 20), busy=lambda: False)
    foresight.read(["fail"], KEY)
    await asyncio.sleep(0.01)
    await foresight.close()


async def texts_read(deckname: Deckname) -> float:
    """Return how many texts detectors have read so far."""
    async with deckname.http.get(f"{deckname.admin}/metrics") as response:
        line = re.search(r'deckname_texts_total\{known="no"\} (\S+)', await response.text())
    return float(line[1]) if line else 0.0


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("mail", ["an a@beispiel.example", "ohne"])
async def test_the_reply_of_a_turn_is_known_to_the_next(deckname: Deckname, streamed: bool, mail: str) -> None:
    said = f"Das ist die Antwort {streamed} auf {mail}, [EMAIL_1]!"

    async def answer(request: web.Request, seen: Seen) -> web.StreamResponse:
        if len(deckname.upstream.seen) == 1:
            return web.json_response(completion({"role": "assistant", "content": ""}))
        if streamed:
            return await stream(request, text_chunks(said, 5))
        return web.json_response(completion({"role": "assistant", "content": said}))

    deckname.upstream.answer = answer
    history: list[dict[str, Any]] = [{"role": "user", "content": f"Frage {streamed} {mail}"}]
    await deckname.post({"model": "m", "messages": history})
    before = await texts_read(deckname)
    await deckname.post({"model": "m", "messages": history, "stream": streamed})
    heard = said.replace("[EMAIL_1]", "a@beispiel.example") if "@" in mail else said
    while await texts_read(deckname) == before:  # noqa: ASYNC110 - it happens in another task, or not at all
        await asyncio.sleep(0.02)
    before = await texts_read(deckname)
    history += [{"role": "assistant", "content": heard}, {"role": "user", "content": f"Frage {streamed} {mail}"}]
    await deckname.post({"model": "m", "messages": history})
    assert await texts_read(deckname) == before
