"""What the provider keeps for a caller (responses, conversations, files, …), and the scope its tokens belong to.

Each object has a record of its own in the vault: a scope named by the keyed HMAC of its kind and id, with one sealed
entry that says whose it is and which scope holds its values. A record lives as long as any scope.
"""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from keys import derive
from proxy.caller import Tenant
from proxy.dialects import Reference
from proxy.errors import Unavailable, UnknownObject
from proxy.restore import Issued
from proxy.scope import Scope
from proxy.vault.protocol import Claim, Vault, VaultUnavailable

TOKEN: Final = re.compile(r"\[[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_[1-9][0-9]{0,8}(?:_[A-Z]+[0-9]*)?\]")
KIND: Final = "SCOPE"
_NOBODY: Final = "-"


@dataclass(frozen=True, slots=True)
class Kept:
    """The scope of an object's tokens, and the user who made it, as a keyed identifier, if headers proved one.

    ``model`` is the one that made it: the provider behind that model is where the object is.
    """

    scope: Scope
    owner: str = ""
    model: str = ""


class StoredObjects:
    """The records of objects at the provider. Every method raises ``Unavailable`` where the vault can't be reached."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def keep(self, tenant: Tenant, references: Iterable[Reference], kept: Kept) -> None:
        """Remember that the objects are ``kept``."""
        claim = Claim(KIND, f"{kept.owner or _NOBODY} {kept.scope.key} {kept.model}")
        try:
            await asyncio.gather(*(self._vault.allocate(_record(tenant, each), [claim]) for each in references))
        except VaultUnavailable:
            raise _unavailable() from None

    async def look_up(self, tenant: Tenant, reference: Reference) -> Kept | None:
        """Return what is known of an object, if anything is."""
        try:
            entries = await self._vault.known(_record(tenant, reference))
        except VaultUnavailable:
            raise _unavailable() from None
        if not entries:
            return None
        owner, scope, model = entries[-1].value.split(" ", 2)
        return Kept(Scope.from_key(scope), owner.replace(_NOBODY, ""), model)

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
    return Scope(tenant.id, conversation=derive.identifier(tenant.key, f"stored {reference.kind}", reference.id))


def _unavailable() -> Unavailable:
    return Unavailable("vault_unavailable", "The vault can't be reached.")
