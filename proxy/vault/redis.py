"""The store on Redis 7 or later, or Valkey: one hash per scope, one script per round trip.

Scripts take one key each and the key is its own hash tag, so a scope lies in one cluster slot. Commands are not
retried after a time-out here: what was asked is either answered in time or the caller hears VaultUnavailable.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Any, Final, cast

from redis.exceptions import (
    AskError,
    ClusterError,
    MovedError,
    NoScriptError,
    RedisClusterException,
    RedisError,
    ResponseError,
)

from proxy.vault.connect import disconnect
from proxy.vault.protocol import VaultUnavailable
from proxy.vault.record import HEAD_BYTES
from proxy.vault.store import Draft, Outcome, Row, Snapshot

log = logging.getLogger(__name__)

PREFIX: Final = "deckname:"
SCAN_COUNT: Final = 1000
REDIRECTIONS: Final = 5
PAUSES: Final = (0.01, 0.05, 0.1, 0.2, 0.4)  # seconds
SAFE_POLICY: Final = "noeviction"
_SCRIPTS: Final = ("commit", "read", "rewrap", "reseal", "bury", "remove")
_HEAD_FIELDS: Final = 4  # and two for each token
_UNUSED: Final = ("", "")  # in the place of idle and maximum: leave the expiry alone


@dataclass(frozen=True, slots=True)
class _Script:
    text: str
    sha: str


def _script(name: str) -> _Script:
    text = files("proxy.vault").joinpath(f"{name}.lua").read_text(encoding="utf-8")
    return _Script(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a store is used: expiry, patience in seconds, commands under way at once.

    `replicas` must confirm what is written, within `confirming` seconds, which are fewer than one answer may take.
    `unsaved` says what is done about a store that keeps no append-only file, where no replica has to confirm either:
    "warn", "refuse" to be ready, or "accept".
    """

    idle: int
    maximum: int
    seconds: float
    at_once: int
    replicas: int = 0
    confirming: float = 1.0
    unsaved: str = "warn"


class RedisStore:
    """A Store on one server, or on the master that Sentinel names."""

    def __init__(self, client: Any, terms: Terms, *, prefix: str = PREFIX) -> None:
        self._client = client
        self._prefix = prefix
        self._terms = terms
        self._limits = (str(terms.idle), str(terms.maximum))
        self._places = asyncio.Semaphore(terms.at_once)
        self._scripts = {name: _script(name) for name in _SCRIPTS}
        self._warned = False

    async def read(self, key: str, *, use: bool = True, at_most: int | None = None) -> Snapshot | None:
        """Give all of a scope."""
        fields = "" if at_most is None else str(_HEAD_FIELDS + 2 * at_most)
        return _snapshot(await self._run("read", key, *(self._limits if use else _UNUSED), "all", fields))

    async def pick(self, key: str, tokens: Sequence[str], *, use: bool = True) -> Snapshot | None:
        """Give a scope with only the records of `tokens`."""
        return _snapshot(await self._run("read", key, *(self._limits if use else _UNUSED), "some", *tokens))

    async def commit(self, key: str, draft: Draft) -> Outcome:
        """Write all rows, or none."""
        revision = "" if draft.revision is None else str(draft.revision)
        arguments = (*self._limits, draft.incarnation, draft.dek, revision, *_flat(draft.rows))
        answer = await self._write("commit", key, *arguments)
        return Outcome(answer[0] == 1, _snapshot(answer[1]) if len(answer) > 1 else None)

    async def replace_dek(self, key: str, incarnation: bytes, old: bytes, new: bytes) -> bool:
        """Put a rewrapped DEK in the place of the old one."""
        return bool(await self._write("rewrap", key, incarnation, old, new))

    async def reseal(self, key: str, seen: Snapshot, draft: Draft) -> bool:
        """Put another incarnation in the place of a scope."""
        picture = (seen.incarnation, str(seen.revision))
        return bool(await self._write("reseal", key, *picture, draft.incarnation, draft.dek, *_flat(draft.rows)))

    async def bury(self, key: str, incarnation: bytes, graves: Sequence[Row]) -> bool:
        """Put graves in the place of records."""
        return bool(await self._write("bury", key, incarnation, *_flat(graves)))

    async def pages(self, key: str) -> AsyncIterator[Mapping[str, bytes]]:
        """Give a scope's records, a page at a time."""
        cursor, begun = 0, False
        while cursor or not begun:
            page = partial(self._client.hscan, self._name(key), cursor, match="t:*", count=SCAN_COUNT)
            cursor, fields = await self._asked(page)
            begun = True
            yield {name[2:].decode("ascii"): record for name, record in fields.items()}

    async def remove(self, key: str, incarnation: bytes = b"") -> int:
        """Erase a scope."""
        return int(await self._write("remove", key, str(HEAD_BYTES), incarnation))

    async def scan(self, prefix: str) -> AsyncIterator[str]:
        """Give the keys of all scopes under a prefix; a cluster is asked node by node."""
        pattern = f"{self._prefix}{{{prefix}*"
        try:
            async for name in self._client.scan_iter(match=pattern, count=SCAN_COUNT):
                yield name.decode("ascii").removeprefix(self._prefix)[1:-1]
        except (RedisError, RedisClusterException, OSError) as error:
            raise VaultUnavailable(f"the store does not answer ({type(error).__name__})") from None

    async def ready(self) -> None:
        """Answer to a ping, and never evict what was acknowledged."""
        await self._asked(self._client.ping)
        if await self._settings("maxmemory-policy") - {SAFE_POLICY}:
            raise VaultUnavailable("the store may evict mappings: set maxmemory-policy to noeviction")
        if self._terms.unsaved != "accept" and not self._terms.replicas:
            await self._saved()

    async def _saved(self) -> None:
        if "no" not in await self._settings("appendonly"):
            return
        if self._terms.unsaved == "refuse":
            raise VaultUnavailable("the store would lose mappings with its process: set appendonly to yes")
        if not self._warned:
            log.warning("The store keeps no append-only file: what is pseudonymised now cannot be restored once the "
                        "store has been restarted. Set appendonly to yes, or see redis_replicas and redis_unsaved.")
            self._warned = True

    async def close(self) -> None:
        """Close all connections."""
        await disconnect(self._client)

    async def _settings(self, name: str) -> set[str]:
        """Give what a setting of the servers is; nothing where they hide it, as managed ones do."""
        try:
            found: set[str] = await self._asked(lambda: self._configured(name))
        except _Refused:
            return set()
        return found

    async def _configured(self, name: str) -> set[str]:
        return set((await self._client.config_get(name)).values())

    async def _write(self, name: str, key: str, *arguments: str | bytes) -> Any:
        """Run a script, and where replicas are asked for wait on the same connection until they have what it wrote."""
        if not self._terms.replicas:
            return await self._run(name, key, *arguments)
        for _ in range(REDIRECTIONS):
            answer, confirmed = await self._asked(lambda: self._run_and_wait(name, self._name(key), arguments))
            if isinstance(answer, NoScriptError):
                await self._asked(lambda: self._client.script_load(self._scripts[name].text))
            elif isinstance(answer, (MovedError, AskError)):
                await self.pick(key, (), use=False)  # which follows the redirection and learns from it
            elif isinstance(answer, Exception) or isinstance(confirmed, Exception):
                raise VaultUnavailable("the store could not write and confirm")
            elif confirmed < self._terms.replicas:
                raise VaultUnavailable("too few replicas confirmed what was written")
            else:
                return answer
        raise VaultUnavailable("the store keeps moving a scope")

    async def _run_and_wait(self, name: str, key: str, arguments: Sequence[str | bytes]) -> list[Any]:
        pipeline = self._client.pipeline(transaction=False)
        pipeline.execute_command("EVALSHA", self._scripts[name].sha, 1, key, *arguments)
        pipeline.execute_command("WAIT", *self._wait)
        results: list[Any] = await pipeline.execute(raise_on_error=False)
        return results

    @property
    def _wait(self) -> tuple[int, int]:
        """How many replicas are waited for, and how many milliseconds."""
        return self._terms.replicas, int(self._terms.confirming * 1000)

    async def _run(self, name: str, key: str, *arguments: str | bytes) -> Any:
        script = self._scripts[name]
        try:
            return await self._asked(lambda: self._client.evalsha(script.sha, 1, self._name(key), *arguments))
        except NoScriptError:
            return await self._asked(lambda: self._client.eval(script.text, 1, self._name(key), *arguments))

    def _name(self, key: str) -> str:
        return f"{self._prefix}{{{key}}}"

    async def _asked(self, command: Callable[[], Awaitable[Any]]) -> Any:
        task = asyncio.current_task()
        cancellations = task.cancelling() if task else 0
        try:
            async with asyncio.timeout(self._terms.seconds), self._places:
                answer = await command()
        except NoScriptError:
            raise
        except ResponseError as error:
            raise _Refused(f"the store refused a command ({type(error).__name__})") from None
        except (RedisError, RedisClusterException, OSError, TimeoutError, AttributeError) as error:
            # AttributeError: in redis-py another task may close a connection between our taking and our using it.
            raise VaultUnavailable(f"the store does not answer ({type(error).__name__})") from None
        # Before Python 3.12 asyncio.wait_for, which the client uses, can swallow a cancellation (CPython issue 86296).
        if task and task.cancelling() > cancellations:
            raise asyncio.CancelledError
        return answer


class ClusterStore(RedisStore):
    """A Store on a cluster: what concerns all nodes is asked of each, and a scope's own node confirms."""

    async def _asked(self, command: Callable[[], Awaitable[Any]]) -> Any:
        return await super()._asked(lambda: self._insisted(command))

    @staticmethod
    async def _insisted(command: Callable[[], Awaitable[Any]]) -> Any:
        """Ask again after redirections that ran in circles, or while the cluster elects.

        While a slot moves, redis-py sends ASKING and the command itself on two connections, which need not be the same.
        """
        for pause in PAUSES:
            try:
                return await command()
            except ClusterError:
                await asyncio.sleep(pause)
        return await command()

    async def _configured(self, name: str) -> set[str]:
        answers = [
            await self._client.execute_command("CONFIG GET", name, target_nodes=node)
            for node in await self._primaries()
        ]
        return {value for answer in answers for value in answer.values()}

    async def _run_and_wait(self, name: str, key: str, arguments: Sequence[str | bytes]) -> list[Any]:
        await self._client.initialize()
        node = self._client.get_node_from_key(key)
        pipeline = self._client.pipeline()
        pipeline.execute_command("EVALSHA", self._scripts[name].sha, 1, key, *arguments, target_nodes=node)
        pipeline.execute_command("WAIT", *self._wait, target_nodes=node)
        results: list[Any] = await pipeline.execute(raise_on_error=False, allow_redirections=False)
        return results

    async def _primaries(self) -> list[Any]:
        await self._client.initialize()
        nodes: list[Any] = self._client.get_primaries()
        return nodes


class _Refused(VaultUnavailable):
    """The store answered, with an error; its text may quote arguments and is not repeated."""


def _flat(rows: Sequence[Row]) -> list[str | bytes]:
    return [part for row in rows for part in (row.digest, row.token, row.record)]


def _snapshot(answer: Any) -> Snapshot | None:
    fields = _pairs(answer)
    if not fields:
        return None
    return Snapshot(
        incarnation=fields[b"i"],
        dek=fields[b"d"],
        revision=int(fields[b"r"]),
        life=fields[b"c"].decode("ascii"),
        index={name[2:]: value.decode("ascii") for name, value in fields.items() if name.startswith(b"v:")},
        records={name[2:].decode("ascii"): value for name, value in fields.items() if name.startswith(b"t:")},
    )


def _pairs(answer: Any) -> Mapping[bytes, bytes]:
    if isinstance(answer, dict):  # RESP3
        return cast("Mapping[bytes, bytes]", answer)
    flat = iter(answer)
    return dict(zip(flat, flat, strict=True))
