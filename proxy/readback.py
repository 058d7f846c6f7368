"""The inward half of an exchange: which strings of a reply get their values back, and by whose leave.

A tool's arguments are restored, kept with their tokens, or not tolerated, by the tool's name.
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from proxy.body import JSON
from proxy.citations import Mover, Restored, shift_all, shift_in_documents
from proxy.errors import Blocked
from proxy.restore import Lexicon, Restorer, Tally, restore
from proxy.table import Table
from proxy.walk import Leaf, Path, Treatment

ACTIONS: Final = ("restore", "keep", "block")
_ARGUMENTS: Final = ("arguments", "input")
_NOTHING: Final = Lexicon(())


class ToolPolicy:
    """What becomes of tokens in tool arguments: patterns of names (``mail_*``) and ``restore``, ``keep`` or ``block``.

    The first pattern that matches counts; a tool that none matches gets its values.
    """

    def __init__(self, actions: Mapping[str, str] | None = None) -> None:
        self._actions = dict(actions or {})

    def __bool__(self) -> bool:
        return bool(self._actions)

    def action(self, tool: str) -> str:
        """Return what to do with the arguments of ``tool``."""
        return next((action for name, action in self._actions.items() if fnmatchcase(tool, name)), "restore")


class Readback:
    """What one exchange may restore, and where. ``tally`` counts what the client gets to see.

    ``echoes`` are the identifiers of people in the request, by the HMACs that went out for them. ``listening``: what
    the client gets is wanted in ``said`` even if there is nothing to restore in it.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        tools: ToolPolicy | None = None,
        echoes: Mapping[str, str] | None = None,
        *,
        listening: bool = False,
    ) -> None:
        self.lexicon = lexicon
        self.tools = tools or ToolPolicy()
        self.echoes = echoes or {}
        self.tally = Tally()
        self.documents: Sequence[str] = ()  # those of the request that a reply may have offsets into, as they went out
        self.longer = 0  # characters by which the request's prompt is longer than what went out for it
        self._listening = listening
        self.said: dict[str, None] = {}  # the strings the client got

    def __bool__(self) -> bool:
        return bool(self.lexicon) or bool(self.echoes) or self._listening

    def body(self, table: Table, body: JSON) -> JSON:
        """Restore a whole reply."""
        if not self:
            return body
        shift_all(body, self.mover)
        if self.documents:
            shift_in_documents(body, self.documents, self.mover)
        return table.rewrite(body, lambda leaf: self.leaf(leaf, tool_of(body, leaf.path) if self.tools else ""))

    def mover(self, text: str) -> Mover:
        """Return what knows where places in a text of the provider's are when it is restored."""
        return Restored(text, self.lexicon)

    def piece(self, tool: str, *, json_string: bool) -> "Piece":
        """Begin a string that comes in pieces."""
        return Piece(self, tool, json_string=json_string)

    def spares(self, tree: JSON, path: Path) -> bool:
        """Tell whether a string of a reply stays as it is, whatever stands in it: none does."""
        del tree, path
        return False

    def prepare(self, tree: JSON) -> bool:
        """Leave out of an event what can't be rewritten, and tell whether there was any: there is none."""
        del tree
        return False

    def leaf(self, leaf: Leaf, tool: str = "", tally: Tally | None = None) -> str:
        """Restore one string, which belongs to the arguments of ``tool`` if that is given. Raises ``Blocked``."""
        if leaf.treatment in (Treatment.STRUCTURE, Treatment.ATTACHMENT):
            return leaf.text
        if leaf.treatment is Treatment.HASH:
            return self.echoes.get(leaf.text, leaf.text)
        if leaf.is_key:
            return restore(self.lexicon, leaf.text, tally=self.tally)
        piece = Piece(self, tool, json_string=leaf.treatment is Treatment.JSON, tally=tally)
        return piece.feed(leaf.text) + piece.flush()

    def text(self, text: str) -> str:
        """Restore a text that is no part of a body."""
        return self.leaf(Leaf((), text, Treatment.TEXT))


class Piece:
    """A string that comes in pieces: a restorer under the policy of the tool it belongs to, if any."""

    def __init__(self, readback: Readback, tool: str, *, json_string: bool, tally: Tally | None = None) -> None:
        action = readback.tools.action(tool) if tool else "restore"
        lexicon = _NOTHING if action == "keep" else readback.lexicon
        self._tool = tool if action == "block" else ""
        own = Tally() if self._tool else readback.tally
        self._restorer = _Restorer(lexicon, json_string=json_string, tally=own if tally is None else tally)
        self._before = self._restorer.restored
        self._blocked = False
        self._said = readback.said
        self._given: list[str] = []
        self._lexicon = readback.lexicon
        self._read: list[str] = []  # for the offsets of citations

    def feed(self, text: str) -> str:
        """Take more text; give what can be given of it. Raises ``Blocked``."""
        self._read.append(text)
        return self._tolerated(self._restorer.feed(text))

    def place_in(self, annotation: JSON, base: int) -> Mover:
        """Return what moves an annotation's offsets."""
        del annotation, base
        return Restored("".join(self._read), self._lexicon)

    def flush(self) -> str:
        """Give what was held back. Raises ``Blocked``."""
        rest = self._tolerated(self._restorer.flush())
        self._said["".join(self._given)] = None
        return rest

    @property
    def holding(self) -> bool:
        """Whether anything is held back."""
        return self._restorer.holding

    def _tolerated(self, text: str) -> str:
        if self._tool and self._restorer.restored > self._before:
            if self._blocked:
                return ""
            self._blocked = True
            raise Blocked("tool_blocked", f"The model wanted to give personal data to the tool '{self._tool}'.")
        self._given.append(text)
        return text


class _Restorer(Restorer):
    @property
    def holding(self) -> bool:
        return bool(self._held)


def tool_of(tree: JSON, path: Path) -> str:
    """Return the name of the tool of whose arguments the string at ``path`` is a part, or nothing."""
    tool = ""
    for step in path:
        if isinstance(tree, dict) and step in _ARGUMENTS and isinstance(name := tree.get("name"), str):
            tool = name
        tree = tree[step]  # type: ignore[index]  # path was walked in this very tree
    return tool
