"""Which endpoints Deckname serves, and in which dialect. What is not listed here is refused.

A path's parameter that is named after a kind of stored object (``{response}``) must be one of the caller's own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, Literal
from urllib.parse import urlencode

from proxy.body import JSON
from proxy.dialects import Dialect, Reference
from proxy.dialects.anthropic_messages import MESSAGES
from proxy.dialects.ollama import MODELS
from proxy.dialects.ollama_chat import CHAT as OLLAMA_CHAT
from proxy.dialects.ollama_chat import GENERATE
from proxy.dialects.ollama_embed import EMBED
from proxy.dialects.openai_audio import SPEECH, TRANSCRIPTION
from proxy.dialects.openai_chat import CHAT, STORED_CHAT
from proxy.dialects.openai_completions import COMPLETIONS
from proxy.dialects.openai_conversations import CONVERSATIONS
from proxy.dialects.openai_embeddings import EMBEDDINGS
from proxy.dialects.openai_files import BATCHES, FILES
from proxy.dialects.openai_images import IMAGES
from proxy.dialects.openai_moderations import MODERATIONS
from proxy.dialects.openai_responses import COMPACT, COUNT, RESPONSES
from proxy.dialects.openai_vector_stores import VECTOR_STORES
from proxy.errors import BadRequest

Api = Literal["openai", "anthropic", "azure", "ollama"]

_VALUE: Final = re.compile(r"[A-Za-z0-9_.:-]{0,128}", re.ASCII)
_ID: Final = "[A-Za-z0-9_-]{1,128}"
_AFTER: Final = "starting_after"
OWNED: Final = ("response", "conversation", "completion", "file", "batch", "vector_store")


class Carries(Enum):
    """What a request's body is."""

    JSON = "json"
    NOTHING = "nothing"  # the request has no body, or an empty one
    FORM = "form"  # multipart/form-data
    UPLOAD = "upload"  # multipart/form-data with a file that is read as it comes
    DOWNLOAD = "download"  # nothing; the reply is a file


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint: its method and path at Deckname, its path at the upstream, and the dialect its bodies are in.

    ``query`` names the parameters it takes. ``tenant_wide`` gives values one token in all of the tenant, ``lists``
    says that the reply's ``data`` holds stored objects of that kind, whoever made them, and ``plain`` that nothing in
    request and reply is text. ``api`` says whose API this is.
    """

    method: str
    path: str
    dialect: Dialect
    carries: Carries = Carries.JSON
    query: frozenset[str] = frozenset()
    tenant_wide: bool = False
    lists: str = ""
    plain: bool = False
    api: Api = "openai"
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
            if not _VALUE.fullmatch(value) or (name == _AFTER and not value.isdecimal()):
                raise BadRequest("unreadable_query", f"The value of '{name}' is not one Deckname can let through.")
        # A stream is always fetched from its beginning: a token may begin before the place where it is resumed.
        query = [(name, value) for name, value in query if name != _AFTER]
        path = (self.upstream_path or self.path.removeprefix("/v1"))
        path = re.sub(r"\{(\w+)(?::[^{}]*)?\}", lambda match: named[match[1]], path)
        return f"{path}?{urlencode(query, safe='[]:')}" if query else path


_LIST: Final = frozenset(("after", "before", "limit", "order"))
# No step of a path may be made of dots: it would lead to another endpoint.
_MODEL: Final = "{model:[A-Za-z0-9_-][A-Za-z0-9_.:-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.:-]*)*}"
_INCLUDE: Final = frozenset(("include",))
_MODELS: Final = frozenset(("after_id", "before_id", "limit", "beta"))
_RESUME: Final = frozenset(("stream", _AFTER, "include_obfuscation"))
_BETA: Final = frozenset(("beta",))
_NONE: Final = Carries.NOTHING
_STORE: Final = "/v1/vector_stores/{vector_store}"

_OPENAI: Final = (
    Route("GET", "/v1/models", CHAT, _NONE, _MODELS, plain=True),
    Route("GET", "/v1/models/" + _MODEL, CHAT, _NONE, plain=True),
    Route("POST", "/v1/chat/completions", CHAT),
    Route("GET", "/v1/chat/completions", STORED_CHAT, _NONE, _LIST | {"model"}, lists="completion"),
    Route("GET", "/v1/chat/completions/{completion}", STORED_CHAT, _NONE),
    Route("POST", "/v1/chat/completions/{completion}", STORED_CHAT),
    Route("DELETE", "/v1/chat/completions/{completion}", STORED_CHAT, _NONE),
    Route("GET", "/v1/chat/completions/{completion}/messages", STORED_CHAT, _NONE, _LIST),
    Route("POST", "/v1/responses", RESPONSES),
    Route("POST", "/v1/responses/compact", COMPACT),
    Route("POST", "/v1/responses/input_tokens", COUNT),
    Route("GET", "/v1/responses/{response}", RESPONSES, _NONE, _INCLUDE | _RESUME),
    Route("DELETE", "/v1/responses/{response}", RESPONSES, _NONE),
    Route("POST", "/v1/responses/{response}/cancel", RESPONSES, _NONE),
    Route("GET", "/v1/responses/{response}/input_items", RESPONSES, _NONE, _INCLUDE | _LIST),
    Route("POST", "/v1/conversations", CONVERSATIONS),
    Route("GET", "/v1/conversations/{conversation}", CONVERSATIONS, _NONE),
    Route("POST", "/v1/conversations/{conversation}", CONVERSATIONS),
    Route("DELETE", "/v1/conversations/{conversation}", CONVERSATIONS, _NONE),
    Route("POST", "/v1/conversations/{conversation}/items", CONVERSATIONS, query=_INCLUDE),
    Route("GET", "/v1/conversations/{conversation}/items", CONVERSATIONS, _NONE, _INCLUDE | _LIST),
    Route("GET", "/v1/conversations/{conversation}/items/{item}", CONVERSATIONS, _NONE, _INCLUDE),
    Route("DELETE", "/v1/conversations/{conversation}/items/{item}", CONVERSATIONS, _NONE),
    Route("POST", "/v1/completions", COMPLETIONS),
    Route("POST", "/v1/embeddings", EMBEDDINGS, tenant_wide=True),
    Route("POST", "/v1/moderations", MODERATIONS),
    Route("POST", "/v1/images/generations", IMAGES),
    Route("POST", "/v1/audio/speech", SPEECH),
    Route("POST", "/v1/audio/transcriptions", TRANSCRIPTION, Carries.FORM),
    Route("POST", "/v1/audio/translations", TRANSCRIPTION, Carries.FORM),
    Route("POST", "/v1/files", FILES, Carries.UPLOAD, tenant_wide=True),
    Route("GET", "/v1/files", FILES, _NONE, _LIST | {"purpose"}, tenant_wide=True, lists="file"),
    Route("GET", "/v1/files/{file}", FILES, _NONE, tenant_wide=True),
    Route("DELETE", "/v1/files/{file}", FILES, _NONE, tenant_wide=True),
    Route("GET", "/v1/files/{file}/content", FILES, Carries.DOWNLOAD, tenant_wide=True),
    Route("POST", "/v1/batches", BATCHES, tenant_wide=True),
    Route("GET", "/v1/batches", BATCHES, _NONE, _LIST, tenant_wide=True, lists="batch"),
    Route("GET", "/v1/batches/{batch}", BATCHES, _NONE, tenant_wide=True),
    Route("POST", "/v1/batches/{batch}/cancel", BATCHES, _NONE, tenant_wide=True),
    Route("POST", "/v1/vector_stores", VECTOR_STORES, tenant_wide=True),
    Route("GET", "/v1/vector_stores", VECTOR_STORES, _NONE, _LIST, tenant_wide=True, lists="vector_store"),
    Route("GET", _STORE, VECTOR_STORES, _NONE, tenant_wide=True),
    Route("POST", _STORE, VECTOR_STORES, tenant_wide=True),
    Route("DELETE", _STORE, VECTOR_STORES, _NONE, tenant_wide=True),
    Route("POST", _STORE + "/search", VECTOR_STORES, tenant_wide=True),
    Route("POST", _STORE + "/file_batches", VECTOR_STORES, tenant_wide=True),
    Route("GET", _STORE + "/file_batches/{item}", VECTOR_STORES, _NONE, tenant_wide=True),
    Route("POST", _STORE + "/file_batches/{item}/cancel", VECTOR_STORES, _NONE, tenant_wide=True),
    Route("GET", _STORE + "/file_batches/{item}/files", VECTOR_STORES, _NONE, _LIST | {"filter"}, tenant_wide=True),
    Route("POST", _STORE + "/files", VECTOR_STORES, tenant_wide=True),
    Route("GET", _STORE + "/files", VECTOR_STORES, _NONE, _LIST | {"filter"}, tenant_wide=True),
    Route("GET", _STORE + "/files/{item}", VECTOR_STORES, _NONE, tenant_wide=True),
    Route("POST", _STORE + "/files/{item}", VECTOR_STORES, tenant_wide=True),
    Route("DELETE", _STORE + "/files/{item}", VECTOR_STORES, _NONE, tenant_wide=True),
    Route("GET", _STORE + "/files/{item}/content", VECTOR_STORES, _NONE, tenant_wide=True),
)
_OTHERS: Final = (
    Route("POST", "/v1/messages", MESSAGES, query=_BETA, api="anthropic"),
    Route("POST", "/v1/messages/count_tokens", MESSAGES, query=_BETA, api="anthropic"),
    Route("POST", "/api/chat", OLLAMA_CHAT, api="ollama"),
    Route("POST", "/api/generate", GENERATE, api="ollama"),
    Route("POST", "/api/embed", EMBED, tenant_wide=True, api="ollama"),
    Route("POST", "/api/embeddings", EMBED, tenant_wide=True, api="ollama"),
    Route("POST", "/api/show", MODELS, api="ollama"),
    Route("GET", "/api/tags", MODELS, _NONE, plain=True, api="ollama"),
    Route("GET", "/api/ps", MODELS, _NONE, plain=True, api="ollama"),
    Route("GET", "/api/version", MODELS, _NONE, plain=True, api="ollama"),
)
# What Azure has for each deployment of a model (the paths that its client puts the model's name into).
_DEPLOYED: Final = (COMPLETIONS, CHAT, EMBEDDINGS, TRANSCRIPTION, SPEECH, IMAGES)


def _azure(route: Route) -> Iterator[Route]:
    """Give the places where Azure has an endpoint of OpenAI's: with its version of the API in the path or the query."""
    rest = route.path.removeprefix("/v1")
    starts = ["/openai/v1", "/openai"]
    if route.dialect in _DEPLOYED and not route.plain:
        starts.append("/openai/deployments/{deployment:[A-Za-z0-9_-][A-Za-z0-9_.-]*}")
    for start in starts:
        yield replace(route, path=start + rest, query=route.query | {"api-version"}, api="azure")


ROUTES: Final = (*_OPENAI, *_OTHERS, *(each for route in _OPENAI for each in _azure(route)))
_POSTED: Final = {route.path: route for route in ROUTES if route.method == "POST"}


def by_shape(route: Route, body: JSON) -> Route:
    """Return the route in whose dialect a body really is: Cursor posts Responses requests to chat completions."""
    if route.dialect is CHAT and isinstance(body, dict) and "input" in body and "messages" not in body:
        return _POSTED.get(route.path.replace("/chat/completions", "/responses"), route)
    return route
