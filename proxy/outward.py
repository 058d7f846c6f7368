"""The outward half of an exchange: bytes → body → leaves → findings → ledger → body' → upstream."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Final

from aiohttp import web

from proxy.body import JSON, encode
from proxy.caller import Caller, Tenant
from proxy.dialects import Reference
from proxy.errors import AttachmentRefused, BadRequest
from proxy.filling import Changed, Filling
from proxy.pseudonymise import Headstart, Pseudonymised
from proxy.readback import Readback
from proxy.reading import check_empty, read_json
from proxy.restore import Lexicon
from proxy.routes import Carries, Route, by_shape
from proxy.schemas import relaxed
from proxy.scope import Scope
from proxy.services import Services
from proxy.vault.protocol import Claim
from proxy.walk import Leaf, Treatment

JSON_TYPE: Final = "application/json"
_PROMPT: Final = ("messages", "prompt")


@dataclass(frozen=True, slots=True)
class Outbound:
    """What goes to the upstream: a body, whole or as it is made, and its media type; None for no body."""

    body: bytes | AsyncIterator[bytes] | None
    media_type: str = JSON_TYPE


@dataclass(slots=True)
class Sent:
    """What the reply has to know of its request."""

    scope: Scope
    model: str = ""  # the model that is asked, or that made what the request continues
    keeps: bool = False  # whether the provider keeps what comes of this
    kind: str = ""  # of the file that is stored, if it is one that is restored when it is fetched
    leaves: Sequence[Leaf] = ()
    hidden: Pseudonymised | None = None  # to be counted
    readback: Readback = field(default_factory=lambda: Readback(Lexicon(())))
    unsealed: Sequence[Claim] = ()  # what has to be stored before anything that is kept is recorded
    named: set[Reference] = field(default_factory=set)  # what was recorded as kept


class Outward:
    """One request of a tenant on one route, on its way to the provider."""

    def __init__(self, services: Services, route: Route, request: web.Request, tenant: Tenant) -> None:
        self._services = services
        self.request = request
        self.tenant = tenant
        self.sent = Sent(Scope(tenant.id))
        self._take(route)

    def _take(self, route: Route) -> None:
        self.route = route
        self._dialect = route.dialect
        self.path = route.target(self.request.match_info, list(self.request.query.items()))

    def opened(self) -> AbstractAsyncContextManager[None]:
        """Hold open what the request is read from, for as long as its exchange lasts."""
        return nullcontext()

    def owner(self) -> str:
        """Return a name for whom the stored objects of this request belong to."""
        return self._services.callers.owner(self.tenant, self.request.headers, self.request.remote or "")

    def named_object(self) -> Reference | None:
        """Return the stored object that the request's path names."""
        return self.route.owned(self.request.match_info)

    def streams(self, body: JSON) -> bool:
        """Tell whether a stream is asked for."""
        return self.request.query.get("stream") == "true" or (isinstance(body, dict) and body.get("stream") is True)

    async def body(self) -> JSON:
        """Read the request's body; None if it has none."""
        if self.route.carries is not Carries.JSON:
            await check_empty(self.request)
            return None
        body = await read_json(self.request, depth_limit=self._services.depth_limit)
        self._take(by_shape(self.route, body))
        self._dialect.check(body, attachments=self._services.pseudonymise.attachments)
        return body

    async def caller(self, body: JSON) -> Caller:
        """Return the caller in its scope: that of what the request continues, if anything, else the one it asks for."""
        services, request = self._services, self.request
        continued = [*self._dialect.references(body)]
        if (named := self.named_object()) is not None:
            continued.append(named)
            self.sent.named.add(named)
        if not continued:
            if self.route.tenant_wide:
                return services.callers.widest(self.tenant)
            return services.callers.caller(self.tenant, request.headers, body, request.remote or "")
        found = [await services.stored.find(self.tenant, each, self.owner()) for each in continued]
        self.sent.model = next((kept.model for kept in found if kept.model), "")
        scopes = {kept.scope for kept in found}
        if len(scopes) > 1:
            raise BadRequest("mixed_conversations", "What the request refers to belongs to different conversations.")
        # A whole tenant's values are too many to be fetched; those of a reply are, when it is there.
        known = not self.route.tenant_wide
        return Caller(self.tenant, scopes.pop(), lasting=known, continued=known)

    async def outbound(self, body: JSON, caller: Caller) -> Outbound:
        """Return what goes to the upstream, and get ready to restore what comes back."""
        hidden = await self._pseudonymised(body, caller)
        if self._dialect.sound and self.sent.readback.lexicon and not self._services.pseudonymise.attachments:
            raise AttachmentRefused(
                "sound_of_tokens",
                "The text holds personal data. A voice would read tokens in its place, and sound can't be restored.",
            )
        if body is None:
            return Outbound(None)
        if self.sent.readback.lexicon:
            hidden = self._dialect.request.change_schemas(hidden, relaxed)
        return Outbound(encode(hidden))

    async def _pseudonymised(self, body: JSON, caller: Caller) -> JSON:
        table, began = self._dialect.request, time.perf_counter()
        caller = self._passing(caller)
        async with self._services.pseudonymise.ahead(table.newest(body), caller) as start:
            leaves = table.leaves(body) if body is not None else []
            if self._services.drop_attachments and (attached := _attached(leaves)):
                body = table.without_attachments(body)
                leaves = table.leaves(body)
                self._services.metrics.dropped(attached - _attached(leaves))
            filling = Filling(body)

            def early(changed: Changed) -> None:
                encode(filling.begin(changed))  # a string keeps its UTF-8: encoding it again costs next to nothing

            start.early = early
            hidden = await self._hidden(leaves, caller, lambda leaf: table.place(leaf.path), start)
        self._services.metrics.overhead("pseudonymise", time.perf_counter() - began)
        self.sent.hidden, self.sent.leaves = hidden, leaves
        self.sent.readback = Readback(
            hidden.lexicon,
            self._services.tools,
            {text: leaf.text for leaf, text in hidden.changed if leaf.treatment is Treatment.HASH},
            listening=self._services.foresight.free or self._services.model_data.listens(self.tenant),
        )
        # By how many characters the prompt is longer than what goes out for it.
        prompt = [(leaf.text, text) for leaf, text in hidden.changed if leaf.path[0] in _PROMPT]
        self.sent.readback.longer = sum(len(own) - len(text) for own, text in prompt)
        outbound = filling.fill(hidden.changed)
        self.sent.readback.documents = self._dialect.documents(outbound)
        return outbound

    def _passing(self, caller: Caller) -> Caller:
        """Return the caller, whose values are stored at once if the provider keeps anything of the exchange."""
        return replace(caller, passing=caller.passing and not self.sent.keeps)

    async def _hidden(
        self, leaves: list[Leaf], caller: Caller, place: Callable[[Leaf], str], start: Headstart | None = None
    ) -> Pseudonymised:
        """Pseudonymise leaves in the scope of the exchange."""
        self.sent.scope = caller.scope
        hidden = await self._services.pseudonymise(leaves, caller, place, start)
        self.sent.unsealed = hidden.unsealed
        return hidden


def _attached(leaves: list[Leaf]) -> int:
    return sum(len(leaf.text) for leaf in leaves if leaf.treatment is Treatment.ATTACHMENT)
