"""What all of OpenAI's endpoints share: the form of their errors."""

from proxy.body import JSON
from proxy.errors import Refusal


def error(refusal: Refusal) -> JSON:
    """Write a refusal as OpenAI's error body."""
    detail: dict[str, JSON] = {
        "message": refusal.message,
        "type": refusal.type,
        "param": refusal.param,
        "code": refusal.code,
    }
    return {"error": detail}
