"""What the provider keeps for a caller (responses, conversations, files, …), and the scope its tokens belong to.

Each object has a record of its own in the vault (see proxy/vault/kept.py), named by the keyed HMAC of its kind and id.
A record lives as long as any scope.
"""

import asyncio
import re
from collections.abc import Iterable
from typing import Final

from keys import derive
from proxy.caller import Tenant
from proxy.dialects import Reference
from proxy.errors import Unavailable, UnknownObject
from proxy.restore import Issued
from proxy.scope import Scope
from proxy.vault.kept import Kept, read, record_scope, written
from proxy.vault.protocol import Vault, VaultUnavailable

__all__ = ["Kept", "StoredObjects"]

TOKEN: Final = re.compile(r"\[[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_[1-9][0-9]{0,8}(?:_[A-Z]+[0-9]*)?\]")


class StoredObjects:
    """The records of objects at the provider. Every method raises ``Unavailable`` where the vault can't be reached."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def keep(self, tenant: Tenant, references: Iterable[Reference], kept: Kept) -> None:
        """Remember that the objects are ``kept``."""
        try:
            claim = written(kept, await self._vault.life(kept.scope))
            await asyncio.gather(*(self._vault.allocate(_record(tenant, each), [claim]) for each in references))
        except VaultUnavailable:
            raise _unavailable() from None

    async def look_up(self, tenant: Tenant, reference: Reference) -> Kept | None:
        """Return what is known of an object; nothing any more once the values of its scope are gone."""
        try:
            found = read(await self._vault.known(_record(tenant, reference)))
            if found is None:
                return None
            kept, life = found
            return kept if not life or life == await self._vault.life(kept.scope) else None
        except VaultUnavailable:
            raise _unavailable() from None

    async def find(self, tenant: Tenant, reference: Reference, owner: str) -> Kept:
        """Return what is known of an object of ``owner``'s; raises ``UnknownObject`` where that is nothing."""
        kept = await self.look_up(tenant, reference)
        if kept is None or kept.owner != owner:
            kind = reference.kind.replace("_", " ")
            raise UnknownObject(
                f"unknown_{reference.kind}",
                f"There is no such {kind} that was made through Deckname by this caller, or its record expired.",
            )
        return kept

    async def recall(self, scope: Scope, text: str) -> list[Issued]:
        """Return the values behind the tokens of ``scope`` that stand in a text, in their exact form."""
        try:
            values = await self._vault.restore(scope, [match[0] for match in TOKEN.finditer(text)])
        except VaultUnavailable:
            raise _unavailable() from None
        return [Issued(token, value) for token, value in values.items()]

    async def forget(self, tenant: Tenant, reference: Reference) -> None:
        """Erase the record of an object that is gone."""
        try:
            await self._vault.forget(_record(tenant, reference))
        except VaultUnavailable:
            raise _unavailable() from None


def _record(tenant: Tenant, reference: Reference) -> Scope:
    return record_scope(tenant.id, derive.identifier(tenant.key, f"stored {reference.kind}", reference.id))


def _unavailable() -> Unavailable:
    return Unavailable("vault_unavailable", "The vault can't be reached.")
