"""POST /v1/completions, the older way of asking for text. Source: OpenAI API specification 2.3.0."""

from collections.abc import Iterator
from typing import Final

from proxy.body import JSON
from proxy.dialects import Channel, Dialect, is_object
from proxy.dialects.openai import filter_offsets
from proxy.dialects.openai_tokens import refuse_numbers
from proxy.table import Table
from proxy.walk import Path

REQUEST = Table(
    """
    model                                        structure
    user                                         hash
    prompt                                       text
    prompt[]                                     text
    suffix                                       text
    stop                                         text
    stop[]                                       text
    best_of                                      structure
    echo                                         structure
    frequency_penalty                            structure
    logit_bias.**                                structure
    logprobs                                     structure
    max_tokens                                   structure
    n                                            structure
    presence_penalty                             structure
    seed                                         structure
    stream                                       structure
    stream_options.**                            structure
    temperature                                  structure
    top_p                                        structure
    """,
    order=("prompt", "suffix"),
)

REPLY = Table(
    """
    id                                           structure
    object                                       structure
    created                                      structure
    model                                        structure
    system_fingerprint                           structure
    service_tier                                 structure
    obfuscation                                  opaque
    usage.**                                     structure
    choices[].index                              structure
    choices[].text                               text
    choices[].finish_reason                      structure
    choices[].logprobs.**                        opaque
    """
)

_SAME: Final = ("id", "object", "created", "model", "system_fingerprint")


def check(body: JSON, *, attachments: bool) -> None:
    """Raise ``BadRequest`` for prompts that are no text."""
    is_object(body, attachments=attachments)
    refuse_numbers(body, "prompt", "Send it as text.")


def channel(event: JSON, path: Path) -> Channel | None:
    """Name the channel of a choice's text."""
    if len(path) != 3 or path[0] != "choices" or path[2] != "text":
        return None
    choice = event["choices"][path[1]]  # type: ignore[index,call-overload]  # path was walked in this very event
    index = choice.get("index") if isinstance(choice, dict) else None
    return ("choices", index if isinstance(index, int) else path[1])


def ended(event: JSON) -> list[Channel]:
    """Return the channels of the choices that are complete."""
    choices = event.get("choices") if isinstance(event, dict) else None
    done = [c for c in choices if isinstance(c, dict) and c.get("finish_reason")] if isinstance(choices, list) else []
    indexes = [choice.get("index") for choice in done]
    return [("choices", index if isinstance(index, int) else 0) for index in indexes]


def cites(event: JSON) -> Iterator[tuple[Path, Channel]]:
    """Find what Azure's filter says: its offsets are places in all of the choice's text."""
    for path, number in filter_offsets(event):
        yield path, ("choices", number)


def piece(last: JSON, where: Channel, text: str) -> JSON:
    """Build a chunk that carries nothing but ``text`` of one choice."""
    envelope: dict[str, JSON] = {}
    if isinstance(last, dict):
        envelope = {key: last[key] for key in _SAME if key in last}
    return {**envelope, "choices": [{"index": where[1], "text": text, "logprobs": None, "finish_reason": None}]}


COMPLETIONS = Dialect(
    REQUEST, REPLY, REPLY, check=check, channel=channel, ended=ended, finished=lambda event: bool(ended(event)),
    piece=piece, cites=cites,
)  # fmt: skip
