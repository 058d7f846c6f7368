"""Puts marks such as ``[PERSON]`` in the place of what a model wrote of people by itself. Sans-io.

What is found in a text is told beforehand, by ``learn``; ``unread`` says which texts that will be. A whole text and
one in pieces are read in the same units, so that they get the same marks.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from proxy.body import JSON
from proxy.citations import Mover, offsets
from proxy.errors import Unavailable
from proxy.jsonstring import JSONPosition
from proxy.model_data.documents import Strings, replaceable
from proxy.model_data.known import Known, folded
from proxy.model_data.units import Units, windows
from proxy.readback import ToolPolicy
from proxy.restore import Tally
from proxy.walk import Leaf, Path, Treatment
from recognizers.finding import LITERAL, Finding

_SUBSTANCE: Final = re.compile(r"[^\W_]{2}")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][\w$-]{0,63}", re.ASCII)
_ASKERS: Final = ("user", "system", "developer")
_ANSWERS: Final = ("function_call_output", "custom_tool_call_output", "local_shell_call_output", "computer_call_output")
_ECHOED: Final = ("instructions", "metadata", "tools", "prompt")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text that gets a mark. One that begins before 0 already has it, in the unit before."""

    start: int
    end: int
    kind: str


class Masking:
    """The masking of one reply: a ``proxy.rewriting.Rewriting``.

    ``wanted`` tells of a finding whether it is to be masked at all, ``known`` what of it the caller may read.
    """

    documents: Sequence[str] = ()
    longer = 0
    tools = ToolPolicy()

    def __init__(self, wanted: Callable[[Finding], bool], known: Known) -> None:
        self._wanted = wanted
        self._known = known
        self._spans: dict[str, list[Span]] = {}
        self.values: dict[tuple[str, str], None] = {}  # what was masked, each value once

    def __bool__(self) -> bool:
        return True

    def learn(self, found: Mapping[str, Sequence[Finding]]) -> None:
        """Take what was found in each of some windows."""
        for text, findings in found.items():
            self._spans[text] = [span for finding in findings for span in self._unknown(text, finding)]

    def unread(self, leaf: Leaf, piece: "MaskedPiece | None" = None, *, whole: bool = True) -> list[str]:
        """Return the windows that ``leaf`` will complete, added to ``piece`` if given, and that aren't learnt yet."""
        if not _is_read(leaf):
            return []
        piece = piece or MaskedPiece(self, json_string=False)
        return [window for window in piece.windows(leaf.text, whole=whole) if window not in self._spans]

    def spans(self, window: str) -> list[Span]:
        """Return what of a window gets marks. Raises ``Unavailable`` if it was not read."""
        if not _SUBSTANCE.search(window):
            return []
        spans = self._spans.get(window)
        if spans is None:
            raise Unavailable("detector_unavailable", "A part of the reply could not be read before it was due.")
        return spans

    def leaf(self, leaf: Leaf, tool: str = "", tally: Tally | None = None) -> str:
        """Mask one string."""
        del tool, tally
        if not _is_read(leaf):
            return leaf.text
        piece = self.piece("", json_string=leaf.treatment is Treatment.JSON)
        return piece.feed(leaf.text) + piece.flush()

    def piece(self, tool: str, *, json_string: bool) -> "MaskedPiece":
        """Begin a string that comes in pieces."""
        del tool
        return MaskedPiece(self, json_string=json_string)

    def mover(self, text: str) -> Mover:
        """Return what knows where places in a text are when it is masked; the caller's own stay where they are."""
        piece = MaskedPiece(self, json_string=False)
        if not self.unread(Leaf((), text, Treatment.TEXT)):
            piece.feed(text)
            piece.flush()
        return piece

    def spares(self, tree: JSON, path: Path) -> bool:
        """Tell whether a string is the caller's own: in a message of its, or repeated of the request."""
        for step in path:
            if isinstance(tree, dict) and (
                tree.get("role") in _ASKERS or tree.get("type") in _ANSWERS
                or (step in _ECHOED and tree.get("object") in ("response", "conversation", "chat.completion"))
            ):
                return True
            tree = tree[step]  # type: ignore[index]  # path was walked in this very tree
        return False

    def prepare(self, tree: JSON) -> bool:
        """Leave probabilities out, in place: they spell the very words that give way to marks."""
        return without_probabilities(tree)

    def _unknown(self, text: str, finding: Finding) -> Iterator[Span]:
        if finding.kind == LITERAL or not self._wanted(finding):
            return
        for start, end in self._known.unknown(text, finding.start, finding.end):
            self.values[finding.kind, folded(text[start:end])] = None
            yield Span(start, end, finding.kind)


class MaskedPiece:
    """A text that comes in pieces. It holds back a unit until the one after it is complete."""

    def __init__(self, masking: Masking, *, json_string: bool) -> None:
        self._masking = masking
        self._units = Units()
        self._unit = ""  # complete, and held back
        self._begun: list[Span] | None = None  # what of it was found when it was read with the one before
        self._position = JSONPosition() if json_string else None
        self._strings = Strings()
        self._given = 0  # characters of the text whose marks are known
        self._edits: list[tuple[int, int, int]] = []  # what gave way, and the length of what came for it
        self._ended = False
        self.length = 0

    @property
    def holding(self) -> bool:
        """Whether anything is held back."""
        return self._given < self.length

    def windows(self, text: str, *, whole: bool) -> list[str]:
        """Return the texts that will have to be read when ``text`` comes, and if ``whole``, nothing after it."""
        units = self._units.copy()
        new = [*units.feed(text), *(units.flush() if whole else ())]
        chain = [self._unit, *new] if self._unit else new
        if len(chain) == 1 and (not whole or (not new and self._begun is not None)):
            return []
        return [window for window in windows(chain) if _SUBSTANCE.search(window)]

    def feed(self, text: str) -> str:
        """Take more text; give what can be given of it."""
        self.length += len(text)
        return "".join([self._next(unit) for unit in self._units.feed(text)])

    def flush(self) -> str:
        """Give what was held back."""
        out = "".join([self._next(unit) for unit in self._units.flush()])
        spans = self._masking.spans(self._unit) if self._begun is None else self._begun
        out += self._written(self._unit, spans)
        self._unit, self._begun, self._ended = "", None, True
        return out

    def place_in(self, annotation: JSON, base: int) -> Mover | None:
        """Return itself, or None while marks may yet come before one of the annotation's places."""
        last = max((place - base for _, _, place in offsets(annotation)), default=0)
        return self if self._ended or min(last, self.length) <= self._given else None

    def moved(self, place: int, *, forward: bool) -> int:
        """Return where ``place`` is beside the marks; one within a value goes to its mark's end or begin."""
        longer = 0
        for start, end, length in self._edits:
            if place <= start:
                break
            if place < end:
                return start + longer + (length if forward else 0)
            longer += length - (end - start)
        return place + longer

    def _next(self, unit: str) -> str:
        """Give the unit held back, now that it can be read with the one after it, and hold that one back."""
        before, self._unit = self._unit, unit
        if not before:
            return ""
        spans = self._masking.spans(before + unit)
        own = [*(self._begun or ()), *(span for span in spans if span.start < len(before))]
        shifted = (Span(span.start - len(before), span.end - len(before), span.kind) for span in spans)
        self._begun = [span for span in shifted if span.end > 0]
        return self._written(before, own)

    def _written(self, unit: str, spans: list[Span]) -> str:
        out, at = [], 0
        for start, end, mark in self._marks(unit, spans):
            out += [self._passed(unit[at:start]), self._mark(mark)]
            self._edits.append((self._given + start, self._given + end, len(out[-1])))
            if self._position is not None:
                self._position.feed(unit[start:end])
            at = end
        out.append(self._passed(unit[at:]))
        self._given += len(unit)
        return "".join(out)

    def _marks(self, unit: str, spans: list[Span]) -> Iterator[tuple[int, int, str]]:
        strings = self._strings.feed(unit) if self._position is not None else []
        done = 0
        for span in _united(spans):
            begun = span.start < 0
            start, end = max(span.start, done), min(span.end, len(unit))
            parts = [(start, end)] if self._position is None else [*replaceable(unit, strings, start, end)]
            for first, last in parts:
                if first >= done:
                    yield first, last, "" if begun else f"[{span.kind}]"
                    begun, done = False, last

    def _passed(self, text: str) -> str:
        if self._position is not None:
            self._position.feed(text)
        return text

    def _mark(self, mark: str) -> str:
        return mark if self._position is None or not mark else self._position.write(mark)


def without_probabilities(tree: JSON) -> bool:
    """Empty every ``logprobs`` of a reply, in place, and tell whether there was any."""
    if isinstance(tree, list):
        return True in [without_probabilities(each) for each in tree]
    if not isinstance(tree, dict):
        return False
    given = tree.get("logprobs")
    if given and isinstance(given, list | dict):
        tree["logprobs"] = [] if isinstance(given, list) else None
        without_probabilities([each for each in tree.values() if each is not given])
        return True
    return True in [without_probabilities(each) for each in tree.values()]


def _united(spans: list[Span]) -> list[Span]:
    united: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if united and span.start < united[-1].end:
            last = united[-1]
            united[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            united.append(span)
    return united


def _is_read(leaf: Leaf) -> bool:
    """Tell whether a string may hold anything; the names of fields are none of it."""
    if leaf.treatment in (Treatment.STRUCTURE, Treatment.ATTACHMENT, Treatment.HASH):
        return False
    return not (leaf.is_key and _IDENTIFIER.fullmatch(leaf.text))
