"""/v1/vector_stores: names, attributes and searches. A value has one token in all of the tenant, so that they match."""

from collections.abc import Iterator

from proxy.body import JSON
from proxy.dialects import Dialect, Reference
from proxy.dialects.openai_items import filters
from proxy.table import Table

REQUEST = Table(
    filters("filters")
    + """
    name                                         text
    description                                  text
    metadata.*                                   text
    file_id                                      structure
    file_ids[]                                   structure
    files[].file_id                              structure
    files[].attributes.*                         text
    files[].chunking_strategy.**                 structure
    attributes.*                                 text
    chunking_strategy.**                         structure
    expires_after.**                             structure
    query                                        text
    query[]                                      text
    max_num_results                              structure
    ranking_options.**                           structure
    rewrite_query                                structure
    """
)

_STORE = """
    {0}id                                        structure
    {0}object                                    structure
    {0}status                                    structure
    {0}vector_store_id                           structure
    {0}file_id                                   structure
    {0}filename                                  text
    {0}score                                     structure
    {0}type                                      structure
    {0}text                                      text
    {0}content[].type                            structure
    {0}content[].text                            text
    {0}attributes.*                              text
    {0}metadata.*                                text
    {0}last_error.code                           structure
    {0}last_error.message                        text
    {0}file_counts.**                            structure
    {0}chunking_strategy.**                      structure
    {0}expires_after.**                          structure
"""

REPLY = Table(
    _STORE.format("") + _STORE.format("data[].")
    + """
    search_query[]                               text
    first_id                                     structure
    last_id                                      structure
    has_more                                     structure
    next_page                                    structure
    """
)  # fmt: skip


def references(body: JSON) -> Iterator[Reference]:
    """Name the files that are put into the store."""
    if isinstance(body, dict):
        listed, files = body.get("file_ids"), body.get("files")
        named = [body.get("file_id"), *(listed if isinstance(listed, list) else [])]
        named += [each.get("file_id") for each in files if isinstance(each, dict)] if isinstance(files, list) else []
        yield from (Reference("file", name) for name in named if isinstance(name, str))


def stored(reply: JSON) -> Iterator[Reference]:
    """Name the store."""
    identifier = reply.get("id") if isinstance(reply, dict) and reply.get("object") == "vector_store" else None
    if isinstance(identifier, str):
        yield Reference("vector_store", identifier)


VECTOR_STORES = Dialect(
    REQUEST, REPLY, references=references, keeps=lambda body: isinstance(body, dict), stored=stored
)
