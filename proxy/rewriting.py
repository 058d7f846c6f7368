"""What a reply's stream may be rewritten by: values put back for tokens, marks for what the model wrote of people."""

from collections.abc import Sequence
from typing import Protocol

from proxy.body import JSON
from proxy.citations import Mover
from proxy.readback import ToolPolicy
from proxy.restore import Tally
from proxy.walk import Leaf, Path


class Piece(Protocol):
    """A string that comes in pieces."""

    @property
    def holding(self) -> bool:
        """Whether anything is held back."""
        ...

    def feed(self, text: str) -> str:
        """Take more text; give what can be given of it."""
        ...

    def flush(self) -> str:
        """Give what was held back."""
        ...

    def place_in(self, annotation: JSON, base: int) -> Mover | None:
        """Return what moves an annotation's offsets, which count from ``base`` characters before it; None: not yet."""
        ...


class Rewriting(Protocol):
    """One reply's rewriting. Where it is false, there is nothing to rewrite."""

    documents: Sequence[str]
    longer: int
    tools: ToolPolicy

    def __bool__(self) -> bool: ...

    def leaf(self, leaf: Leaf, tool: str = "", tally: Tally | None = None) -> str:
        """Rewrite one string, which belongs to the arguments of ``tool`` if that is given."""
        ...

    def piece(self, tool: str, *, json_string: bool) -> Piece:
        """Begin a string that comes in pieces."""
        ...

    def mover(self, text: str) -> Mover:
        """Return what knows where places in a text are when it is rewritten."""
        ...

    def spares(self, tree: JSON, path: Path) -> bool:
        """Tell whether a string stays as it is, whatever stands in it."""
        ...

    def prepare(self, tree: JSON) -> bool:
        """Leave out of an event, in place, what can't be rewritten, and tell whether there was any."""
        ...
