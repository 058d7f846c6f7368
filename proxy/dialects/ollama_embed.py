"""POST /api/embed, and /api/embeddings before it. A value has one token in all of the tenant, so that texts match."""

from proxy.body import JSON
from proxy.dialects import Dialect, is_object
from proxy.dialects.ollama import OPTIONS, REPLIED, error
from proxy.dialects.openai_tokens import refuse_numbers
from proxy.table import Table

REQUEST = Table(
    OPTIONS
    + """
    input                                        text
    input[]                                      text
    prompt                                       text
    """
)


def check(body: JSON, *, attachments: bool) -> None:
    """Raise ``BadRequest`` for input that is no text."""
    is_object(body, attachments=attachments)
    refuse_numbers(body, "input", "Send it as text.")


EMBED = Dialect(REQUEST, Table(REPLIED), framing="ndjson", check=check, error=error)
