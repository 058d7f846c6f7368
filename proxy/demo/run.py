"""The demonstration from start to end: a model, a relay that keeps the wire, the proxy, and the ``openai`` client."""

import asyncio
from contextlib import AsyncExitStack

from openai import AsyncOpenAI, OpenAIError
from rich.console import Console

from proxy.app import running
from proxy.demo import panes
from proxy.demo.letter import LETTER, TASK
from proxy.demo.model import NAME, local_model
from proxy.demo.relay import Relay
from proxy.settings import Settings, SettingsError
from proxy.settings.problems import SERVING, conflicts


async def demonstrate(console: Console, settings: Settings, model: str | None, stop: asyncio.Event) -> None:
    """Send the e-mail, show the panes, then serve until ``stop`` is set; if it is set already, end there.

    Raises ``ModelError``, ``OpenAIError`` or whatever keeps the proxy from starting.
    """
    configured = settings.upstream
    async with AsyncExitStack() as stack:
        with console.status("Starting the model"):
            base = configured
            if base is None:
                base = await stack.enter_async_context(local_model())
            relay = await stack.enter_async_context(Relay(base).listening())
        with console.status("Starting the proxy"):
            proxy = await stack.enter_async_context(running(servable(settings, relay.url)))
        url = f"http://{proxy.address}/v1"
        console.print(_what_runs(settings, base, url))
        with console.status("The model is answering"):
            got = await _ask(url, None if configured else "not-needed", model or (None if configured else NAME))
        panes.show(console, LETTER, panes.saw(relay.request).removeprefix(TASK), got)
        if stop.is_set():
            return
        console.print("\nIt keeps serving; Ctrl-C stops it. Point any OpenAI client at it:\n")
        console.print(f"export OPENAI_BASE_URL={url}", soft_wrap=True, style="bold")
        await stop.wait()


def servable(settings: Settings, upstream: str) -> Settings:
    """Return the settings with ``upstream`` in front, checked as ``deckname serve`` would. Raises ``SettingsError``."""
    changed = settings.model_copy(update={"upstream": upstream})
    if problems := tuple(conflicts(changed, SERVING)):
        raise SettingsError(problems)
    return changed


def _what_runs(settings: Settings, base: str, url: str) -> str:
    store = "the Redis of redis_url" if settings.redis_url else f"an embedded Valkey in {settings.data_dir}"
    return f"Deckname at {url}, in front of {base}; values sealed in {store}.\n"


async def _ask(url: str, key: str | None, model: str | None) -> str:
    """Send the e-mail, streamed, and return the reply. Without ``key`` the client takes ``OPENAI_API_KEY``."""
    async with AsyncOpenAI(base_url=url, api_key=key, max_retries=0) as client:
        name = model or await _first_model(client)
        stream = await client.chat.completions.create(
            model=name, stream=True, temperature=0, max_tokens=400,
            messages=[{"role": "user", "content": TASK + LETTER}],
        )
        return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])


async def _first_model(client: AsyncOpenAI) -> str:
    async for model in client.models.list():
        return model.id
    raise OpenAIError("The upstream lists no model; name one with --model.")
