"""Which endpoints Deckname serves, and in which dialect. What is not listed here is refused.

A path's parameter that is named after a kind of stored object (``{response}``) must be one of the caller's own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final
from urllib.parse import urlencode

from proxy.dialects import Dialect, Reference
from proxy.dialects.openai_chat import CHAT
from proxy.dialects.openai_responses import COMPACT, COUNT, RESPONSES
from proxy.errors import BadRequest

_VALUE: Final = re.compile(r"[A-Za-z0-9_.:-]{0,128}", re.ASCII)
_ID: Final = "[A-Za-z0-9_-]{1,128}"
OWNED: Final = ("response", "conversation", "completion", "file", "batch", "vector_store")


class Carries(Enum):
    """What a request's body is."""

    JSON = "json"
    NOTHING = "nothing"  # the request has no body, or an empty one
    FORM = "form"  # multipart/form-data


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint: its method and path at Deckname, its path at the upstream, and the dialect its bodies are in.

    ``query`` names the parameters it takes. ``tenant_wide`` gives values one token in all of the tenant, ``lists``
    says that the reply's ``data`` holds stored objects of that kind, whoever made them, and ``plain`` that nothing in
    request and reply is text.
    """

    method: str
    path: str
    dialect: Dialect
    carries: Carries = Carries.JSON
    query: frozenset[str] = frozenset()
    tenant_wide: bool = False
    lists: str = ""
    plain: bool = False
    upstream_path: str = field(default="")

    @property
    def pattern(self) -> str:
        """The path as aiohttp's router reads it."""
        return re.sub(r"\{(\w+)\}", rf"{{\1:{_ID}}}", self.path)

    @property
    def name(self) -> str:
        """A short name for the route, for metrics."""
        return f"{self.method} {self.path.partition('{')[0]}"

    @property
    def names_object(self) -> bool:
        """Whether the path ends in a stored object."""
        return self.path.endswith(tuple(f"{{{kind}}}" for kind in OWNED))

    def owned(self, named: Mapping[str, str]) -> Reference | None:
        """Return the stored object that a request's path names, if it names one."""
        return next((Reference(kind, named[kind]) for kind in OWNED if kind in named), None)

    def target(self, named: Mapping[str, str], query: list[tuple[str, str]]) -> str:
        """Return the path and query at the upstream. Raises ``BadRequest`` for a query that may not go there."""
        for name, value in query:
            if name.removesuffix("[]") not in self.query:
                raise BadRequest("unexpected_query", "This endpoint takes no such query; nothing was sent.")
            if not _VALUE.fullmatch(value):
                raise BadRequest("unreadable_query", f"The value of '{name}' is not one Deckname can let through.")
        # A stream is always fetched from its beginning: a token may begin before the place where it is resumed.
        query = [(name, value) for name, value in query if name != "starting_after"]
        path = (self.upstream_path or self.path.removeprefix("/v1"))
        path = re.sub(r"\{(\w+)(?::[^{}]*)?\}", lambda match: named[match[1]], path)
        return f"{path}?{urlencode(query, safe='[]:')}" if query else path


_LIST: Final = frozenset(("after", "before", "limit", "order"))
_INCLUDE: Final = frozenset(("include",))
_RESUME: Final = frozenset(("stream", "starting_after", "include_obfuscation"))

ROUTES: Final = (
    Route("POST", "/v1/chat/completions", CHAT),
    Route("POST", "/v1/responses", RESPONSES),
    Route("POST", "/v1/responses/compact", COMPACT),
    Route("POST", "/v1/responses/input_tokens", COUNT),
    Route("GET", "/v1/responses/{response}", RESPONSES, Carries.NOTHING, _INCLUDE | _RESUME),
    Route("DELETE", "/v1/responses/{response}", RESPONSES, Carries.NOTHING),
    Route("POST", "/v1/responses/{response}/cancel", RESPONSES, Carries.NOTHING),
    Route("GET", "/v1/responses/{response}/input_items", RESPONSES, Carries.NOTHING, _INCLUDE | _LIST),
    Route("GET", "/v1/models", CHAT, Carries.NOTHING, plain=True),
    Route("GET", "/v1/models/{model:[A-Za-z0-9_.:/-]+}", CHAT, Carries.NOTHING, plain=True),
)
