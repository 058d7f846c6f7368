"""Presidio's services answer as its containers do, and where there is no LiteLLM its row is left out."""

from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from benchmarks.load import litellm
from benchmarks.load.measure import Beside, Results
from benchmarks.load.presidio_services import application
from benchmarks.load.processes import Setting
from benchmarks.load.report import markdown

TEXT = "My name is Harriet Baskerville and my card is 4111 1111 1111 1111."
WHERE = Setting("http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1", pid=0, start_seconds=0.0)  # nobody listens there


async def test_what_the_analyzer_finds_the_anonymizer_replaces() -> None:
    async with TestClient(TestServer(application())) as client:
        asked = {"text": TEXT, "language": "en", "entities": ["PERSON", "CREDIT_CARD"]}
        async with client.post("/analyze", json=asked) as reply:
            assert reply.content_type == "application/json"
            found = await reply.json()
        assert {TEXT[item["start"] : item["end"]]: item["entity_type"] for item in found} == {
            "Harriet Baskerville": "PERSON",
            "4111 1111 1111 1111": "CREDIT_CARD",
        }
        async with client.post("/analyze", json={"text": TEXT, "language": "en"}) as reply:
            assert {"PERSON", "CREDIT_CARD"} < {item["entity_type"] for item in await reply.json()}  # and more
        async with client.post("/anonymize", json={"text": TEXT, "analyzer_results": found}) as reply:
            assert reply.content_type == "application/json"
            replaced = await reply.json()
    assert replaced["text"] == "My name is <PERSON> and my card is <CREDIT_CARD>."
    assert {item["entity_type"] for item in replaced["items"]} == {"PERSON", "CREDIT_CARD"}


async def test_without_litellm_its_row_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(litellm.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    results = Results()
    with pytest.raises(litellm.Absent, match=f"left out.*{litellm.VARIABLE}"):
        await litellm.beside(WHERE, results)
    assert "LiteLLM" not in markdown(results)


async def test_a_litellm_that_does_not_start_is_left_out_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "litellm"
    program.write_text("#!/bin/sh\necho its proxy is not installed >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv(litellm.VARIABLE, str(program))
    with pytest.raises(litellm.Absent, match="its proxy is not installed"):
        await litellm.beside(WHERE, Results())


def test_a_command_is_named_or_on_the_search_path(tmp_path: Path) -> None:
    program = tmp_path / "litellm"
    program.touch(mode=0o755)
    assert litellm.command({"PATH": str(tmp_path)}) == str(program)
    assert litellm.command({"PATH": "", litellm.VARIABLE: str(program)}) == str(program)
    with pytest.raises(litellm.Absent, match="nowhere"):
        litellm.command({"PATH": str(tmp_path), litellm.VARIABLE: str(tmp_path / "nowhere")})


def test_the_row_shows_both_and_their_ratio() -> None:
    results = Results(peers={"LiteLLM 1.2": {"1 kB, cold": Beside(peer=120.0, ours=30.0)}})
    assert "| LiteLLM 1.2 | 120.0 / 30.0 (4.0 times) |" in markdown(results).splitlines()
