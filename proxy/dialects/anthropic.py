"""What Anthropic's endpoints share: the content blocks of messages, and the form of errors.

What Claude thought is signed: it goes out and comes back byte for byte, and its tokens stay tokens.
Source: the types of the ``anthropic`` Python client 2.12, stable and beta.
"""

from typing import Final

from proxy.body import JSON
from proxy.errors import Refusal

_ERRORS: Final = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    502: "api_error",
    503: "overloaded_error",
    504: "timeout_error",
}

# Blocks that hold no other blocks.
_BLOCK: Final = """
    {0}.type                                     structure
    {0}.id                                       structure
    {0}.tool_use_id                              structure
    {0}.cache_control.**                         structure
    {0}.caller.**                                structure
    {0}.text                                     text
    {0}.encrypted_content                        opaque
    {0}.signature                                opaque
    {0}{thinking}.thinking                       signed
    {0}{compaction}.content                      signed
    {0}{redacted_thinking}.data                  opaque
    {0}{tool_use}.name                           structure
    {0}{tool_use}.toolset_name                   structure
    {0}{tool_use}.input                          json
    {0}{server_tool_use}.name                    structure
    {0}{server_tool_use}.input                   json
    {0}{mcp_tool_use}.name                       structure
    {0}{mcp_tool_use}.server_name                structure
    {0}{mcp_tool_use}.input                      json
    {0}{tool_reference}.tool_name                structure
    {0}{tool_search_tool_result}.content.tool_references[].tool_name  structure
    {0}{mcp_tool_listing}.mcp_server_name        structure
    {0}{mcp_tool_listing}.tools[].name           structure
    {0}{mcp_tool_listing}.tools[].input_schema   schema
    {0}{fallback}.from.model                     structure
    {0}{fallback}.to.model                       structure
    {0}{fallback}.trigger                        structure
    {0}{container_upload}.file_id                attachment
    {0}{image}.source                            attachment
    {0}{image}.source.**                         attachment
"""
_CITATION: Final = """
    {0}.type                                     structure
    {0}.file_id                                  structure
    {0}.encrypted_index                          opaque
"""
_DOCUMENT: Final = """
    {0}.source.type                              structure
    {0}.source.media_type                        structure
    {0}.source{base64}                           attachment
    {0}.source{base64}.data                      attachment
    {0}.source{url}                              attachment
    {0}.source{url}.url                          attachment
    {0}.source{file}                             attachment
    {0}.source{file}.file_id                     attachment
"""
_RESULTS: Final = """
    {0}.content.type                             structure
    {0}.content.error_code                       structure
    {0}.content.encrypted_stdout                 opaque
    {0}.content.encrypted_content                opaque
    {0}.content.file_type                        structure
    {0}.content.retrieved_at                     structure
    {0}.content.content.type                     structure
    {0}.content.content[].type                   structure
    {0}.content.content[].file_id                structure
"""


def citation(path: str) -> str:
    """Return the lines of a table for a citation at ``path``."""
    return _CITATION.replace("{0}", path)


def blocks(path: str) -> str:
    """Return the lines of a table for a content block at ``path``, with what it may hold."""
    lines = _nested(path) + _RESULTS.replace("{0}", path)
    inner = (f"{path}{{tool_result}}.content[]", f"{path}{{mcp_tool_result}}.content[]", f"{path}.content[]")
    fetched = f"{path}{{web_fetch_tool_result}}.content"
    of_fetched = _RESULTS.replace("{0}.content", fetched) + _document(f"{fetched}.content")
    return lines + "".join(map(_nested, inner)) + of_fetched


def replied(lines: str) -> str:
    """Return the lines as they hold for a reply: what is signed is not restored, and nothing is refused."""
    return lines.replace("  signed\n", "  opaque\n").replace("  attachment\n", "  opaque\n")


def error(refusal: Refusal) -> JSON:
    """Write a refusal as Anthropic's error body, with its code and field beside what is usual there."""
    detail: dict[str, JSON] = {
        "type": _ERRORS.get(refusal.status, "invalid_request_error"),
        "message": refusal.message,
        "code": refusal.code,
        "param": refusal.param,
    }
    return {"type": "error", "error": detail}


def _nested(path: str) -> str:
    return _BLOCK.replace("{0}", path) + citation(f"{path}.citations[]") + _document(f"{path}{{document}}")


def _document(path: str) -> str:
    parts = f"{path}.source{{content}}.content[]"
    return _DOCUMENT.replace("{0}", path) + _BLOCK.replace("{0}", parts) + citation(f"{parts}.citations[]")
