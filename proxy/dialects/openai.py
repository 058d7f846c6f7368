"""What OpenAI's endpoints share: the form of their errors, and on Azure what the content filter says of a stream."""

from collections.abc import Iterator

from proxy.body import JSON
from proxy.errors import Refusal
from proxy.walk import Path


def error(refusal: Refusal) -> JSON:
    """Write a refusal as OpenAI's error body."""
    detail: dict[str, JSON] = {
        "message": refusal.message,
        "type": refusal.type,
        "param": refusal.param,
        "code": refusal.code,
    }
    return {"error": detail}


def filter_offsets(event: JSON) -> Iterator[tuple[Path, int]]:
    """Find where Azure's content filter says how far it is in a choice's text, and that choice's number."""
    choices = event.get("choices") if isinstance(event, dict) else None
    for i, choice in enumerate(choices if isinstance(choices, list) else []):
        if isinstance(choice, dict) and isinstance(choice.get("content_filter_offsets"), dict):
            index = choice.get("index")
            yield ("choices", i, "content_filter_offsets"), index if isinstance(index, int) else i
