"""POST /api/chat and /api/generate as Ollama has them: JSON lines, streamed unless the request says otherwise.

A tool's arguments are an object and come whole. The model's own numbers for a text (``context``) are refused, because
nobody can see what they say.
"""

from typing import Final

from proxy.body import JSON
from proxy.dialects import Channel, Dialect, is_object
from proxy.dialects.ollama import OPTIONS, REPLIED, error, stream_error
from proxy.errors import BadRequest
from proxy.table import Table
from proxy.walk import Path

_MESSAGE: Final = """
    {0}.role                                     structure
    {0}.content                                  text
    {0}.thinking                                 text
    {0}.tool_name                                structure
    {0}.tool_call_id                             structure
    {0}.tool_calls[].id                          structure
    {0}.tool_calls[].type                        structure
    {0}.tool_calls[].function.name               structure
    {0}.tool_calls[].function.arguments          json
"""

CHAT_REQUEST = Table(
    OPTIONS + _MESSAGE.replace("{0}", "messages[]")
    + """
    messages[].images                            attachment
    messages[].images[]                          attachment
    tools[].type                                 structure
    tools[].function.name                        structure
    tools[].function.description                 text
    tools[].function.parameters                  schema
    """,
    order=("tools", "format", "messages"),
)  # fmt: skip

GENERATE_REQUEST = Table(
    OPTIONS
    + """
    prompt                                       text
    suffix                                       text
    system                                       text
    template                                     text
    raw                                          structure
    images                                       attachment
    images[]                                     attachment
    """,
    order=("system", "template", "format", "prompt", "suffix"),
)

REPLY = Table(
    REPLIED + _MESSAGE.replace("{0}", "message")
    + """
    message.images                               opaque
    message.images[]                             opaque
    response                                     text
    thinking                                     text
    context                                      opaque
    image                                        opaque
    """
)  # fmt: skip

_TEXTS: Final = (("message", "content"), ("response",))
_THOUGHTS: Final = (("message", "thinking"), ("thinking",))
_SAME: Final = ("model", "remote_model", "remote_host", "created_at")


def check_chat(body: JSON, *, attachments: bool) -> None:
    """Raise ``BadRequest`` unless ``body`` is a chat request. No messages load a model and say nothing."""
    is_object(body, attachments=attachments)
    if isinstance(body, dict) and not isinstance(body.get("messages"), list | None):
        raise BadRequest("missing_messages", "'messages' must be a list of messages.", param="messages")


def check_generate(body: JSON, *, attachments: bool) -> None:
    """Raise ``BadRequest`` for a request that continues from the model's own numbers."""
    is_object(body, attachments=attachments)
    if isinstance(body, dict) and body.get("context"):
        raise BadRequest(
            "token_array",
            "'context' holds token numbers, which can't be pseudonymised. Send the texts so far, or use /api/chat.",
            param="context",
        )


def channel(event: JSON, path: Path) -> Channel | None:
    """Name the channel of a text: there is one of each kind."""
    del event
    return path if path in _TEXTS or path in _THOUGHTS else None


def ended(event: JSON) -> list[Channel]:
    """Return the channels that get no more text: all at the end, and the thoughts as soon as there is an answer."""
    if finished(event) or (isinstance(event, dict) and "error" in event):
        return [()]
    return [*_THOUGHTS] if any(_at(event, path) for path in (*_TEXTS, ("message", "tool_calls"))) else []


def finished(event: JSON) -> bool:
    """Tell whether this is the last line."""
    return isinstance(event, dict) and event.get("done") is True


def piece(last: JSON, where: Channel, text: str) -> JSON:
    """Build a line that carries nothing but ``text``, in the likeness of the last one."""
    same: dict[str, JSON] = {key: last[key] for key in _SAME if key in last} if isinstance(last, dict) else {}
    if where[0] != "message":
        return {**same, "response": "", str(where[0]): text, "done": False}
    return {**same, "message": {"role": "assistant", "content": "", str(where[1]): text}, "done": False}


def _at(event: JSON, path: tuple[str, ...]) -> JSON:
    for step in path:
        event = event.get(step) if isinstance(event, dict) else None
    return event


CHAT = Dialect(
    CHAT_REQUEST, REPLY, REPLY, framing="ndjson", check=check_chat, channel=channel, ended=ended, finished=finished,
    piece=piece, error=error, stream_error=stream_error,
)  # fmt: skip
GENERATE = Dialect(
    GENERATE_REQUEST, REPLY, REPLY, framing="ndjson", check=check_generate, channel=channel, ended=ended,
    finished=finished, piece=piece, error=error, stream_error=stream_error,
)  # fmt: skip
