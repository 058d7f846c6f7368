"""/v1/conversations: what a provider remembers of a chat, as items of the Responses API.

A conversation belongs to the scope it was made in; responses that go on with it join that scope.
"""

from collections.abc import Iterator
from typing import Final

from proxy.body import JSON
from proxy.dialects import Dialect, Reference
from proxy.dialects.openai_items import item, item_ids, item_references, replied
from proxy.table import Table

_ENVELOPE: Final = """
    object                                       structure
    created_at                                   structure
    deleted                                      structure
    has_more                                     structure
    first_id                                     structure
    last_id                                      structure
    metadata.*                                   text
"""

REQUEST = Table(item("items[]") + "metadata.* text", order=("items",))
REPLY = Table(replied(item("")) + replied(item("data[]")) + _ENVELOPE)


def references(body: JSON) -> Iterator[Reference]:
    """Name the items that are only referred to."""
    if isinstance(body, dict):
        yield from item_references(body.get("items"))


def stored(reply: JSON) -> Iterator[Reference]:
    """Name the conversation or the items that a reply shows."""
    if isinstance(reply, dict):
        if reply.get("object") == "conversation" and isinstance(identifier := reply.get("id"), str):
            yield Reference("conversation", identifier)
        yield from item_ids(reply.get("data"))


CONVERSATIONS = Dialect(
    REQUEST, REPLY, references=references, keeps=lambda body: isinstance(body, dict), stored=stored
)
