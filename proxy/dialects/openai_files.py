"""/v1/files and /v1/batches: requests that wait in a file for hours, one a line, and the files of their replies."""

from collections.abc import Iterator

from proxy.body import JSON
from proxy.dialects import Dialect, Reference
from proxy.table import Table

FILE_REQUEST = Table(
    """
    file                                         attachment
    purpose                                      structure
    expires_after                                structure
    """
)

FILE = Table(
    """
    id                                           structure
    object                                       structure
    bytes                                        structure
    created_at                                   structure
    expires_at                                   structure
    filename                                     text
    purpose                                      structure
    status                                       structure
    status_details                               text
    deleted                                      structure
    """
)

BATCH_REQUEST = Table(
    """
    input_file_id                                structure
    endpoint                                     structure
    completion_window                            structure
    output_expires_after.**                      structure
    metadata.*                                   text
    """
)

BATCH = Table(
    """
    id                                           structure
    object                                       structure
    endpoint                                     structure
    model                                        structure
    completion_window                            structure
    status                                       structure
    input_file_id                                structure
    output_file_id                               structure
    error_file_id                                structure
    errors.object                                structure
    errors.data[].code                           structure
    errors.data[].message                        text
    errors.data[].param                          text
    request_counts.**                            structure
    usage.**                                     structure
    metadata.*                                   text
    """
)


def references(body: JSON) -> Iterator[Reference]:
    """Name the file that a batch works through: one that was pseudonymised line by line."""
    if isinstance(body, dict) and isinstance(identifier := body.get("input_file_id"), str):
        yield Reference("batch_file", identifier)


def stored(reply: JSON) -> Iterator[Reference]:
    """Name the batch and the files of its replies."""
    if not isinstance(reply, dict) or reply.get("object") != "batch":
        return
    if isinstance(identifier := reply.get("id"), str):
        yield Reference("batch", identifier)
    for name in ("output_file_id", "error_file_id"):
        if isinstance(identifier := reply.get(name), str):
            yield from (Reference("file", identifier), Reference("batch_file", identifier))


def stored_file(reply: JSON) -> Iterator[Reference]:
    """Name the file."""
    if isinstance(reply, dict) and reply.get("object") == "file" and isinstance(identifier := reply.get("id"), str):
        yield Reference("file", identifier)


FILES = Dialect(FILE_REQUEST, FILE, keeps=lambda body: isinstance(body, dict), stored=stored_file)
BATCHES = Dialect(
    BATCH_REQUEST, BATCH, references=references, keeps=lambda body: isinstance(body, dict), stored=stored
)
