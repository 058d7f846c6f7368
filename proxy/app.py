"""The running proxy: what is opened, in which order, and closed again in the reverse one."""

import resource
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from aiohttp import ClientTimeout, web
from pydantic import SecretStr

from keys import derive
from keys.secret import Secret
from keys.sources import KeySource
from proxy.caller import Callers
from proxy.clients import ClientKeys
from proxy.custodian import administration, audit_trail, key_source, open_vault
from proxy.findings_cache import FindingsCache
from proxy.foresight import Foresight
from proxy.gateway import Gateway
from proxy.health import admin_application
from proxy.metrics import Metrics
from proxy.model_data.replies import Handling, Handlings, ModelData
from proxy.operators import Operators
from proxy.policy import Policy
from proxy.pseudonymise import Pseudonymiser
from proxy.readback import ToolPolicy
from proxy.routes import Api
from proxy.scope import Linkability, ScopeRules
from proxy.services import Services
from proxy.settings import Address, Settings
from proxy.shared_findings import SharedFindings
from proxy.spreads import Spreads
from proxy.store import opened
from proxy.stored import StoredObjects
from proxy.upstream import Upstream
from proxy.upstreams import Upstreams
from proxy.vault import Opened
from proxy.vault.measured import MeasuredVault
from proxy.vault.protocol import Vault
from proxy.workers import DetectorWorkers
from recognizers.config import DetectorConfig


@dataclass(frozen=True, slots=True)
class Running:
    """A proxy that answers. ``address`` and ``admin_address`` are where it really listens."""

    address: Address
    admin_address: Address


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """Open everything a proxy needs and answer requests; on leaving, let running replies finish and close it all."""
    metrics = Metrics()
    _raise_file_limit()
    async with AsyncExitStack() as stack:
        keys = key_source(settings)
        store = await stack.enter_async_context(opened(settings))
        both = _vault(stack, settings, store, keys)
        vault = both.vault
        detector = await _detector(stack, settings)
        metrics.watch_detector(lambda: detector.pending)
        shared = _shared_findings(stack, settings, store)
        findings = FindingsCache(detector, settings.findings_cache // 2, metrics.texts, shared)
        foresight = Foresight(findings, busy=lambda: detector.pending > 0)
        stack.push_async_callback(foresight.close)
        upstreams = await _upstreams(stack, settings)
        pseudonymise = _pseudonymiser(settings, findings, MeasuredVault(vault, metrics.vault), keys)
        services = Services(
            Callers(ClientKeys(settings.clients_path), lambda: keys.current().root, scope_rules(settings)),
            pseudonymise,
            StoredObjects(vault),
            metrics,
            ToolPolicy(settings.tool_arguments),
            foresight,
            _model_data(settings, findings, pseudonymise.policy, metrics),
            keepalive=settings.keepalive_seconds,
            depth_limit=settings.depth_limit,
            drop_attachments=settings.attachments == "drop",
        )

        async def keys_ready() -> None:
            keys.current()

        checks = {"store": vault.ready, "detector": detector.ready, "keys": keys_ready}
        admin = admin_application(checks, metrics, _secret(settings.admin_token))
        admin.add_routes(administration(settings, both, keys).routes())
        application = Gateway(services, upstreams).application(settings.body_limit)
        yield Running(
            await _listening(stack, application, settings.listen, settings.drain_seconds),
            await _listening(stack, admin, settings.admin_listen, 0),
        )


def _vault(stack: AsyncExitStack, settings: Settings, store: str, keys: KeySource) -> Opened:
    both = open_vault(settings, store, keys)
    stack.push_async_callback(both.vault.close)
    return both


def _shared_findings(stack: AsyncExitStack, settings: Settings, store: str) -> SharedFindings | None:
    if not settings.findings_ttl:
        return None
    shared = SharedFindings(store, settings.findings_ttl, settings.redis_ca_file)
    stack.push_async_callback(shared.close)
    return shared


def _model_data(settings: Settings, findings: FindingsCache, policy: Policy, metrics: Metrics) -> ModelData:
    by_client = {name: Handling(handling) for name, handling in settings.model_data_by_client.items()}
    handlings = Handlings(Handling(settings.model_data), by_client)
    return ModelData(findings, policy, metrics, audit_trail(settings), handlings)


async def _detector(stack: AsyncExitStack, settings: Settings) -> DetectorWorkers:
    detector = DetectorWorkers(
        detector_config(settings),
        workers=settings.detector_workers,
        deadline=settings.detect_deadline,
        queue=settings.queue_limit,
        memory=settings.detector_memory,
    )
    stack.push_async_callback(detector.close)
    await detector.start()
    return detector


async def _upstreams(stack: AsyncExitStack, settings: Settings) -> Upstreams:
    timeout = ClientTimeout(total=None, sock_connect=settings.connect_timeout, sock_read=settings.read_timeout)

    def upstream(base: str, key: SecretStr | None, **options: Any) -> Upstream:
        return Upstream(base, key=_secret(key), timeout=timeout, **options)

    by_api: dict[Api, Upstream] = {}
    if settings.upstream:
        by_api["openai"] = upstream(settings.upstream, settings.upstream_key)
    if settings.upstream_anthropic:
        key = settings.upstream_anthropic_key
        by_api["anthropic"] = upstream(settings.upstream_anthropic, key, bearer="x-api-key")
    if settings.upstream_azure:
        by_api["azure"] = upstream(settings.upstream_azure, settings.upstream_azure_key, bearer="api-key")
    if settings.upstream_ollama:
        by_api["ollama"] = upstream(settings.upstream_ollama, settings.upstream_ollama_key, client_key=False)
    keys = settings.upstream_by_model_keys
    by_model = settings.upstream_by_model.items()
    upstreams = Upstreams(by_api, {name: upstream(url, keys.get(name), client_key=False) for name, url in by_model})
    stack.push_async_callback(upstreams.close)
    await upstreams.start()
    return upstreams


def _pseudonymiser(settings: Settings, findings: FindingsCache, vault: Vault, keys: KeySource) -> Pseudonymiser:
    policy = Policy(settings.actions, settings.default_action, settings.thresholds)
    operators = Operators(derive.derive(keys.current().root, "operators").expose())
    operators.load(policy)
    return Pseudonymiser(
        findings,
        vault,
        policy,
        operators,
        Spreads(settings.findings_cache // 2),
        guard_urls=settings.guard_urls,
        attachments=settings.attachments == "pass",
    )


def _raise_file_limit() -> None:
    """Allow as many open files as the system lets this process have: every stream takes two sockets."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _secret(value: SecretStr | None) -> str | None:
    return None if value is None else value.get_secret_value()


async def _listening(stack: AsyncExitStack, application: web.Application, address: Address, drain: float) -> Address:
    # Without handler_cancellation a client's leaving would go unnoticed and the provider would go on generating.
    runner = web.AppRunner(application, handler_cancellation=True, access_log=None, shutdown_timeout=drain)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, address.host, address.port)
    await site.start()
    host, port = runner.addresses[0][:2]
    return Address(host, port)


def detector_config(settings: Settings) -> DetectorConfig:
    """Return what the settings say about detection."""
    return DetectorConfig(
        languages=settings.languages,
        pipeline=None if settings.name_model == "bundled" else settings.name_model,
        recognizers=settings.recognizers,
        yaml_files=tuple(map(str, settings.recognizer_files)),
        deny_lists=tuple((kind, str(path)) for kind, path in settings.deny_lists.items()),
        disabled=frozenset(settings.disabled_kinds),
    )


def scope_rules(settings: Settings) -> ScopeRules:
    """Return what the settings say about who is believed to be whom."""
    secret = _secret(settings.openwebui_jwt_secret)
    return ScopeRules(
        Linkability(settings.linkability),
        settings.conversation_headers,
        settings.user_headers,
        tuple(map(ip_network, settings.trusted_peers)),
        Secret(secret.encode()) if secret else None,
    )
