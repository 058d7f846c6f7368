"""Texts written as the numbers of a tokenizer, which nobody can scan without knowing which tokenizer it was."""

from proxy.body import JSON
from proxy.errors import BadRequest


def refuse_numbers(body: JSON, field: str, remedy: str) -> None:
    """Raise ``BadRequest`` where ``field`` of a request holds numbers for text; ``remedy`` says what to do."""
    given = body.get(field) if isinstance(body, dict) else None
    items = given if isinstance(given, list) else [given]
    if any(isinstance(each, list) or not isinstance(each, str | dict | None) for each in items):
        raise BadRequest(
            "token_array", f"'{field}' holds token numbers, which can't be pseudonymised. {remedy}", param=field
        )
