"""The embedded store against a real Valkey: durable, private, restarted, and one Deckname's alone."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff

from proxy.settings import Settings
from proxy.store import EmbeddedStore, StoreError, opened


@asynccontextmanager
async def started(directory: Path) -> AsyncIterator[tuple[EmbeddedStore, "Redis"]]:
    store = EmbeddedStore(directory)
    await store.start()
    client = Redis.from_url(store.url)
    try:
        yield store, client
    finally:
        await client.aclose()
        await store.stop()


async def test_it_keeps_an_append_only_file_and_evicts_nothing(tmp_path: Path) -> None:
    async with started(tmp_path / "with space % and ü") as (store, client):
        assert await client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert await client.config_get("appendonly") == {"appendonly": "yes"}
        assert await client.config_get("port") == {"port": "0"}
        assert stat.S_IMODE(store.directory.stat().st_mode) == 0o700
        assert stat.S_IMODE(store.socket.stat().st_mode) == 0o700


async def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    async with started(tmp_path) as (_, client):
        await client.set("a", "1")
    async with started(tmp_path) as (_, client):
        assert await client.get("a") == b"1"


async def test_a_killed_server_comes_back_with_every_acknowledged_write(tmp_path: Path) -> None:
    async with started(tmp_path) as (store, client):
        for number in range(200):
            await client.set(f"k{number}", number)
        killed = store.pid
        assert killed
        os.kill(killed, signal.SIGKILL)
        while store.pid in {None, killed} or not store.socket.exists():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.02)
        async with Redis.from_url(store.url, retry=Retry(ConstantBackoff(0.05), 200)) as again:
            assert await again.dbsize() == 200


async def test_two_cannot_use_one_folder(tmp_path: Path) -> None:
    async with started(tmp_path):
        with pytest.raises(StoreError, match="Another Deckname"):
            await EmbeddedStore(tmp_path).start()


async def test_a_store_left_by_a_killed_deckname_is_taken_over(tmp_path: Path) -> None:
    code = f"""
import asyncio, os
from pathlib import Path
from redis.asyncio import Redis
from proxy.store import EmbeddedStore
async def main():
    store = EmbeddedStore(Path({str(tmp_path)!r}))
    await store.start()
    await Redis.from_url(store.url).set("a", "1")
    print(store.pid, flush=True)
    os.kill(os.getpid(), 9)
asyncio.run(main())
"""
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=subprocess.PIPE)
    out, _ = await child.communicate()
    orphan = int(out)
    os.kill(orphan, 0)  # it lives on
    async with started(tmp_path) as (store, client):
        assert store.pid != orphan
        assert await client.get("a") == b"1"


async def test_a_path_too_long_for_a_socket_gets_a_private_one_elsewhere(tmp_path: Path) -> None:
    async with started(tmp_path / ("x" * 90)) as (store, client):
        assert await client.ping()
        assert store.socket.parent != store.directory
        assert stat.S_IMODE(store.socket.parent.stat().st_mode) == 0o700
    store.socket.parent.rmdir()


async def test_a_server_that_cannot_start_says_where_to_look(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    (directory / "appendonlydir").mkdir(parents=True)
    (directory / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(StoreError, match=r"valkey\.log"):
        await EmbeddedStore(directory).start()
    (directory / "appendonlydir" / "appendonly.aof.manifest").unlink()
    async with started(directory) as (_, client):  # the lock was given back
        assert await client.ping()


async def test_a_command_shares_the_store_of_a_serving_deckname(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    async with opened(settings) as serving, opened(settings, share=True) as shared:
        assert shared == serving
    async with opened(settings, share=True) as own:
        assert own == serving
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"redis_url": "redis://x/0"}, "redis://x/0"),
        ({"redis_url": "redis://x:1/0", "redis_password": "a b@c"}, "redis://:a%20b%40c@x:1/0"),
        ({"redis_url": "rediss+sentinel://u@a,b/0?service=s", "redis_password": "p"},
         "rediss+sentinel://u:p@a,b/0?service=s"),
    ],
)
async def test_a_configured_redis_is_used_as_it_is(given: dict[str, str], url: str, tmp_path: Path) -> None:
    async with opened(Settings.model_validate({"data_dir": str(tmp_path / "data"), **given})) as found:
        assert found == url
    assert not (tmp_path / "data").exists()
