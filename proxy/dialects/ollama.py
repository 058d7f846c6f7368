"""What Ollama's endpoints share: the form of their errors, the options of a model, and lists of models.

Source: Ollama's API documentation and the types of the ``ollama`` Python client 0.6.
"""

from typing import Final

from proxy.body import JSON
from proxy.dialects import Dialect
from proxy.errors import Refusal
from proxy.table import Table

OPTIONS: Final = """
    model                                        structure
    stream                                       structure
    think                                        structure
    keep_alive                                   structure
    logprobs                                     structure
    top_logprobs                                 structure
    truncate                                     structure
    dimensions                                   structure
    format                                       schema
    options.stop                                 text
    options.stop[]                               text
    options.**                                   structure
"""

REPLIED: Final = """
    model                                        structure
    remote_model                                 structure
    remote_host                                  structure
    created_at                                   structure
    done_reason                                  structure
    logprobs.**                                  opaque
    embedding                                    opaque
    embeddings                                   opaque
    error                                        text
"""


def error(refusal: Refusal) -> JSON:
    """Write a refusal as Ollama's error body, with its code and field beside what is usual there."""
    return {"error": refusal.message, "code": refusal.code, "param": refusal.param}


def stream_error(refusal: Refusal, last: JSON) -> JSON:
    """Write a refusal as the line that ends a stream."""
    del last
    return error(refusal)


# Which models there are, and what one of them is: nothing in these replies comes from a request.
MODELS = Dialect(Table(OPTIONS), Table("**  structure"), framing="ndjson", error=error)
