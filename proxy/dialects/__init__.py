"""The LLM APIs Deckname speaks: one file a dialect, tables and as little code as can be.

A dialect is a value made of tables and a few functions; what it leaves out is what most APIs do.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from proxy.body import JSON
from proxy.dialects.openai import error as openai_error
from proxy.errors import BadRequest, Refusal
from proxy.table import Table
from proxy.walk import Path

Channel = tuple[str | int | None, ...]
PLAIN: Final = Table("")


SEALED: Final = "compaction"  # the kind of what a client keeps for the provider, tokens and all, in encrypted form


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that the provider keeps, by its kind (``response``, ``file``, …) and the id it has there."""

    kind: str
    id: str


def is_object(body: JSON, *, attachments: bool) -> None:
    """Raise ``BadRequest`` unless ``body`` is a JSON object."""
    del attachments
    if not isinstance(body, dict):
        raise BadRequest("invalid_body", "The body must be a JSON object.")


def alone(event: JSON, path: Path) -> Channel | None:
    """Say of every string of an event that it stands by itself."""
    del event, path
    return None


def nothing(tree: JSON) -> Sequence[Channel]:
    """End no channel."""
    del tree
    return ()


def never(tree: JSON) -> bool:
    """Say no."""
    del tree
    return False


def no_references(tree: JSON) -> Iterable[Reference]:
    """Name no stored object."""
    del tree
    return ()


def no_tools(tree: JSON) -> Iterable[tuple[Channel, str]]:
    """Name no tool."""
    del tree
    return ()


def no_citations(tree: JSON) -> Iterable[tuple[Path, Channel]]:
    """Find no citation that comes apart from its text."""
    del tree
    return ()


def no_documents(body: JSON) -> Sequence[str]:
    """Find no document that a reply has offsets into."""
    del body
    return ()


def plain_stream_error(refusal: Refusal, last: JSON) -> JSON:
    """Write a refusal in a stream as it is written elsewhere."""
    del last
    return openai_error(refusal)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One endpoint's way of writing requests, replies, stream events and errors.

    - ``request``, ``reply``, ``event``: how the strings of each body are treated.
    - ``check``: raises ``BadRequest`` unless a body has the shape of this endpoint's requests; ``attachments`` says
      whether the policy lets them pass.
    - ``channel``: names the channel that the string at a path of an event is a piece of; None if it stands by itself.
    - ``ended``: the beginnings of the channels that get no more text after this event.
    - ``finished``: whether this event is the reply's last.
    - ``piece``: builds an event that carries nothing but a text on one channel, in the likeness of the last event.
      Without it no event is ever added: one whose text is held back waits until its channel goes on or ends. That is
      for APIs that number their events.
    - ``tools``: the tools that an event names, each with the beginning of the channels of its arguments.
    - ``cites``: the places of an event's annotations, each with the channel of the text that it has offsets into.
    - ``documents``: the documents of a request that a reply's citations have offsets into.
    - ``references``: the stored objects whose content a request continues.
    - ``keeps``: whether what this request makes is kept by the provider; ``stored``: what a reply or event shows to be
      kept there.
    - ``error``, ``stream_error``, ``error_name``: a refusal as a body, as an event, and that event's name.
    - ``sound``: whether the reply may be something else than text, and then passes as it is; ``text_reply``: whether
      it may be a text that is no JSON.
    """

    request: Table = PLAIN
    reply: Table = PLAIN
    event: Table = PLAIN
    framing: Literal["sse", "ndjson"] = "sse"
    check: Callable[..., None] = is_object
    channel: Callable[[JSON, Path], Channel | None] = alone
    ended: Callable[[JSON], Sequence[Channel]] = nothing
    finished: Callable[[JSON], bool] = never
    piece: Callable[[JSON, Channel, str], JSON] | None = None
    tools: Callable[[JSON], Iterable[tuple[Channel, str]]] = no_tools
    cites: Callable[[JSON], Iterable[tuple[Path, Channel]]] = no_citations
    documents: Callable[[JSON], Sequence[str]] = no_documents
    references: Callable[[JSON], Iterable[Reference]] = no_references
    keeps: Callable[[JSON], bool] = never
    stored: Callable[[JSON], Iterable[Reference]] = no_references
    error: Callable[[Refusal], JSON] = openai_error
    stream_error: Callable[[Refusal, JSON], JSON] = plain_stream_error
    error_name: str = ""
    sound: bool = False
    text_reply: bool = False
