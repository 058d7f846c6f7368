"""Several APIs behind one Deckname: which request goes where, and which key goes with it."""

from typing import Any

import pytest

from proxy.errors import NotConfigured
from proxy.settings import SettingsError, load
from proxy.upstreams import Upstreams
from tests.gateway.conftest import Start
from tests.upstream import serving

pytestmark = pytest.mark.asyncio(loop_scope="session")

OWN = {"Authorization": "Bearer sk-client"}


def ask(model: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "an erika@beispiel.example"}]}


async def test_a_models_name_leads_to_its_api(start: Start) -> None:
    async with serving() as local, serving() as paid:
        apis = f"llama-*={local.base},mistral-*={paid.base}"
        async with start(upstream_by_model=apis, upstream_by_model_keys="mistral-*=sk-mistral") as deckname:
            for model in ("llama-4:8b", "mistral-large", "gpt-5", "x/llama-4", None):
                assert (await deckname.post(ask(model), headers=OWN)).status == 200
            assert [seen.body["model"] for seen in local.seen] == ["llama-4:8b"]
            assert paid.seen[0].body["model"] == "mistral-large"
            assert [seen.body["model"] for seen in deckname.upstream.seen] == ["gpt-5", "x/llama-4", None]
    keys = [api.seen[0].headers.get("authorization") for api in (local, paid, deckname.upstream)]
    assert keys == [None, "Bearer sk-mistral", "Bearer sk-client"]
    assert "erika" not in local.seen[0].wire + paid.seen[0].wire


async def test_the_first_pattern_counts(start: Start) -> None:
    async with serving() as one, serving() as two:
        async with start(upstream_by_model=f"a-*={one.base},a-b*={two.base}") as deckname:
            await deckname.post(ask("a-b"))
        assert (len(one.seen), len(two.seen)) == (1, 0)


async def test_with_apis_for_some_models_only_others_are_refused(start: Start) -> None:
    async with serving() as one, start(upstream=None, upstream_by_model=f"a-*={one.base}") as deckname:
        assert (await deckname.post(ask("a-1"))).status == 200
        reply = await deckname.post(ask("b-1"))
        assert (reply.status, reply.headers["x-should-retry"]) == (404, "false")
        assert "DECKNAME_UPSTREAM" in reply.text


async def test_what_is_not_configured_is_named() -> None:
    with pytest.raises(NotConfigured, match="`upstream_ollama`"):
        Upstreams({}).choose("ollama", {"model": "m"})


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"upstream": "https://a.example/v1", "upstream_azure_key": "k"}, "upstream_azure_key"),
        ({"upstream": "https://a.example/v1", "upstream_by_model_keys": "x=k"}, "upstream_by_model_keys"),
        ({"upstream_by_model": "a-*=https://a.example"}, "upstream_by_model"),
        ({"upstream_ollama": "127.0.0.1:11434"}, "upstream_ollama"),
        ({}, "upstream"),
    ],
)
async def test_settings_without_effect_or_sense_are_reported(settings: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError) as told:
        load(settings, environ={}, serving=True)
    assert name in {each for problem in told.value.problems for each in problem.names}
    assert "=k" not in repr(told.value.problems)


async def test_keys_are_not_shown() -> None:
    given = {"upstream": "https://a.example/v1", "upstream_by_model": "x=https://a.example/v1",
             "upstream_by_model_keys": "x=sk-secret"}
    settings = load(given, environ={}, serving=True)
    assert settings.upstream_by_model_keys["x"].get_secret_value() == "sk-secret"
    assert "sk-secret" not in repr(settings)
