"""What all of OpenAI's endpoints share: the form of their errors."""

from proxy.errors import Refusal
from proxy.walk import JSON

ERROR_EVENT: str | None = None


def error(refusal: Refusal) -> JSON:
    """Write a refusal as OpenAI's error body."""
    detail: dict[str, JSON] = {
        "message": refusal.message,
        "type": refusal.type,
        "param": refusal.param,
        "code": refusal.code,
    }
    return {"error": detail}
