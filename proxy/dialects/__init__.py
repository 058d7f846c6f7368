"""The LLM APIs Deckname speaks: one file a dialect, tables and as little code as can be.

A dialect is a module; ``Dialect`` says what it must hold.
"""

from collections.abc import Sequence
from typing import Protocol

from proxy.body import JSON
from proxy.errors import Refusal
from proxy.walk import Path, Table

Channel = tuple[str | int, ...]


class Dialect(Protocol):
    """One API's way of writing requests, replies, stream events and errors."""

    REQUEST: Table
    REPLY: Table
    EVENT: Table
    ERROR_EVENT: str  # the ``event:`` name of an error in a stream; empty where the API has no names

    def check(self, body: JSON, *, attachments: bool) -> None:
        """Raise ``BadRequest`` unless ``body`` has the shape of this API's requests."""

    def channel(self, event: JSON, path: Path) -> Channel | None:
        """Name the channel that the string at ``path`` of an event is a piece of; None if it stands by itself."""

    def ended(self, event: JSON) -> Sequence[Channel]:
        """Return the beginnings of the channels that get no more text after this event."""

    def piece(self, last: JSON, where: Channel, text: str) -> JSON:
        """Build an event that carries nothing but ``text`` on one channel, in the likeness of ``last``."""

    def error(self, refusal: Refusal) -> JSON:
        """Write a refusal as this API's error body."""
