"""Which of the configured APIs a request goes to: the one in whose form it is, or the one its model is at.

The addresses are the operator's; nothing in a request can name one.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

from proxy.body import JSON
from proxy.errors import NotConfigured
from proxy.routes import Api
from proxy.upstream import Upstream

SETTINGS: Final[dict[Api, str]] = {
    "openai": "upstream",
    "anthropic": "upstream_anthropic",
    "azure": "upstream_azure",
    "ollama": "upstream_ollama",
}


class Upstreams:
    """Every configured API: one for each form of request, and those of single models.

    ``by_model`` goes by patterns of model names, of which the first that matches counts. It is for requests in
    OpenAI's form, which many providers speak.
    """

    def __init__(self, by_api: Mapping[Api, Upstream], by_model: Mapping[str, Upstream] | None = None) -> None:
        self._by_api = dict(by_api)
        self._by_model = dict(by_model or {})

    async def start(self) -> None:
        """Open the connection pools."""
        for upstream in self._all():
            await upstream.start()

    async def close(self) -> None:
        """Close every connection."""
        for upstream in self._all():
            await upstream.close()

    def choose(self, api: Api, body: JSON = None) -> Upstream:
        """Return where a request in the form of ``api`` goes. Raises ``NotConfigured``."""
        model = body.get("model") if isinstance(body, dict) else None
        if api == "openai" and isinstance(model, str):
            for pattern, upstream in self._by_model.items():
                if fnmatchcase(model, pattern):
                    return upstream
        if api not in self._by_api:
            setting = SETTINGS[api]
            raise NotConfigured(
                "upstream_not_configured",
                f"The API that this request is meant for is not configured. Set `{setting}`, for example by the"
                f" environment variable DECKNAME_{setting.upper()}.",
            )
        return self._by_api[api]

    def _all(self) -> list[Upstream]:
        return [*self._by_api.values(), *self._by_model.values()]
