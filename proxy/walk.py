"""Walks a JSON body and says of every string in it, keys included, how it is to be treated.

Scrub by default, exempt by list: a string is text unless the dialect's table says otherwise, and an object's key is
text unless the table names it. The order of the walk is the order in which tokens are numbered.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

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
Visit = Callable[[Leaf], str]

# What an exempt string may look like. One that doesn't is scanned like any other, in its bare form.
_STRUCTURAL: Final = re.compile(r"[A-Za-z0-9_.:/+=~-]{0,256}", re.ASCII)
# What a line of a table is made of.
_STEPS: Final = re.compile(r"\{[^}]*\}|\[\]|[^.\[\]{}]+")
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


class Table:
    """A dialect's rules for one kind of body, written one line a path.

    A line reads ``messages[].name  name``. ``[]`` stands for every item of a list, ``*`` for every key of an object
    (its keys are then text), ``**`` at the end for everything below; ``{file}`` after an object's path limits the line
    to objects whose ``type`` is ``file``. A path may have a treatment of its own and longer paths below it. ``order``
    names the top-level fields to visit first, so that what a provider puts first into the prompt is numbered first.
    """

    def __init__(self, lines: str, *, order: tuple[str, ...] = ()) -> None:
        self.order = order
        self.rules: Rules = {}
        for line in lines.splitlines():
            if line.strip():
                path, treatment = line.split()
                self._add(_STEPS.findall(path), Treatment(treatment))
        self._schemas = _towards_schemas(self.rules)

    def _add(self, steps: list[str], treatment: Treatment) -> None:
        node = self.rules
        for step in steps[:-1]:
            below = node.setdefault(step, {})
            if not isinstance(below, dict):
                node[step] = below = {"": below}
            node = below
        last = node.get(steps[-1])
        if isinstance(last, dict):
            last[""] = treatment
        else:
            node[steps[-1]] = treatment

    def leaves(self, body: JSON) -> list[Leaf]:
        """Return every string of ``body`` that is not exempt, in the order of the walk."""
        walk = _Walk()
        walk.value(self._ordered(body), self.rules, ())
        return walk.leaves

    def rewrite(self, body: JSON, visit: Visit) -> JSON:
        """Return ``body`` with each of its leaves replaced by what ``visit`` makes of it."""
        leaves = self.leaves(body)
        return self.fill(body, leaves, [visit(leaf) for leaf in leaves])

    def fill(self, body: JSON, leaves: Sequence[Leaf], texts: Sequence[str]) -> JSON:
        """Return ``body`` with ``texts`` in the place of its ``leaves``. It keeps its order, and no field is lost.

        What stays the same is shared with ``body``, not copied.
        """
        return _with(body, [(leaf, text) for leaf, text in zip(leaves, texts, strict=True) if text != leaf.text])

    def without_attachments(self, body: JSON) -> JSON:
        """Return ``body`` without the list items, such as parts of a message, that hold an attachment."""
        return _pruned(body, self.rules)

    def change_schemas(self, body: JSON, change: Callable[[JSON], JSON]) -> JSON:
        """Return ``body`` with every JSON Schema in it changed."""
        return _changed(body, self._schemas, change)

    def place(self, path: Path) -> str:
        """Write a path as ``messages[0].content``; keys that are the caller's own words show as ``*``."""
        text = ""
        rules: Rules | Treatment = self.rules
        for step in path:
            rules = _of_any_type(rules)
            known = isinstance(rules, dict) and step in rules
            shown = f".{step}" if known else ".*"
            text += f"[{step}]" if isinstance(step, int) else shown
            name = "[]" if isinstance(step, int) else step
            rules = rules.get(name, _below(rules)) if isinstance(rules, dict) else {}
        return text.removeprefix(".")

    def _ordered(self, body: JSON) -> JSON:
        if not isinstance(body, dict) or not self.order:
            return body
        first = {key: body[key] for key in self.order if key in body}
        return {**first, **body}


def _with(body: JSON, changed: Sequence[tuple[Leaf, str]]) -> JSON:
    """Return ``body`` with other strings in it. What leads to them is copied, the rest is shared."""
    root: list[Any] = [body]
    copies: dict[int, Any] = {}  # the copies by their own identity, so that each thing is copied once
    names: dict[int, dict[str, str]] = {}  # of some of these copies: keys, and what they become
    for leaf, text in changed:
        node, key = root, 0
        for step in leaf.path:
            child = node[key]
            if id(child) not in copies:
                child = node[key] = child.copy()
                copies[id(child)] = child
            node, key = child, step  # type: ignore[assignment]
        if leaf.is_key:
            names.setdefault(id(node), {})[leaf.text] = text
        else:
            node[key] = text
    for place, renamed in names.items():
        _rename(copies[place], renamed)
    value: JSON = root[0]
    return value


def _rename(fields: dict[str, JSON], names: Mapping[str, str]) -> None:
    """Give fields other names: one that another field has already gets a number, so that none is lost."""
    items = list(fields.items())
    taken = fields.keys() - names.keys()
    fields.clear()
    for key, item in items:
        name = key
        if key in names:
            name, n = names[key], 1
            while name in taken:
                n += 1
                name = f"{names[key]}_{n}"
            taken.add(name)
        fields[name] = item


class _Walk:
    """One pass over one body, which collects its leaves."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []

    def value(self, value: JSON, rules: "Rules | Treatment", path: Path, field: str = "") -> None:
        if isinstance(value, str):
            self.string(value, rules, path, field)
            return
        if rules is Treatment.OPAQUE:
            rules = Treatment.TEXT  # only a string can be encrypted or signed
        if isinstance(value, list):
            below = rules.get("[]", _below(rules)) if isinstance(rules, dict) else rules
            for i, item in enumerate(value):
                self.value(item, below, (*path, i), field)
        elif isinstance(value, dict):
            if rules is Treatment.SCHEMA:
                self.schema(value, path)
            else:  # where a JSON document was expected in a string, its object itself is as good
                self.object(value, Treatment.TEXT if rules is Treatment.JSON else rules, path)

    def object(self, value: dict[str, JSON], rules: "Rules | Treatment", path: Path) -> None:
        rules = _of_type(value, rules)
        fallback = _below(rules)
        named = rules if isinstance(rules, dict) else _NOTHING_NAMED
        for key, item in value.items():
            below = named.get(key)
            if below is None:
                self.unknown_key(key, fallback, path)
                self.value(item, _signed(value, fallback), (*path, key), key)
            else:
                self.value(item, _signed(value, below), (*path, key))

    def unknown_key(self, key: str, rules: "Rules | Treatment", path: Path) -> None:
        """Visit a key that the table doesn't name, unless what is below it is exempt and the key looks like that."""
        below = _own(rules)
        if below is Treatment.OPAQUE:
            return
        if below in (Treatment.STRUCTURE, Treatment.ATTACHMENT):
            if not _STRUCTURAL.fullmatch(key):
                self.key(key, path, Treatment.NAME)
        else:
            self.key(key, path, Treatment.TEXT)

    def key(self, key: str, path: Path, treatment: Treatment) -> None:
        self.leaves.append(Leaf((*path, key), key, treatment, is_key=True))

    def string(self, text: str, rules: "Rules | Treatment", path: Path, field: str) -> None:
        treatment = _own(rules)
        if treatment is Treatment.OPAQUE:
            return
        if treatment in (Treatment.STRUCTURE, Treatment.SCHEMA):
            if treatment is Treatment.STRUCTURE and _STRUCTURAL.fullmatch(text):
                return
            treatment = Treatment.NAME if treatment is Treatment.STRUCTURE else Treatment.TEXT
        if treatment in (Treatment.TEXT, Treatment.NAME) and _DATA_URI.match(text):
            treatment = Treatment.ATTACHMENT
        self.leaves.append(Leaf(path, text, treatment, field))

    def schema(self, value: dict[str, JSON], path: Path) -> None:
        """Walk a JSON Schema: names of properties are identifiers, and ``required`` must agree with them."""
        for key, item in value.items():
            here = (*path, key)
            if key not in _SCHEMA_WORDS:
                self.key(key, path, Treatment.NAME)
            if key in _SCHEMA_MAPS and isinstance(item, dict):
                for name, below in item.items():
                    self.key(name, here, Treatment.NAME)
                    self.value(below, Treatment.SCHEMA, (*here, name))
            elif key in _SCHEMA_STRUCTURE:
                self.value(item, Treatment.STRUCTURE, here)
            elif key == "required":
                self.value(item, Treatment.NAME, here)
            else:
                self.value(item, Treatment.SCHEMA, here)


def _signed(value: Mapping[str, JSON], rules: "Rules | Treatment") -> "Rules | Treatment":
    """Return what holds for a field of ``value`` that is exempt where it is signed."""
    if rules is not Treatment.SIGNED:
        return rules
    return Treatment.OPAQUE if value.get("signature") else Treatment.TEXT


def _below(rules: "Rules | Treatment") -> "Rules | Treatment":
    """Return what holds for a key that the table doesn't name."""
    if not isinstance(rules, dict):
        return rules
    return {"**": rules["**"]} if "**" in rules else rules.get("*", Treatment.TEXT)


def _of_type(value: Mapping[str, JSON], rules: "Rules | Treatment") -> "Rules | Treatment":
    """Return the rules for an object: those for its very type stand in the place of the general ones."""
    kind = value.get("type")
    typed = rules.get(f"{{{kind}}}") if isinstance(rules, dict) and isinstance(kind, str) else None
    return {**rules, **typed} if isinstance(rules, dict) and isinstance(typed, dict) else rules


def _of_any_type(rules: "Rules | Treatment") -> "Rules | Treatment":
    if not isinstance(rules, dict):
        return rules
    typed = [below for step, below in rules.items() if step.startswith("{") and isinstance(below, dict)]
    return {key: below for each in [*typed, rules] for key, below in each.items()}


def _own(rules: "Rules | Treatment") -> Treatment:
    """Return the treatment of a string, also where the table expects an object or a list."""
    own = rules.get("", rules.get("**", Treatment.TEXT)) if isinstance(rules, dict) else rules
    return own if isinstance(own, Treatment) else Treatment.TEXT


def _pruned(value: JSON, rules: "Rules | Treatment") -> JSON:
    if isinstance(value, list):
        below = rules.get("[]", _below(rules)) if isinstance(rules, dict) else rules
        return [_pruned(item, below) for item in value if not _attached(item, below)]
    if isinstance(value, dict) and isinstance(rules, dict):
        rules = _of_type(value, rules)
        below = {key: rules.get(key, _below(rules)) if isinstance(rules, dict) else rules for key in value}
        return {key: _pruned(item, below[key]) for key, item in value.items()
                if not (isinstance(item, str) and _lists_attachments(below[key]))}
    return value


def _towards_schemas(rules: Rules) -> Rules:
    """Return what of ``rules`` matters where schemas are looked for: nothing below what holds none."""
    out: Rules = {}
    for step, below in rules.items():
        typed = step.startswith("{")  # stands in the place of the general rules even where it holds none
        out[step] = below if below is Treatment.SCHEMA else Treatment.TEXT
        if isinstance(below, dict) and (typed or _lead_to_schemas(below)):
            out[step] = _towards_schemas(below)
    return out


def _lead_to_schemas(rules: "Rules | Treatment") -> bool:
    return any(map(_lead_to_schemas, rules.values())) if isinstance(rules, dict) else rules is Treatment.SCHEMA


def _lists_attachments(rules: "Rules | Treatment") -> bool:
    """Tell whether a field is a list of attachments, or a single one in its place; what holds it is more than that."""
    return isinstance(rules, dict) and rules.get("[]") is rules.get("") is Treatment.ATTACHMENT


def _changed(value: JSON, rules: "Rules | Treatment", change: Callable[[JSON], JSON]) -> JSON:
    if rules is Treatment.SCHEMA:
        return change(value)
    if isinstance(value, list) and isinstance(rules, dict):
        return [_changed(item, rules.get("[]", Treatment.TEXT), change) for item in value]
    if isinstance(value, dict) and isinstance(rules, dict):
        rules = _of_type(value, rules)
        below = rules if isinstance(rules, dict) else {}
        return {key: _changed(item, below.get(key, Treatment.TEXT), change) for key, item in value.items()}
    return value


def _attached(item: JSON, rules: "Rules | Treatment") -> bool:
    if isinstance(item, str):
        return rules is Treatment.ATTACHMENT
    if not isinstance(item, dict) or not isinstance(rules, dict):
        return False
    rules = _of_type(item, rules)
    below = [(value, rules.get(key, Treatment.TEXT)) for key, value in item.items()] if isinstance(rules, dict) else []
    below = [(value, rule) for value, rule in below if not _lists_attachments(rule)]
    return any(_own(_of_type(v, r) if isinstance(v, dict) else r) is Treatment.ATTACHMENT for v, r in below)
