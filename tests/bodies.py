"""Builds bodies from the paths in ``tests/vectors``, so that every field of a specification gets a test."""

import re
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent / "vectors"
_STEP = re.compile(r"(\.[\w*]+|\[\]|\{[^}]*\})")


def fields(name: str) -> list[str]:
    """Return the paths in one file of vectors."""
    lines = (VECTORS / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def with_value(path: str, value: Any) -> Any:
    """Return the smallest body that has ``value`` at ``path``."""
    body: Any = value
    extra: dict[str, str] = {}
    for step in reversed(_STEP.findall(path)):
        if step.startswith("{"):
            name, _, chosen = step[1:-1].rpartition("=")
            extra[name or "type"] = chosen
            continue
        body = {**extra, **body} if extra and isinstance(body, dict) else body
        extra = {}
        body = [body] if step == "[]" else {"anything" if step == ".*" else step[1:]: body}
    return body


def merged(body: dict[str, Any], into: dict[str, Any]) -> dict[str, Any]:
    """Return ``into`` with the fields of ``body`` added; lists are joined, those of ``body`` last."""
    joined = {k: [*into[k], *v] for k, v in body.items() if isinstance(into.get(k), list) and isinstance(v, list)}
    return {**into, **body, **joined}
