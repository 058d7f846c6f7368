"""POST /v1/messages and /v1/messages/count_tokens as Anthropic specifies them.

A stream says each text once, in deltas of numbered blocks; events bear names. What a block's restorer still holds
back goes out as one more delta before the block ends. Source: the ``anthropic`` Python client 2.12.
"""

from collections.abc import Iterator
from typing import Final

from proxy.body import JSON
from proxy.dialects import Channel, Dialect, is_object
from proxy.dialects.anthropic import blocks, citation, error, replied
from proxy.errors import BadRequest, Refusal
from proxy.table import Table
from proxy.walk import Path

_TOOLS: Final = """
    tools[].type                                 structure
    tools[].name                                 structure
    tools[].input_schema                         schema
    tools[].cache_control.**                     structure
    tools[].allowed_callers[]                    structure
    tools[].model                                structure
    tools[].mcp_server_name                      structure
    tools[].tools[].name                         structure
    tools[].tools[].input_schema                 schema
    tools[].configs.**                           structure
    tools[].default_config.**                    structure
    tools[].url_sources.**                       structure
    tools[].user_location.type                   structure
    tools[].user_location.country                structure
    tools[].user_location.timezone               structure
"""

REQUEST = Table(
    _TOOLS + blocks("system[]") + blocks("messages[].content[]")
    + """
    model                                        structure
    system                                       text
    messages[].role                              structure
    messages[].content                           text
    metadata.user_id                             hash
    stop_sequences[]                             text
    stream                                       structure
    max_tokens                                   structure
    temperature                                  structure
    top_k                                        structure
    top_p                                        structure
    thinking.**                                  structure
    tool_choice.**                               structure
    service_tier                                 structure
    speed                                        structure
    inference_geo                                structure
    user_profile_id                              structure
    workspace_id                                 structure
    betas[]                                      structure
    cache_control.**                             structure
    diagnostics.**                               structure
    thread.**                                    structure
    container                                    structure
    container.id                                 structure
    container.skills[].**                        structure
    context_management.edits[].type              structure
    context_management.edits[].trigger.**        structure
    context_management.edits[].keep              structure
    context_management.edits[].keep.**           structure
    context_management.edits[].clear_at_least.** structure
    context_management.edits[].exclude_tools[]   structure
    context_management.edits[].clear_tool_inputs[]  structure
    mcp_servers[].type                           structure
    mcp_servers[].name                           structure
    mcp_servers[].url                            structure
    mcp_servers[].authorization_token            opaque
    mcp_servers[].tool_configuration.**          structure
    fallbacks[].model                            structure
    fallback_credit_token                        opaque
    fallback_credit_token.token                  opaque
    output_config.effort                         structure
    output_config.task_budget.**                 structure
    output_config.format.type                    structure
    output_config.format.schema                  schema
    output_format.type                           structure
    output_format.schema                         schema
    """,
    order=("tools", "output_config", "output_format", "system", "messages"),
)  # fmt: skip


def _message(path: str) -> str:
    """Return the lines of a table for a message of Claude's, whose fields begin with ``path``."""
    return replied(blocks(f"{path}content[]")) + f"""
    {path}id                                     structure
    {path}type                                   structure
    {path}role                                   structure
    {path}model                                  structure
    {path}stop_reason                            structure
    {path}stop_sequence                          text
    {path}stop_details.type                      structure
    {path}stop_details.category                  structure
    {path}stop_details.fallback_credit_token     opaque
    {path}container.**                           structure
    {path}context_management.**                  structure
    {path}input_transformations[].**             structure
    {path}usage.**                               structure
    """


_ERROR: Final = """
    error.type                                   structure
    error.message                                text
    request_id                                   structure
"""

REPLY = Table(_message("") + _ERROR)

EVENT = Table(
    _message("message.") + _message("delta.") + replied(blocks("content_block")) + citation("delta.citation") + _ERROR
    + """
    type                                         structure
    index                                        structure
    usage.**                                     structure
    context_management.**                        structure
    delta.text                                   text
    delta.thinking                               opaque
    delta.signature                              opaque
    delta.encrypted_content                      opaque
    delta.partial_json                           json
    delta{compaction_delta}.content              opaque
    """
)


def check(body: JSON, *, attachments: bool) -> None:
    """Raise ``BadRequest`` unless ``body`` is a Messages request."""
    is_object(body, attachments=attachments)
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
        raise BadRequest("missing_messages", "'messages' must be a list of messages.", param="messages")


def channel(event: JSON, path: Path) -> Channel | None:
    """Name the channel of a delta: its block, and what of it. A block may begin with some of its text."""
    if not isinstance(event, dict) or len(path) != 2:
        return None
    match event.get("type"), path[0], path[1]:
        case "content_block_delta", "delta", ("text" | "partial_json") as what:
            return _block(event), str(what)
        case "content_block_start", "content_block", "text":
            return _block(event), "text"
    return None


def ended(event: JSON) -> list[Channel]:
    """Return the beginnings of the channels that get no more text: those of a block, or all."""
    kind = event.get("type") if isinstance(event, dict) else None
    if isinstance(event, dict) and kind == "content_block_stop":
        return [(_block(event),)]
    return [()] if kind in ("message_delta", "message_stop", "error") else []


def finished(event: JSON) -> bool:
    """Tell whether the message is over."""
    return isinstance(event, dict) and event.get("type") == "message_stop"


def piece(last: JSON, where: Channel, text: str) -> JSON:
    """Build a delta that carries nothing but ``text``."""
    del last
    name = "input_json_delta" if where[1] == "partial_json" else "text_delta"
    return {"type": "content_block_delta", "index": where[0], "delta": {"type": name, str(where[1]): text}}


def tools(event: JSON) -> Iterator[tuple[Channel, str]]:
    """Name the tool that a new block calls."""
    block = event.get("content_block") if isinstance(event, dict) else None
    name = block.get("name") if isinstance(block, dict) and "input" in block else None
    if isinstance(event, dict) and isinstance(name, str):
        yield (_block(event),), name


def documents(body: JSON) -> list[str]:
    """Return the documents of a request in the order of their numbers; one that isn't plain text as nothing."""
    messages = body["messages"] if isinstance(body, dict) else None
    holders = messages if isinstance(messages, list) else []
    return [text for each in holders if isinstance(each, dict) for text in _documents(each)]


def _documents(holder: dict[str, JSON]) -> Iterator[str]:
    content = holder.get("content")
    for block in content if isinstance(content, list) else []:
        kind = block.get("type") if isinstance(block, dict) else None
        if isinstance(block, dict) and kind == "document":
            source = block.get("source")
            data = source.get("data") if isinstance(source, dict) and source.get("type") == "text" else ""
            yield data if isinstance(data, str) else ""
        elif isinstance(block, dict) and kind == "tool_result":
            yield from _documents(block)


def stream_error(refusal: Refusal, last: JSON) -> JSON:
    """Write a refusal as the event that ends a stream."""
    del last
    return error(refusal)


def _block(event: dict[str, JSON]) -> int:
    index = event.get("index")
    return index if isinstance(index, int) else 0


MESSAGES = Dialect(
    REQUEST, REPLY, EVENT, check=check, channel=channel, ended=ended, finished=finished, piece=piece, tools=tools,
    documents=documents, error=error, stream_error=stream_error, error_name="error",
)  # fmt: skip
