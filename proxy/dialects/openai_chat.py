"""POST /v1/chat/completions as OpenAI specifies it, with the fields other providers add to it.

The tables list what is *not* text; a field they don't name is scanned on the way out and restored on the way back.
Source: OpenAI API specification 2.3.0, and the providers' additions named beside them.
"""

from collections.abc import Iterator
from typing import Final

from proxy.body import JSON
from proxy.dialects import Channel, Dialect, Reference, is_object
from proxy.dialects.openai import filter_offsets
from proxy.errors import AttachmentRefused, BadRequest
from proxy.table import Table
from proxy.walk import Path

# What a provider renders first into the prompt is numbered first, so that a growing chat keeps its prefix.
REQUEST = Table(
    """
    model                                        structure
    user                                         hash
    safety_identifier                            hash
    prompt_cache_key                             hash
    prompt_cache_retention                       structure
    metadata.*                                   text
    service_tier                                 structure
    reasoning_effort                             structure
    verbosity                                    structure
    modalities[]                                 structure
    stop                                         text
    stop[]                                       text
    logit_bias.**                                structure
    frequency_penalty                            structure
    logprobs                                     structure
    max_completion_tokens                        structure
    max_tokens                                   structure
    n                                            structure
    parallel_tool_calls                          structure
    presence_penalty                             structure
    seed                                         structure
    store                                        structure
    stream                                       structure
    stream_options.**                            structure
    temperature                                  structure
    top_logprobs                                 structure
    top_p                                        structure
    moderation.model                             structure
    audio.format                                 structure
    audio.voice                                  structure
    audio.voice.id                               structure
    web_search_options.search_context_size       structure
    web_search_options.user_location.type        structure
    web_search_options.user_location.approximate.country   structure
    web_search_options.user_location.approximate.timezone  structure
    web_search_options.user_location.approximate.region    text
    web_search_options.user_location.approximate.city      text
    prediction.type                              structure
    prediction.content                           text
    prediction.content[].type                    structure
    prediction.content[].text                    text
    response_format.type                         structure
    response_format.json_schema.name             structure
    response_format.json_schema.description      text
    response_format.json_schema.strict           structure
    response_format.json_schema.schema           schema
    tool_choice                                  structure
    tool_choice.type                             structure
    tool_choice.function.name                    structure
    tool_choice.custom.name                      structure
    tool_choice.allowed_tools.mode               structure
    tool_choice.allowed_tools.tools[].type       structure
    tool_choice.allowed_tools.tools[].function.name  structure
    tool_choice.allowed_tools.tools[].custom.name    structure
    function_call                                structure
    function_call.name                           structure
    functions[].name                             structure
    functions[].description                      text
    functions[].parameters                       schema
    tools[].type                                 structure
    tools[].function.name                        structure
    tools[].function.description                 text
    tools[].function.strict                      structure
    tools[].function.parameters                  schema
    tools[].custom.name                          structure
    tools[].custom.description                   text
    tools[].custom.format.type                   structure
    tools[].custom.format.grammar.syntax         structure
    tools[].custom.format.grammar.definition     text
    data_sources[].type                          structure
    data_sources[].parameters.endpoint           structure
    data_sources[].parameters.index_name         structure
    data_sources[].parameters.query_type         structure
    data_sources[].parameters.authentication.**  opaque
    data_sources[].parameters.embedding_dependency.**  opaque
    messages[].role                              structure
    messages[].name                              name
    messages[].content                           text
    messages[].content[].type                    structure
    messages[].content[].text                    text
    messages[].content[].refusal                 text
    messages[].content[].image_url.**            attachment
    messages[].content[].input_audio.**          attachment
    messages[].content[].file.**                 attachment
    messages[].content[].file.filename           text
    messages[].content[].video_url.**            attachment
    messages[].content[].audio_url.**            attachment
    messages[].content[].cache_control.**        structure
    messages[].refusal                           text
    messages[].audio.id                          structure
    messages[].reasoning                         text
    messages[].reasoning_content                 text
    messages[].reasoning_details[].type          structure
    messages[].reasoning_details[].id            structure
    messages[].reasoning_details[].format        structure
    messages[].reasoning_details[].data          opaque
    messages[].reasoning_details[].signature     opaque
    messages[].reasoning_details[].text          text
    messages[].reasoning_details[].summary       text
    messages[].tool_call_id                      structure
    messages[].tool_calls[].id                   structure
    messages[].tool_calls[].index                structure
    messages[].tool_calls[].type                 structure
    messages[].tool_calls[].function.name        structure
    messages[].tool_calls[].function.arguments   json
    messages[].tool_calls[].custom.name          structure
    messages[].tool_calls[].custom.input         text
    messages[].tool_calls[].extra_content.google.thought_signature  opaque
    messages[].tool_calls[].extra_content.vertex.thought_signature  opaque
    messages[].extra_content.google.thought_signature  opaque
    messages[].function_call.name                structure
    messages[].function_call.arguments           json
    """,
    order=("tools", "functions", "response_format", "messages"),
)

_MESSAGE: Final = """
    {0}.role                                     structure
    {0}.content                                  text
    {0}.content[].type                           structure
    {0}.content[].text                           text
    {0}.refusal                                  text
    {0}.reasoning                                text
    {0}.reasoning_content                        text
    {0}.reasoning_details[].type                 structure
    {0}.reasoning_details[].id                   structure
    {0}.reasoning_details[].format               structure
    {0}.reasoning_details[].data                 opaque
    {0}.reasoning_details[].signature            opaque
    {0}.annotations[].type                       structure
    {0}.annotations[].url_citation.url           text
    {0}.annotations[].url_citation.title         text
    {0}.audio.id                                 structure
    {0}.audio.data                               opaque
    {0}.audio.transcript                         text
    {0}.tool_calls[].id                          structure
    {0}.tool_calls[].type                        structure
    {0}.tool_calls[].function.name               structure
    {0}.tool_calls[].function.arguments          json
    {0}.tool_calls[].custom.name                 structure
    {0}.tool_calls[].custom.input                text
    {0}.tool_calls[].extra_content.**            opaque
    {0}.extra_content.**                         opaque
    {0}.function_call.name                       structure
    {0}.function_call.arguments                  json
"""

_ENVELOPE: Final = """
    id                                           structure
    object                                       structure
    created                                      structure
    model                                        structure
    provider                                     structure
    service_tier                                 structure
    system_fingerprint                           structure
    obfuscation                                  opaque
    usage.**                                     structure
    timings.**                                   structure
    choices[].index                              structure
    choices[].finish_reason                      structure
    choices[].native_finish_reason               structure
    choices[].logprobs.**                        opaque
"""

REPLY = Table(_ENVELOPE + _MESSAGE.format("choices[].message"))
STORED = Table(
    _ENVELOPE + _MESSAGE.format("choices[].message") + _MESSAGE.format("data[]")
    + """
    deleted                                      structure
    first_id                                     structure
    last_id                                      structure
    has_more                                     structure
    data[].id                                    structure
    data[].content_parts[].type                  structure
    data[].content_parts[].text                  text
    data[].content_parts[].image_url.**          opaque
    """
)  # fmt: skip
EVENT = Table(_ENVELOPE + _MESSAGE.format("choices[].delta") + _MESSAGE.format("choices[].message"))


def check(body: JSON, *, attachments: bool) -> None:
    """Raise ``BadRequest`` unless ``body`` is a chat completion request; ``attachments`` allows sound as output."""
    is_object(body, attachments=attachments)
    fields = body if isinstance(body, dict) else {}
    if not isinstance(fields.get("messages"), list):
        hint = " It looks like a Responses request: send it to /v1/responses." if "input" in fields else ""
        raise BadRequest("missing_messages", f"'messages' must be a list of messages.{hint}", param="messages")
    modalities = fields.get("modalities")
    if not attachments and isinstance(modalities, list) and "audio" in modalities:
        raise AttachmentRefused(
            "attachment_refused",
            "Sound as output is refused: the voice would read tokens aloud, and sound can't be restored.",
            param="modalities",
        )


def channel(event: JSON, path: Path) -> Channel | None:
    """Name the channel that the string at ``path`` of a stream event is a piece of; None if it stands by itself.

    Places in lists give way to the items' own ``index``, because a chunk holds only the items that changed.
    """
    if len(path) < 4 or path[0] != "choices" or path[2] != "delta":
        return None
    node, named = event, []
    for step in path:
        node = node[step]  # type: ignore[index]  # path was walked in this very event
        index = node.get("index") if isinstance(step, int) and isinstance(node, dict) else None
        named.append(index if isinstance(index, int) else step)
    return tuple(named)


def ended(event: JSON) -> list[Channel]:
    """Return the beginnings of the channels that get no more text after this event."""
    choices = event.get("choices") if isinstance(event, dict) else None
    if not isinstance(choices, list):
        return []
    done = [(i, c) for i, c in enumerate(choices) if isinstance(c, dict) and c.get("finish_reason")]
    return [("choices", _index(choice, i)) for i, choice in done]


def piece(last: JSON, where: Channel, text: str) -> JSON:
    """Build a stream event that carries nothing but ``text`` on one channel, in the likeness of ``last``."""
    value: JSON = text
    for step in reversed(where[3:]):
        if isinstance(step, str):
            value = {step: value}
        else:
            value = [{"index": step, **value} if isinstance(value, dict) else value]
    envelope: dict[str, JSON] = {}
    if isinstance(last, dict):
        same = ("id", "object", "created", "model", "service_tier", "system_fingerprint")
        envelope = {key: last[key] for key in same if key in last}
    return {**envelope, "choices": [{"index": where[1], "delta": value, "finish_reason": None}]}


def _index(choice: dict[str, JSON], place: int) -> int:
    index = choice.get("index")
    return index if isinstance(index, int) else place


def finished(event: JSON) -> bool:
    """Tell whether a choice is complete: what comes after it are other choices or the usage."""
    return bool(ended(event))


def tools(event: JSON) -> Iterator[tuple[Channel, str]]:
    """Name the tools that a chunk begins to call, and the channels of their arguments."""
    choices = event.get("choices") if isinstance(event, dict) else None
    for i, choice in enumerate(choices if isinstance(choices, list) else []):
        delta = choice.get("delta") if isinstance(choice, dict) else None
        if not isinstance(choice, dict) or not isinstance(delta, dict):
            continue
        where: Channel = ("choices", _index(choice, i), "delta")
        if name := _name(delta.get("function_call")):
            yield (*where, "function_call"), name
        calls = delta.get("tool_calls")
        for j, call in enumerate(calls if isinstance(calls, list) else []):
            name = _name(call.get("function") or call.get("custom")) if isinstance(call, dict) else ""
            if isinstance(call, dict) and name:
                yield (*where, "tool_calls", _index(call, j)), name


def cites(event: JSON) -> Iterator[tuple[Path, Channel]]:
    """Find the annotations of a chunk, and Azure's filter: their offsets are places in all of the choice's content."""
    for path, number in filter_offsets(event):
        yield path, ("choices", number, "delta", "content")
    choices = event.get("choices") if isinstance(event, dict) else None
    for i, choice in enumerate(choices if isinstance(choices, list) else []):
        delta = choice.get("delta") if isinstance(choice, dict) else None
        annotations = delta.get("annotations") if isinstance(delta, dict) else None
        for j, _ in enumerate(annotations if isinstance(annotations, list) else []):
            where = _index(choice, i) if isinstance(choice, dict) else i
            yield ("choices", i, "delta", "annotations", j), ("choices", where, "delta", "content")


def keeps(body: JSON) -> bool:
    """Tell whether a completion is stored: only if it was asked for."""
    return isinstance(body, dict) and body.get("store") is True


def stored(reply: JSON) -> Iterator[Reference]:
    """Name the completion."""
    if isinstance(reply, dict) and isinstance(identifier := reply.get("id"), str):
        yield Reference("completion", identifier)


def _name(function: JSON) -> str:
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else ""


CHAT = Dialect(
    REQUEST, REPLY, EVENT, check=check, channel=channel, ended=ended, finished=finished, piece=piece, tools=tools,
    cites=cites, keeps=keeps, stored=stored,
)
STORED_CHAT = Dialect(REQUEST, STORED, stored=stored)
