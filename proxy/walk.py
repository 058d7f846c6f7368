"""Walks a JSON body and says of every string in it, keys included, how it is to be treated.

Scrub by default, exempt by list: a string is text unless the dialect's table says otherwise, and an object's key is
text unless the table names it. The order of the walk is the order in which tokens are numbered.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from proxy.body import JSON

Path = tuple[str | int, ...]


class Treatment(Enum):
    """What happens to a string."""

    TEXT = "text"  # natural language: scanned, tokens in brackets
    NAME = "name"  # limited to [a-zA-Z0-9_-]: scanned, tokens in their bare form
    JSON = "json"  # a JSON document inside a string: scanned, values escaped at its depth
    HASH = "hash"  # an identifier of a person that only needs to stay the same: replaced by a keyed HMAC
    STRUCTURE = "structure"  # an id, a role, an enum: passes as it is
    OPAQUE = "opaque"  # encrypted or signed: passes byte-identical
    SIGNED = "signed"  # passes byte-identical if there is a ``signature`` beside it, and is text without one
    ATTACHMENT = "attachment"  # an image, sound or file: refused, passed or dropped by policy
    SCHEMA = "schema"  # a JSON Schema: its keywords are structure, its texts are text


@dataclass(slots=True)  # not frozen, as a long chat has hundreds of them, and freezing triples what making one costs
class Leaf:
    """One string of a body.

    ``path`` leads to it; ``field`` is the name of the free-form field that holds it, which may help to understand
    the text; ``is_key`` marks an object's key.
    """

    path: Path
    text: str
    treatment: Treatment
    field: str = ""
    is_key: bool = False

    def __repr__(self) -> str:
        return f"Leaf({len(self.text)} characters, {self.treatment.value})"


Rules = dict[str, "Rules | Treatment"]
_NOTHING_NAMED: Final[Rules] = {}

# What an exempt string may look like. One that doesn't is scanned like any other, in its bare form.
_STRUCTURAL: Final = re.compile(r"[A-Za-z0-9_.:/+=~-]{0,256}", re.ASCII)
# A string that is a file in disguise.
_DATA_URI: Final = re.compile(r"data:[\w.+/-]*(?:;[\w=.-]+)*;base64,", re.ASCII | re.IGNORECASE)

# The keywords of JSON Schema 2020-12 and its predecessors, with OpenAI's and OpenAPI's additions.
_SCHEMA_WORDS: Final = frozenset(
    re.findall(
        r"[$\w]+",
        """
        $anchor $defs $id $ref $schema additionalProperties allOf anyOf const contains default definitions
        dependentRequired dependentSchemas deprecated description else enum examples exclusiveMaximum
        exclusiveMinimum format if items maxContains maxItems maxLength maxProperties maximum minContains minItems
        minLength minProperties minimum multipleOf not nullable oneOf pattern patternProperties prefixItems
        properties propertyNames readOnly required strict then title type unevaluatedItems unevaluatedProperties
        uniqueItems writeOnly
        """,
    )
)
_SCHEMA_STRUCTURE: Final = frozenset(("$anchor", "$id", "$ref", "$schema", "format", "type"))
_SCHEMA_MAPS: Final = frozenset(("$defs", "definitions", "dependentSchemas", "patternProperties", "properties"))


class Walk:
    """One pass over one body, which collects its leaves."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []

    def value(self, value: JSON, rules: "Rules | Treatment", path: Path, field: str = "") -> None:
        """Walk what ``rules`` hold for, to which ``path`` leads, and which stands in the free-form ``field``."""
        if isinstance(value, str):
            self._string(value, rules, path, field)
            return
        if rules is Treatment.OPAQUE:
            rules = Treatment.TEXT  # only a string can be encrypted or signed
        if isinstance(value, list):
            below = rules.get("[]", of_others(rules)) if isinstance(rules, dict) else rules
            for i, item in enumerate(value):
                self.value(item, below, (*path, i), field)
        elif isinstance(value, dict):
            if rules is Treatment.SCHEMA:
                self._schema(value, path)
            else:  # where a JSON document was expected in a string, its object itself is as good
                self._object(value, Treatment.TEXT if rules is Treatment.JSON else rules, path)

    def _object(self, value: dict[str, JSON], rules: "Rules | Treatment", path: Path) -> None:
        rules = of_type(value, rules)
        named = rules if isinstance(rules, dict) else _NOTHING_NAMED
        for key, item in value.items():
            below = named.get(key)
            if below is None:
                fallback = of_others(rules)
                self._unknown_key(key, fallback, path)
                self.value(item, _signed(value, fallback), (*path, key), key)
            elif below is not Treatment.STRUCTURE or not _is_structural(item):  # a role, a type: most fields of a chat
                self.value(item, _signed(value, below), (*path, key))

    def _unknown_key(self, key: str, rules: "Rules | Treatment", path: Path) -> None:
        """Visit a key that the table doesn't name, unless what is below it is exempt and the key looks like that."""
        below = own_treatment(rules)
        if below is Treatment.OPAQUE:
            return
        if below in (Treatment.STRUCTURE, Treatment.ATTACHMENT):
            if not _STRUCTURAL.fullmatch(key):
                self._key(key, path, Treatment.NAME)
        else:
            self._key(key, path, Treatment.TEXT)

    def _key(self, key: str, path: Path, treatment: Treatment) -> None:
        self.leaves.append(Leaf((*path, key), key, treatment, is_key=True))

    def _string(self, text: str, rules: "Rules | Treatment", path: Path, field: str) -> None:
        treatment = own_treatment(rules)
        if treatment is Treatment.OPAQUE:
            return
        if treatment is Treatment.STRUCTURE:
            if _is_structural(text):
                return
            treatment = Treatment.NAME
        elif treatment is Treatment.SCHEMA:
            treatment = Treatment.TEXT
        if text[:1] in "dD" and (treatment is Treatment.TEXT or treatment is Treatment.NAME) and _DATA_URI.match(text):
            treatment = Treatment.ATTACHMENT
        self.leaves.append(Leaf(path, text, treatment, field))

    def _schema(self, value: dict[str, JSON], path: Path) -> None:
        """Walk a JSON Schema: names of properties are identifiers, and ``required`` must agree with them."""
        for key, item in value.items():
            here = (*path, key)
            if key not in _SCHEMA_WORDS:
                self._key(key, path, Treatment.NAME)
            if key in _SCHEMA_MAPS and isinstance(item, dict):
                for name, below in item.items():
                    self._key(name, here, Treatment.NAME)
                    self.value(below, Treatment.SCHEMA, (*here, name))
            elif key in _SCHEMA_STRUCTURE:
                self.value(item, Treatment.STRUCTURE, here)
            elif key == "required":
                self.value(item, Treatment.NAME, here)
            else:
                self.value(item, Treatment.SCHEMA, here)


def _is_structural(value: JSON) -> bool:
    """Tell whether a value is a string that looks like what is exempt."""
    return isinstance(value, str) and _STRUCTURAL.fullmatch(value) is not None


def _signed(value: Mapping[str, JSON], rules: "Rules | Treatment") -> "Rules | Treatment":
    """Return what holds for a field of ``value`` that is exempt where it is signed."""
    if rules is not Treatment.SIGNED:
        return rules
    return Treatment.OPAQUE if value.get("signature") else Treatment.TEXT


def of_others(rules: "Rules | Treatment") -> "Rules | Treatment":
    """Return what holds for a key that the table doesn't name."""
    if not isinstance(rules, dict):
        return rules
    return {"**": rules["**"]} if "**" in rules else rules.get("*", Treatment.TEXT)


def of_type(value: Mapping[str, JSON], rules: "Rules | Treatment") -> "Rules | Treatment":
    """Return the rules for an object: those for its very type stand in the place of the general ones."""
    kind = value.get("type")
    if kind is None:
        return rules
    typed = rules.get(f"{{{kind}}}") if isinstance(rules, dict) and isinstance(kind, str) else None
    return {**rules, **typed} if isinstance(rules, dict) and isinstance(typed, dict) else rules


def own_treatment(rules: "Rules | Treatment") -> Treatment:
    """Return the treatment of a string, also where the table expects an object or a list."""
    if isinstance(rules, Treatment):
        return rules
    own = rules.get("", rules.get("**", Treatment.TEXT))
    return own if isinstance(own, Treatment) else Treatment.TEXT
