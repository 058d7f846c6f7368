"""What an operator needs of an installation: its key ring, its vault and its audit trail, as the settings say."""

import os
import pwd
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from keys.ring import KeyRing
from keys.sources import KeySource, open_source
from proxy.administration import Administration, operator_digest
from proxy.audit import AuditFile
from proxy.caller import Tenant
from proxy.settings import Settings
from proxy.store import opened
from proxy.vault import Opened, VaultSettings, open_both
from proxy.vault.access import Access, Operator, Role
from proxy.vault.custody import Progress, unheard
from proxy.vault.transit import TransitWrapper

REQUEST_SECONDS: Final = 2.0  # what a request waits for the store
OPERATOR_SECONDS: Final = 60.0  # a tenant's whole scope may be large, and nobody is waiting but the operator


@dataclass(frozen=True, slots=True)
class Custodian:
    """An opened installation in an operator's hands."""

    keys: KeySource
    opened: Opened
    audit: AuditFile

    def tenant(self, name: str) -> Tenant:
        """Return the tenant called ``name``."""
        return Tenant.of(self.keys.current().root, name)

    def access(self, reason: str = "", progress: Progress = unheard) -> Access:
        """Return the access of whoever runs this program: who may read the key ring may do everything."""
        return Access(self.opened.custody, self.audit, Operator(operator_name(), frozenset(Role)), reason, progress)


def operator_name() -> str:
    """Return what the audit trail calls whoever runs this program."""
    try:
        return f"local:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:  # a container may run as a number that has no name
        return f"local:{os.getuid()}"


def key_source(settings: Settings) -> KeySource:
    """Return the source of the key ring; a file is created if it is not there."""
    return open_source(settings.key_ring, lambda: KeyRing.generate(secrets.token_bytes, int(time.time())))


def audit_trail(settings: Settings) -> AuditFile:
    """Return the audit trail in the data folder, which is made if it is not there."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return AuditFile(settings.data_dir / "audit.jsonl", time.time)


def vault_settings(settings: Settings, patience: float = REQUEST_SECONDS) -> VaultSettings:
    """Return what the settings say about the vault; ``patience`` is how many seconds a command may take."""
    return VaultSettings(
        command=patience,
        idle=int(settings.ttl),
        maximum=int(settings.ttl_max),
        replicas=settings.redis_replicas,
        unsaved=settings.redis_unsaved,
        ca_file=settings.redis_ca_file,
        dek_url=settings.dek_url.get_secret_value() if settings.dek_url else "",
    )


def open_vault(settings: Settings, url: str, keys: KeySource, patience: float = REQUEST_SECONDS) -> Opened:
    """Open vault and custody on the store at ``url``; DEKs are wrapped by the key ring, or by a transit engine."""
    wrapper = None
    if settings.transit_url and (file := settings.transit_token_file):
        def token() -> str:
            return file.read_text("utf-8").strip()

        wrapper = TransitWrapper(settings.transit_url, settings.transit_key, token, clock=time.monotonic)
    return open_both(url, keys, vault_settings(settings, patience), wrapper=wrapper)


def administration(settings: Settings, both: Opened, keys: KeySource) -> Administration:
    """Return the administration for the operators that the settings name."""
    operators = {
        operator_digest(settings.operator_tokens[name].get_secret_value()): Operator(
            name, frozenset(map(Role, roles.split("+")))
        )
        for name, roles in settings.operators.items()
    }
    tenant = partial(Tenant.of, keys.current().root)
    return Administration(both.custody, audit_trail(settings), tenant, operators)


@asynccontextmanager
async def custodian(settings: Settings) -> AsyncIterator[Custodian]:
    """Open an installation, also one whose proxy is serving, and close it again."""
    keys = key_source(settings)
    async with opened(settings, share=True) as url:
        both = open_vault(settings, url, keys, OPERATOR_SECONDS)
        try:
            yield Custodian(keys, both, audit_trail(settings))
        finally:
            await both.vault.close()
