"""POST /v1/embeddings. A value has one token in all of the tenant: documents and queries must find each other."""

from proxy.body import JSON
from proxy.dialects import Dialect, is_object
from proxy.dialects.openai_tokens import refuse_numbers
from proxy.table import Table

REQUEST = Table(
    """
    model                                        structure
    user                                         hash
    input                                        text
    input[]                                      text
    encoding_format                              structure
    dimensions                                   structure
    """
)

REPLY = Table(
    """
    object                                       structure
    model                                        structure
    data[].object                                structure
    data[].index                                 structure
    data[].embedding                             opaque
    usage.**                                     structure
    """
)


def check(body: JSON, *, attachments: bool) -> None:
    """Raise ``BadRequest`` for input that is no text."""
    is_object(body, attachments=attachments)
    refuse_numbers(
        body, "input", "Send it as text; LangChain's OpenAIEmbeddings does that with check_embedding_ctx_length=False."
    )


EMBEDDINGS = Dialect(REQUEST, REPLY, check=check)
