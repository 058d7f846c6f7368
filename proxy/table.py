"""A dialect's rules for a body, and what is done by them: leaves taken out and rewritten, attachments left out."""

import re
from collections.abc import Callable
from typing import Final

from proxy.body import JSON
from proxy.filling import Filling
from proxy.walk import Leaf, Path, Rules, Treatment, Walk, of_others, of_type, own_treatment

Visit = Callable[[Leaf], str]

# What a line of a table is made of.
_STEPS: Final = re.compile(r"\{[^}]*\}|\[\]|[^.\[\]{}]+")


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
        walk = Walk()
        walk.value(self._ordered(body), self.rules, ())
        return walk.leaves

    def newest(self, body: JSON) -> list[Leaf]:
        """Return the leaves of what was added last to the history that a body may hold."""
        fields = body if isinstance(body, dict) else {}
        histories = (name for name in reversed(self.order) if fields.get(name) and isinstance(fields[name], list))
        name = next(histories, None)
        return [] if name is None else self.leaves({name: fields[name][-1:]})  # type: ignore[index]  # a list

    def rewrite(self, body: JSON, visit: Visit) -> JSON:
        """Return ``body`` with each of its leaves replaced by what ``visit`` makes of it."""
        pairs = [(leaf, visit(leaf)) for leaf in self.leaves(body)]
        return Filling(body).fill([(leaf, text) for leaf, text in pairs if text != leaf.text])

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
            rules = rules.get(name, of_others(rules)) if isinstance(rules, dict) else {}
        return text.removeprefix(".")

    def _ordered(self, body: JSON) -> JSON:
        if not isinstance(body, dict) or not self.order:
            return body
        first = {key: body[key] for key in self.order if key in body}
        return {**first, **body}


def _of_any_type(rules: "Rules | Treatment") -> "Rules | Treatment":
    if not isinstance(rules, dict):
        return rules
    typed = [below for step, below in rules.items() if step.startswith("{") and isinstance(below, dict)]
    return {key: below for each in [*typed, rules] for key, below in each.items()}


def _pruned(value: JSON, rules: "Rules | Treatment") -> JSON:
    if isinstance(value, list):
        below = rules.get("[]", of_others(rules)) if isinstance(rules, dict) else rules
        return [_pruned(item, below) for item in value if not _attached(item, below)]
    if isinstance(value, dict) and isinstance(rules, dict):
        rules = of_type(value, rules)
        below = {key: rules.get(key, of_others(rules)) if isinstance(rules, dict) else rules for key in value}
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
        rules = of_type(value, rules)
        below = rules if isinstance(rules, dict) else {}
        return {key: _changed(item, below.get(key, Treatment.TEXT), change) for key, item in value.items()}
    return value


def _attached(item: JSON, rules: "Rules | Treatment") -> bool:
    if isinstance(item, str):
        return rules is Treatment.ATTACHMENT
    if not isinstance(item, dict) or not isinstance(rules, dict):
        return False
    rules = of_type(item, rules)
    below = [(value, rules.get(key, Treatment.TEXT)) for key, value in item.items()] if isinstance(rules, dict) else []
    below = [(value, rule) for value, rule in below if not _lists_attachments(rule)]
    return any(own_treatment(of_type(v, r) if isinstance(v, dict) else r) is Treatment.ATTACHMENT for v, r in below)
