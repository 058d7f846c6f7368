"""What a JSON Schema asks of strings that a token in a value's place could not meet (JSON Schema 2020-12).

A model held to ``"format": "email"`` can't write ``[EMAIL_1]``; the client checks the restored value by its own schema.
"""

from typing import Final

from proxy.body import JSON

_CONSTRAINTS: Final = frozenset(("format", "pattern", "minLength", "maxLength", "contentEncoding", "contentMediaType"))
_MAPS: Final = frozenset(("$defs", "definitions", "dependentSchemas", "patternProperties", "properties"))
_VALUES: Final = frozenset(("const", "default", "enum", "examples"))


def relaxed(schema: JSON) -> JSON:
    """Return a schema without what it demands of the form and length of strings."""
    if isinstance(schema, list):
        return [relaxed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    out: dict[str, JSON] = {}
    for key, value in schema.items():
        if key in _MAPS and isinstance(value, dict):
            out[key] = {name: relaxed(below) for name, below in value.items()}
        elif key not in _CONSTRAINTS:
            out[key] = value if key in _VALUES else relaxed(value)
    return out
