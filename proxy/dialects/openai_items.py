"""Items, content parts and tools of the Responses API, as they stand in requests, replies, events and conversations.

Templates of tables: ``{0}`` is the path of what they describe. Source: OpenAI API specification 2.3.0.
"""

from collections.abc import Iterator
from typing import Final

from proxy.body import JSON
from proxy.dialects import SEALED, Reference

_CONTENT: Final = """
    {0}.type                                     structure
    {0}.text                                     text
    {0}.refusal                                  text
    {0}.detail                                   structure
    {0}.prompt_cache_breakpoint.**               structure
    {0}.filename                                 text
    {0}.file_id                                  attachment
    {0}.file_data                                attachment
    {0}.file_url                                 attachment
    {0}.image_url                                attachment
    {0}.image_url.**                             attachment
    {0}.input_audio.**                           attachment
    {0}.audio_url.**                             attachment
    {0}.video_url.**                             attachment
    {0}.annotations[].type                       structure
    {0}.annotations[].file_id                    structure
    {0}.annotations[].container_id               structure
    {0}.annotations[].index                      structure
    {0}.annotations[].start_index                structure
    {0}.annotations[].end_index                  structure
    {0}.annotations[].filename                   text
    {0}.annotations[].url                        text
    {0}.annotations[].title                      text
"""

_FILTERS: Final = """
    {0}.type                                     structure
    {0}.key                                      structure
    {0}.value                                    text
    {0}.filters[].type                           structure
    {0}.filters[].key                            structure
    {0}.filters[].value                          text
"""

_ENVIRONMENT: Final = """
    {0}.type                                     structure
    {0}.container_id                             structure
    {0}.file_ids[]                               structure
    {0}.memory_limit                             structure
    {0}.network_policy.type                      structure
    {0}.network_policy.allowed_domains[]         structure
    {0}.network_policy.domain_secrets[].domain   structure
    {0}.network_policy.domain_secrets[].name     structure
    {0}.network_policy.domain_secrets[].value    opaque
    {0}.skills[].type                            structure
    {0}.skills[].skill_id                        structure
    {0}.skills[].version                         structure
    {0}.skills[].name                            structure
    {0}.skills[].description                     text
    {0}.skills[].path                            text
    {0}.skills[].source.type                     structure
    {0}.skills[].source.media_type               structure
    {0}.skills[].source.data                     attachment
"""

_FUNCTION: Final = """
    {0}.type                                     structure
    {0}.name                                     structure
    {0}.description                              text
    {0}.strict                                   structure
    {0}.parameters                               schema
    {0}.input_schema                             schema
    {0}.output_schema                            schema
    {0}.format.type                              structure
    {0}.format.syntax                            structure
    {0}.format.definition                        text
"""

# What a provider runs itself (search, code, MCP) is configured here; credentials meant for it pass as they are.
_TOOL: Final = (
    _FUNCTION
    + _FUNCTION.replace("{0}", "{0}.tools[]")
    + _FILTERS.replace("{0}", "{0}.filters")
    + _ENVIRONMENT.replace("{0}", "{0}.environment")
    + _ENVIRONMENT.replace("{0}", "{0}.container")
    + """
    {0}.execution                                structure
    {0}.vector_store_ids[]                       structure
    {0}.max_num_results                          structure
    {0}.ranking_options.**                       structure
    {0}.filters.allowed_domains[]                structure
    {0}.search_context_size                      structure
    {0}.search_content_types[]                   structure
    {0}.user_location.type                       structure
    {0}.user_location.country                    structure
    {0}.user_location.timezone                   structure
    {0}.user_location.region                     text
    {0}.user_location.city                       text
    {0}.server_label                             structure
    {0}.server_url                               structure
    {0}.server_description                       text
    {0}.connector_id                             structure
    {0}.tunnel_id                                structure
    {0}.authorization                            opaque
    {0}.headers.**                               opaque
    {0}.allowed_tools[]                          structure
    {0}.allowed_tools.tool_names[]               structure
    {0}.require_approval                         structure
    {0}.require_approval.always.tool_names[]     structure
    {0}.require_approval.never.tool_names[]      structure
    {0}.environment                              structure
    {0}.container                                structure
    {0}.model                                    structure
    {0}.size                                     structure
    {0}.quality                                  structure
    {0}.background                               structure
    {0}.moderation                               structure
    {0}.output_format                            structure
    {0}.input_fidelity                           structure
    {0}.action                                   structure
    {0}.input_image_mask.**                      attachment
"""
)

_ACTION: Final = """
    {0}.type                                     structure
    {0}.button                                   structure
    {0}.keys[]                                   structure
    {0}.text                                     text
    {0}.query                                    text
    {0}.queries[]                                text
    {0}.sources[].type                           structure
    {0}.sources[].url                            text
    {0}.url                                      text
    {0}.pattern                                  text
    {0}.command[]                                text
    {0}.commands[]                               text
    {0}.env.*                                    text
    {0}.user                                     text
    {0}.working_directory                        text
"""

_CHECK: Final = """
    {0}.id                                       structure
    {0}.code                                     structure
    {0}.message                                  text
"""

_ITEM: Final = (
    _CONTENT.replace("{0}", "{0}.content[]")
    + _CONTENT.replace("{0}", "{0}.output[]")
    + _CONTENT.replace("{0}", "{0}.output")
    + _CONTENT.replace("{0}", "{0}.summary[]")
    + _ACTION.replace("{0}", "{0}.action")
    + _ACTION.replace("{0}", "{0}.actions[]")
    + _CHECK.replace("{0}", "{0}.pending_safety_checks[]")
    + _CHECK.replace("{0}", "{0}.acknowledged_safety_checks[]")
    + _TOOL.replace("{0}", "{0}.tools[]")
    + _ENVIRONMENT.replace("{0}", "{0}.environment")
    + """
    {0}.type                                     structure
    {0}.id                                       structure
    {0}.object                                   structure
    {0}.call_id                                  structure
    {0}.role                                     structure
    {0}.status                                   structure
    {0}.phase                                    structure
    {0}.name                                     structure
    {0}.namespace                                structure
    {0}.server_label                             structure
    {0}.approval_request_id                      structure
    {0}.container_id                             structure
    {0}.created_by                               structure
    {0}.execution                                structure
    {0}.caller.type                              structure
    {0}.caller.caller_id                         structure
    {0}.encrypted_content                        opaque
    {0}.fingerprint                              opaque
    {0}.content                                  text
    {0}.arguments                                json
    {0}.input                                    text
    {0}.output                                   text
    {0}.output[].stdout                          text
    {0}.output[].stderr                          text
    {0}.output[].outcome.type                    structure
    {0}.outputs[].type                           structure
    {0}.outputs[].logs                           text
    {0}.outputs[].url                            attachment
    {0}.queries[]                                text
    {0}.results[].file_id                        structure
    {0}.results[].filename                       text
    {0}.results[].text                           text
    {0}.results[].score                          structure
    {0}.results[].attributes.*                   text
    {0}.code                                     text
    {0}.result                                   text
    {0}{{image_generation_call}}.result          attachment
    {0}{{image_generation_call}}.revised_prompt  text
    {0}{{image_generation_call}}.size            structure
    {0}{{image_generation_call}}.quality         structure
    {0}{{image_generation_call}}.background      structure
    {0}{{image_generation_call}}.output_format   structure
    {0}{{image_generation_call}}.action          structure
    {0}.operation.type                           structure
    {0}.operation.path                           text
    {0}.operation.diff                           text
    {0}.reason                                   text
    {0}.error                                    text
    {0}.error.type                               structure
    {0}.error.code                               structure
    {0}.error.message                            text
    {0}.error.content                            text
"""
)

_FORMAT: Final = """
    {0}.verbosity                                structure
    {0}.format.type                              structure
    {0}.format.name                              structure
    {0}.format.description                       text
    {0}.format.strict                            structure
    {0}.format.schema                            schema
"""


def content(path: str) -> str:
    """Return the lines of a table for a content part at ``path``."""
    return _CONTENT.format(path)


def item(path: str) -> str:
    """Return the lines of a table for an item at ``path``."""
    return _ITEM.format(path)


def tool(path: str) -> str:
    """Return the lines of a table for a tool's definition at ``path``."""
    return _TOOL.format(path)


def filters(path: str) -> str:
    """Return the lines of a table for filters of a search at ``path``; values are text."""
    return _FILTERS.format(path)


def text_format(path: str) -> str:
    """Return the lines of a table for the form of the answer at ``path``."""
    return _FORMAT.format(path)


def replied(lines: str) -> str:
    """Return a table's lines for the way back: probabilities are of the tokens the model wrote, and stay so."""
    parts = [line.split()[0].removesuffix(".refusal") for line in lines.splitlines() if ".refusal " in line]
    return lines + "".join(f"\n{part}.logprobs.** opaque" for part in parts)


def item_references(items: JSON) -> Iterator[Reference]:
    """Name the stored items that a list of input items stands on: references, and histories compacted to a secret."""
    for each in items if isinstance(items, list) else []:
        if isinstance(each, dict) and isinstance(identifier := each.get("id"), str):
            bare = each.keys() <= {"id", "type"} and each.get("type") is None
            if bare or each.get("type") == "item_reference":
                yield Reference("item", identifier)
            elif each.get("type") == "compaction":
                yield Reference(SEALED, identifier)


def item_ids(items: JSON) -> Iterator[Reference]:
    """Name the items in a list."""
    for each in items if isinstance(items, list) else []:
        if isinstance(each, dict) and isinstance(identifier := each.get("id"), str):
            yield Reference("item", identifier)
            if each.get("type") == "compaction":
                yield Reference(SEALED, identifier)
