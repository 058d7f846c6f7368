"""Who may look into the vault or erase from it, other than the owner of a request: roles, reasons, audit.

Every act goes through here, whether it comes from the command line or the administration, and leaves a line in the
audit trail: before values are given, after values are erased, and when it was refused.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from proxy.audit import AuditEvent, AuditSink
from proxy.scope import Scope
from proxy.vault.custody import Appearance, Custody, Forgotten, Progress, unheard

REASON_LENGTH: Final = 500


class Role(StrEnum):
    """What an operator may do. Restoring values and erasing them are separate on purpose."""

    FIND = "find"
    FORGET = "forget"
    DETOKENISE = "detokenise"


class AccessRefused(Exception):
    """The operator lacks the role, or gave no reason."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody with access. `name` goes into the audit trail."""

    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Access:
    """An operator's custody over the vault, for one stated reason. `progress` hears how many scopes were looked at."""

    custody: Custody
    audit: AuditSink
    operator: Operator
    reason: str = field(default="", repr=False)
    progress: Progress = unheard

    async def detokenise(self, scope: Scope, tokens: Sequence[str]) -> dict[str, str]:
        """Give the values of a scope's tokens. Needs a reason."""
        await self._allowed(Role.DETOKENISE, scope.key, reasoned=True)
        await self._note(Role.DETOKENISE, scope.key, "begun", len(tokens))
        return await self.custody.values(scope, tokens)

    async def find(self, tenant: str, value: str) -> list[Appearance]:
        """Tell where a value appears in a tenant."""
        await self._allowed(Role.FIND, tenant)
        found = await self.custody.find(tenant, value, self.progress)
        await self._note(Role.FIND, tenant, "done", sum(len(appearance.tokens) for appearance in found))
        return found

    async def forget_scope(self, scope: Scope) -> Forgotten:
        """Erase one scope."""
        await self._allowed(Role.FORGET, scope.key)
        return await self._erased(scope.key, lambda: self.custody.forget(scope))

    async def forget_all(self, tenant: str, user: str = "") -> Forgotten:
        """Erase a tenant, or one of its users."""
        target = f"{tenant}.{user}" if user else tenant
        await self._allowed(Role.FORGET, target)
        return await self._erased(target, lambda: self.custody.forget_all(tenant, user))

    async def forget_value(self, tenant: str, value: str) -> Forgotten:
        """Erase a value in every scope of a tenant."""
        await self._allowed(Role.FORGET, tenant)
        return await self._erased(tenant, lambda: self.custody.forget_value(tenant, value, self.progress))

    async def _erased(self, target: str, erase: Callable[[], Awaitable[Forgotten]]) -> Forgotten:
        await self._note(Role.FORGET, target, "begun")
        forgotten = await erase()
        await self._note(Role.FORGET, target, "done", forgotten.values)
        return forgotten

    async def _allowed(self, role: Role, target: str, *, reasoned: bool = False) -> None:
        if role not in self.operator.roles:
            await self._note(role, target, "refused")
            raise AccessRefused(f"this operator has no role {role}")
        if reasoned and not self.reason.strip():
            await self._note(role, target, "refused")
            raise AccessRefused("restoring values needs a reason")

    async def _note(self, role: Role, target: str, outcome: str, count: int = 0) -> None:
        reason = self.reason.strip()[:REASON_LENGTH]
        await self.audit.record(AuditEvent(str(role), self.operator.name, target, outcome, count, reason))
