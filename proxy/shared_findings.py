"""The findings cache's second level: what one replica found in a text, kept in the store for the others.

What is kept are offsets and kinds, under the text's fingerprint and sealed: whoever could put an empty list there would
have a value sent as it is. A key opens one fingerprint of one tenant only, so an entry that was moved, altered or
written by another program is a miss, as is a store that does not answer. Nothing here ever fails a request.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from redis.asyncio.cluster import RedisCluster
from redis.exceptions import RedisClusterException, RedisError

from keys import derive
from keys.errors import SealBroken
from keys.seal import NONCE_BYTES, Sealer
from keys.secret import Secret
from proxy.vault.connect import Limits, connect, disconnect
from recognizers.finding import Finding

PREFIX: Final = b"deckname-found:"
_FORM: Final = b"fnd1"  # in the place of a key id; another form of the value gets another one
_PATIENCE: Final = 0.5  # seconds for one trip; when a store hangs, this is what it costs, once in a while
_PAUSE: Final = 5.0  # seconds without asking a store that did not answer
_AT_ONCE: Final = 64  # trips under way; what would be one more is a miss, or not kept

Entries = Mapping[bytes, Sequence[Finding]]  # findings by the fingerprint of their text


class SharedFindings:
    """Findings in the store at ``url``, each for ``ttl`` seconds. Nothing is connected before the first use."""

    def __init__(self, url: str, ttl: float, ca_file: Path | None = None) -> None:
        """Get ready; raises ``ValueError`` for a URL that ``proxy.vault.connect`` can't read."""
        self._client: Any = connect(url, Limits(_PATIENCE, _PATIENCE, ca_file))
        self._ttl = max(1, round(ttl * 1_000))
        self._under_way = 0
        self._silent_until = 0.0
        self._writes: set[asyncio.Task[None]] = set()

    async def recall(self, prints: Iterable[bytes], key: Secret) -> dict[bytes, list[Finding]]:
        """Return what is known of these fingerprints, in one trip; ``key`` is the tenant's fingerprint key."""
        names = {PREFIX + one: one for one in prints}
        # A cluster's own command asks each node once.
        fetch = self._client.mget_nonatomic if isinstance(self._client, RedisCluster) else self._client.mget
        answers = await self._asked(lambda: fetch(list(names))) or ()
        seals = derive.derive(key, derive.FINDINGS)
        found = {one: _opened(seals, one, sealed) for one, sealed in zip(names.values(), answers, strict=False)}
        return {one: findings for one, findings in found.items() if findings is not None}

    def remember(self, entries: Entries, key: Secret) -> None:
        """Keep these findings, in one trip that nobody waits for; while the store is busy they are not kept."""
        if entries and self._may_ask():
            task = asyncio.create_task(self._write(entries, key))
            self._writes.add(task)
            task.add_done_callback(self._writes.discard)

    async def close(self) -> None:
        """Finish what is being written, and close all connections."""
        await asyncio.gather(*self._writes, return_exceptions=True)
        await disconnect(self._client)

    async def _write(self, entries: Entries, key: Secret) -> None:
        seals = derive.derive(key, derive.FINDINGS)
        pipeline = self._client.pipeline(transaction=False)
        for one, findings in entries.items():
            pipeline.set(PREFIX + one, _sealed(seals, one, findings), px=self._ttl)
        await self._asked(pipeline.execute)

    def _may_ask(self) -> bool:
        return self._under_way < _AT_ONCE and asyncio.get_running_loop().time() >= self._silent_until

    async def _asked(self, command: Callable[[], Awaitable[Any]]) -> Any:
        """Return the store's answer; None if it gives none in time, or is not to be asked now."""
        if not self._may_ask():
            return None
        self._under_way += 1
        try:
            async with asyncio.timeout(_PATIENCE):
                return await command()
        except (RedisError, RedisClusterException, OSError, TimeoutError, AttributeError):
            # AttributeError: in redis-py another task may close a connection between our taking and our using it.
            self._silent_until = asyncio.get_running_loop().time() + _PAUSE
            return None
        finally:
            self._under_way -= 1


def _sealer(seals: Secret, fingerprint: bytes) -> Sealer:
    """Give the key of one entry: so few seals share a key that random nonces never run out."""
    return Sealer(Secret(derive.keyed(seals, fingerprint)), _FORM)


def _sealed(seals: Secret, fingerprint: bytes, findings: Sequence[Finding]) -> bytes:
    plain = json.dumps([[f.start, f.end, f.kind, f.score, f.recognizer] for f in findings], separators=(",", ":"))
    return _sealer(seals, fingerprint).seal(plain.encode(), fingerprint, secrets.token_bytes(NONCE_BYTES))


def _opened(seals: Secret, fingerprint: bytes, sealed: bytes | None) -> list[Finding] | None:
    if sealed is None:
        return None
    try:
        plain = _sealer(seals, fingerprint).open(sealed, fingerprint)
    except SealBroken:
        return None
    return [Finding(*fields) for fields in json.loads(plain)]
