"""A whole proxy at the wire that is light: its detector knows a pattern, its vault is memory, all in one event loop.

What is in between is the real thing: routes, dialects, ledger, restoring, HTTP on both sides.
"""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from keys.secret import Secret
from proxy.audit import AuditFile
from proxy.caller import Callers
from proxy.clients import ClientKeys
from proxy.findings_cache import FindingsCache
from proxy.foresight import Foresight
from proxy.gateway import Gateway
from proxy.metrics import Metrics
from proxy.model_data.replies import Handlings, ModelData
from proxy.operators import Operators
from proxy.policy import Policy
from proxy.pseudonymise import Pseudonymiser
from proxy.readback import ToolPolicy
from proxy.scope import ScopeRules
from proxy.services import Services
from proxy.stored import StoredObjects
from proxy.upstream import Upstream
from proxy.upstreams import Upstreams
from proxy.vault.memory import MemoryVault
from recognizers.finding import EMAIL, LITERAL, Finding
from tests.gateway.conftest import Deckname
from tests.upstream import serving

CANARY = re.compile(r"kanari[0-9]@beispiel\.example")


class Canaries:
    """A detector that knows the canaries and text in the form of a token, as the real one does."""

    version = "canaries"

    async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> list[list[Finding]]:
        return [
            [Finding(*m.span(), LITERAL if m[0].startswith("[") else EMAIL, 1.0, "canaries") for m in found(text)]
            for text in texts
        ]


def found(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"{CANARY.pattern}|\[[A-Z]+_[0-9]+\]", text)


def services(folder: Path) -> Services:
    findings, vault, policy, metrics = FindingsCache(Canaries(), 1 << 20), MemoryVault(), Policy(), Metrics()
    root = Secret(b"k" * 32)
    return Services(
        Callers(ClientKeys(folder / "clients.json"), lambda: root, ScopeRules()),
        Pseudonymiser(findings, vault, policy, Operators(b"s" * 16)),
        StoredObjects(vault),
        metrics,
        ToolPolicy(),
        Foresight(findings, busy=lambda: True),
        ModelData(findings, policy, metrics, AuditFile(folder / "audit.jsonl", lambda: 0.0), Handlings()),
        keepalive=15.0,
        depth_limit=64,
    )


@asynccontextmanager
async def light(folder: Path) -> AsyncIterator[Deckname]:
    """Run the proxy in front of a recording upstream."""
    async with serving() as upstream:
        options: Any = {"key": None, "timeout": aiohttp.ClientTimeout(total=60)}
        host = upstream.base.removesuffix("/v1")
        upstreams = Upstreams({
            "openai": Upstream(upstream.base, **options), "anthropic": Upstream(upstream.base, **options),
            "azure": Upstream(host, **options), "ollama": Upstream(host, **options),
        })  # fmt: skip
        await upstreams.start()
        runner = web.AppRunner(Gateway(services(folder), upstreams).application(1 << 20), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = "http://{}:{}/v1".format(*runner.addresses[0][:2])
        try:
            async with aiohttp.ClientSession() as http:
                yield Deckname(base, "", upstream, http, folder)
        finally:
            await runner.cleanup()
            await upstreams.close()
