"""One request and its reply: out, to the upstream, and in again."""

import asyncio

from aiohttp import web

from proxy.body import JSON
from proxy.errors import Refusal
from proxy.inward import Inward
from proxy.outward import Outward
from proxy.services import Services
from proxy.upstreams import Upstreams


class Exchange:
    """One request of a tenant, which goes ``outward``, and its reply, which an ``inward`` answers with."""

    def __init__(self, services: Services, upstreams: Upstreams, outward: Outward, inward: type[Inward]) -> None:
        self._services = services
        self._upstreams = upstreams
        self._outward = outward
        self._inward = inward

    async def run(self) -> web.StreamResponse:
        """Answer the request. Raises ``Refusal`` while nothing was sent to the client."""
        async with self._outward.opened():
            return await self._run()

    async def _run(self) -> web.StreamResponse:
        outward, sent = self._outward, self._outward.sent
        body = await outward.body()
        caller = await outward.caller(body)
        sent.model = _model(body) or sent.model
        sent.keeps = outward.route.dialect.keeps(body) or outward.named_object() is not None
        upstream = self._upstreams.choose(outward.route.api, {"model": sent.model})
        inward = self._inward(self._services, outward)
        try:
            outbound = await outward.outbound(body, caller)
            async with upstream.request(
                outward.request.method,
                outward.path,
                headers=outward.request.headers,
                body=outbound.body,
                media_type=outbound.media_type,
            ) as reply:
                return await inward.answer(reply, streamed=outward.streams(body))
        except Refusal as refusal:
            return await inward.broken_off(refusal)
        finally:
            asyncio.get_running_loop().call_soon(inward.count)  # what is returned leaves first
            if not self._services.model_data.masks(outward.tenant):  # what is masked is never sent again
                self._services.foresight.read(sent.readback.said, outward.tenant.fingerprint_key)


def _model(body: JSON) -> str:
    model = body.get("model") if isinstance(body, dict) else None
    return model if isinstance(model, str) else ""
