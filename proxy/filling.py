"""A body with other texts in the place of its leaves. It keeps its order, and no field is lost."""

from collections.abc import Mapping, Sequence
from typing import Any

from proxy.body import JSON
from proxy.walk import Leaf

Changed = Sequence[tuple[Leaf, str]]  # leaves, and what stands in their place


class Filling:
    """A body in the making. What leads to the leaves is copied, the rest is shared with ``body``."""

    def __init__(self, body: JSON) -> None:
        self._body = body
        self._begin()

    def _begin(self) -> None:
        self._root: list[Any] = [self._body]
        self._copies: dict[int, Any] = {}  # by their own identity, so that each thing is copied once
        self._filled: Changed = ()

    def begin(self, changed: Changed) -> JSON:
        """Return the body with texts in the place of leaves, the names of fields excepted.

        What was filled before and is ``changed`` no more, or otherwise, is taken back.
        """
        if [*changed[: len(self._filled)]] != [*self._filled]:
            self._begin()
        for leaf, text in changed[len(self._filled) :]:
            if not leaf.is_key:
                node, key = self._place(leaf)
                node[key] = text
        self._filled = changed
        value: JSON = self._root[0]
        return value

    def fill(self, changed: Changed) -> JSON:
        """Return the body with all texts in the place of leaves; nothing can be filled in afterwards."""
        self.begin(changed)
        names: dict[int, dict[str, str]] = {}  # of some of the copies: keys, and what they become
        for leaf, text in changed:
            if leaf.is_key:
                names.setdefault(id(self._place(leaf)[0]), {})[leaf.text] = text
        for place, renamed in names.items():
            _rename(self._copies[place], renamed)
        value: JSON = self._root[0]
        return value

    def _place(self, leaf: Leaf) -> tuple[Any, int | str]:
        """Return the copy of what holds a leaf, and where it stands in that."""
        node: Any = self._root
        key: int | str = 0
        for step in leaf.path:
            child = node[key]
            if id(child) not in self._copies:
                child = node[key] = child.copy()
                self._copies[id(child)] = child
            node, key = child, step
        return node, key


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
