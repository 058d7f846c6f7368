"""POST /v1/images/generations: a description in, pictures out. What is painted into a picture can't be restored."""

from proxy.dialects import Dialect
from proxy.table import Table

REQUEST = Table(
    """
    model                                        structure
    user                                         hash
    prompt                                       text
    background                                   structure
    moderation                                   structure
    n                                            structure
    output_compression                           structure
    output_format                                structure
    partial_images                               structure
    quality                                      structure
    response_format                              structure
    size                                         structure
    stream                                       structure
    style                                        structure
    """
)

REPLY = Table(
    """
    type                                         structure
    b64_json                                     opaque
    data[].b64_json                              opaque
    data[].url                                   opaque
    data[].revised_prompt                        text
    usage.**                                     structure
    """
)


IMAGES = Dialect(
    REQUEST, REPLY, REPLY,
    finished=lambda event: isinstance(event, dict) and event.get("type") == "image_generation.completed",
)  # fmt: skip
