"""POST /v1/responses and what belongs to it: retrieve, resume, cancel, delete, input items, compact, count tokens.

An event stream says everything three times: in deltas, when a part is done, and in whole snapshots. All are restored
and agree. Events are numbered, so none is added or left out. Source: OpenAI API specification 2.3.0.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from proxy.body import JSON
from proxy.dialects import Channel, Dialect, Reference, is_object
from proxy.dialects.openai import error
from proxy.dialects.openai_items import content, item, item_ids, item_references, replied, text_format, tool
from proxy.errors import AttachmentRefused, BadRequest, Refusal
from proxy.table import Table
from proxy.walk import Path

_ENDS: Final = ("response.completed", "response.incomplete", "response.failed", "response.cancelled", "error")
_CALLS: Final = ("function_call", "custom_tool_call", "mcp_call")

_SHARED: Final = """
    {0}model                                     structure
    {0}user                                      hash
    {0}safety_identifier                         hash
    {0}prompt_cache_key                          hash
    {0}prompt_cache_retention                    structure
    {0}metadata.*                                text
    {0}previous_response_id                      structure
    {0}conversation                              structure
    {0}conversation.id                           structure
    {0}instructions                              text
    {0}service_tier                              structure
    {0}truncation                                structure
    {0}reasoning.effort                          structure
    {0}reasoning.summary                         structure
    {0}reasoning.generate_summary                structure
    {0}reasoning.mode                            structure
    {0}prompt.id                                 structure
    {0}prompt.version                            structure
    {0}prompt.variables.*                        text
    {0}prompt.variables.*.type                   structure
    {0}prompt.variables.*.text                   text
    {0}prompt.variables.*.filename               text
    {0}prompt.variables.*.file_id                attachment
    {0}prompt.variables.*.file_data              attachment
    {0}prompt.variables.*.file_url               attachment
    {0}prompt.variables.*.image_url              attachment
    {0}tool_choice                               structure
    {0}tool_choice.type                          structure
    {0}tool_choice.mode                          structure
    {0}tool_choice.name                          structure
    {0}tool_choice.server_label                  structure
    {0}tool_choice.tools[].type                  structure
    {0}tool_choice.tools[].name                  structure
    {0}tool_choice.tools[].server_label          structure
    {0}context_management[].type                 structure
    {0}context_management[].compact_threshold    structure
    {0}moderation.model                          structure
    {0}background                                structure
    {0}max_output_tokens                         structure
    {0}max_tool_calls                            structure
    {0}parallel_tool_calls                       structure
    {0}store                                     structure
    {0}temperature                               structure
    {0}top_logprobs                              structure
    {0}top_p                                     structure
"""

REQUEST = Table(
    _SHARED.format("") + tool("tools[]") + text_format("text") + item("input[]") + content("input[].content[]")
    + """
    include[]                                    structure
    stream                                       structure
    stream_options.**                            structure
    input                                        text
    """,
    order=("tools", "text", "instructions", "prompt", "input"),
)  # fmt: skip


def _response(path: str) -> str:
    """Return the lines of a table for a response object, whose fields begin with ``path``."""
    return (
        _SHARED.format(path) + tool(f"{path}tools[]") + text_format(f"{path}text") + replied(item(f"{path}output[]"))
        + item(f"{path}instructions[]")
        + f"""
    {path}id                                     structure
    {path}object                                 structure
    {path}status                                 structure
    {path}created_at                             structure
    {path}completed_at                           structure
    {path}billing.**                             structure
    {path}error                                  text
    {path}error.code                             structure
    {path}error.message                          text
    {path}incomplete_details                     structure
    {path}incomplete_details.reason              structure
    {path}usage.**                               structure
        """
    )  # fmt: skip


REPLY = Table(_response("") + replied(item("data[]")) + """
    data[].object                                structure
    has_more                                     structure
    first_id                                     structure
    last_id                                      structure
    """)

EVENT = Table(
    _response("response.") + replied(item("item")) + replied(content("part")) + """
    type                                         structure
    sequence_number                              structure
    item_id                                      structure
    output_index                                 structure
    content_index                                structure
    summary_index                                structure
    command_index                                structure
    annotation_index                             structure
    text                                         text
    obfuscation                                  opaque
    logprobs.**                                  opaque
    delta                                        text
    delta.stdout                                 text
    delta.stderr                                 text
    arguments                                    json
    {response.function_call_arguments.delta}.delta  json
    {response.mcp_call_arguments.delta}.delta    json
    {response.audio.delta}.delta                 opaque
    partial_image_b64                            opaque
    annotation.type                              structure
    annotation.file_id                           structure
    annotation.container_id                      structure
    """
)


def check(body: JSON, *, attachments: bool) -> None:
    """Raise ``BadRequest`` unless ``body`` is a Responses request; ``attachments`` allows sound as output."""
    is_object(body, attachments=attachments)
    fields = body if isinstance(body, dict) else {}
    if "messages" in fields and "input" not in fields:
        hint = "It looks like a chat completion request: send it to /v1/chat/completions."
        raise BadRequest("missing_input", f"'input' is missing. {hint}", param="input")
    if not isinstance(fields.get("input"), str | list | None):
        raise BadRequest("invalid_input", "'input' must be a text or a list of items.", param="input")
    modalities = fields.get("modalities")
    if not attachments and isinstance(modalities, list) and "audio" in modalities:
        raise AttachmentRefused(
            "attachment_refused", "Sound as output is refused: it can't be restored.", param="modalities"
        )


def references(body: JSON) -> Iterator[Reference]:
    """Name what a request continues: an earlier response, a conversation, single items."""
    if not isinstance(body, dict):
        return
    if isinstance(previous := body.get("previous_response_id"), str):
        yield Reference("response", previous)
    conversation = body.get("conversation")
    conversation = conversation.get("id") if isinstance(conversation, dict) else conversation
    if isinstance(conversation, str):
        yield Reference("conversation", conversation)
    yield from item_references(body.get("input"))


def keeps(body: JSON) -> bool:
    """Tell whether the response is stored, which is what happens unless the request says otherwise."""
    return isinstance(body, dict) and body.get("store") is not False


def stored(tree: JSON) -> Iterator[Reference]:
    """Name the response and the items that a reply or an event shows."""
    if not isinstance(tree, dict):
        return
    if isinstance(tree.get("response"), dict):
        tree = tree["response"]
    elif tree.get("type") == "response.output_item.done":
        yield from item_ids([tree.get("item")])
    if isinstance(tree, dict):
        if tree.get("object") in ("response", "response.compaction") and isinstance(identifier := tree.get("id"), str):
            yield Reference("response", identifier)
        yield from item_ids(tree.get("output"))
        yield from item_ids(tree.get("data"))


def channel(event: JSON, path: Path) -> Channel | None:
    """Name the channel of a delta; everything else stands by itself."""
    if not isinstance(event, dict) or path[0] != "delta" or not _type(event).endswith(".delta"):
        return None
    return (*_place(event), *path[1:])


def ended(event: JSON) -> list[Channel]:
    """Return the channels that an event says are done: one, those of an item, or all."""
    kind = _type(event)
    if kind in _ENDS:
        return [()]
    if not isinstance(event, dict) or not kind.endswith(".done"):
        return []
    place = _place(event)
    return [place[:1] if kind == "response.output_item.done" else place]


def finished(event: JSON) -> bool:
    """Tell whether the response is over, one way or another."""
    return _type(event) in _ENDS


def tools(event: JSON) -> Iterator[tuple[Channel, str]]:
    """Name the tool that a new item calls."""
    called = event.get("item") if isinstance(event, dict) else None
    name = called.get("name") if isinstance(called, dict) and called.get("type") in _CALLS else None
    if isinstance(event, dict) and isinstance(name, str):
        yield _place(event)[:1], name


def cites(event: JSON) -> Iterator[tuple[Path, Channel]]:
    """Find an annotation that is added to a text still being written."""
    added = _type(event) == "response.output_text.annotation.added"
    if added and isinstance(event, dict) and isinstance(event.get("annotation"), dict):
        yield ("annotation",), _place({**event, "type": "response.output_text.delta"})


def stream_error(refusal: Refusal, last: JSON) -> JSON:
    """Write a refusal as the event that ends a stream, with the next number."""
    number = last.get("sequence_number") if isinstance(last, dict) else None
    detail = error(refusal)
    return {
        "type": "error",
        "code": refusal.code,
        "message": refusal.message,
        "param": refusal.param,
        "sequence_number": number + 1 if isinstance(number, int) else 0,
        **(detail if isinstance(detail, dict) else {}),
    }


def _type(event: JSON) -> str:
    kind = event.get("type") if isinstance(event, dict) else None
    return kind if isinstance(kind, str) else ""


def _place(event: dict[str, JSON]) -> Channel:
    """Return whose text an event is about: the item by its place (ids may change under way), what of it, which part."""
    output, part = event.get("output_index"), None
    for name in ("content_index", "summary_index", "command_index"):
        part = event.get(name, part)
    whose = output if isinstance(output, int) else event.get("item_id")
    return (
        whose if isinstance(whose, int | str) else None,
        _type(event).rpartition(".")[0],
        part if isinstance(part, int) else None,
    )


RESPONSES = Dialect(
    REQUEST, REPLY, EVENT, check=check, channel=channel, ended=ended, finished=finished, tools=tools, cites=cites,
    references=references, keeps=keeps, stored=stored, stream_error=stream_error, error_name="error",
)  # fmt: skip
COMPACT = replace(RESPONSES, keeps=lambda body: isinstance(body, dict))
COUNT = replace(RESPONSES, keeps=lambda body: False)  # noqa: ARG005 - a field of the dialect
