"""Offsets of citations: rewriting a text changes its length, so places in it move.

They count characters of the text beside them (OpenAI: ``start_index``, ``end_index`` and ``index`` of annotations;
Azure: the offsets of its content filter, which begin with the prompt), or of a document in the request.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from proxy.body import JSON
from proxy.restore import Lexicon, restore

_REACH: Final = 96  # characters: no token in any disguise is longer
_TEXTS: Final = ("text", "content")
_PLACES: Final = ("start_index", "end_index", "index")
_FILTERED: Final = ("check_offset", "start_offset", "end_offset")
_ENDS: Final = ("end_index", "end_offset", "end_char_index")


class Mover(Protocol):
    """Knows where the places of one text are when it is rewritten."""

    @property
    def length(self) -> int:
        """How long the text is, as far as it is known."""
        ...

    def moved(self, place: int, *, forward: bool) -> int:
        """Return where ``place`` is; one inside of what was replaced goes to its end (``forward``) or begin."""
        ...


class Restored:
    """The places of a text whose tokens become values."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._text = text
        self._lexicon = lexicon
        self._whole = restore(lexicon, text)

    @property
    def length(self) -> int:
        """How long the text is."""
        return len(self._text)

    def moved(self, place: int, *, forward: bool) -> int:
        """Return where ``place`` is in the restored text; one within a token goes to the value's begin or end."""
        end = min(place + _REACH, len(self._text)) if forward else max(place - _REACH, 0)
        for at in range(place, end + 1) if forward else range(place, end - 1, -1):
            begin = restore(self._lexicon, self._text[:at])
            if self._whole.startswith(begin):
                return len(begin)
        return place


def offsets(annotation: JSON) -> Iterator[tuple[dict[str, JSON], str, int]]:
    """Yield every offset of an annotation: where it stands, its name and its value."""
    inner = annotation.get(str(annotation.get("type"))) if isinstance(annotation, dict) else None
    for fields in (annotation, inner):
        if isinstance(fields, dict):
            for name in (*_PLACES, *_FILTERED):
                place = fields.get(name)
                if isinstance(place, int) and not isinstance(place, bool):
                    yield fields, name, place


def shift(annotation: JSON, text: Mover, base: int = 0, before: int = 0) -> None:
    """Move an annotation's offsets in place.

    They count from ``base`` characters before the text, which are ``before`` more for who reads the rewritten one.
    """
    for fields, name, given in [*offsets(annotation)]:
        place = given - base
        if 0 < place <= text.length:
            fields[name] = text.moved(place, forward=name in _ENDS) + base + before
        elif base and place > text.length:  # a filter may be ahead of what was sent
            fields[name] = text.moved(text.length, forward=True) + given - text.length + before
        elif base:
            fields[name] = given + before


def shift_all(tree: JSON, mover: Callable[[str], Mover]) -> None:
    """Move the offsets of every annotation, in place, that stands in a list beside the text it is of."""
    if isinstance(tree, list):
        for item in tree:
            shift_all(item, mover)
    elif isinstance(tree, dict):
        annotations = tree.get("annotations")
        text = next((tree[name] for name in _TEXTS if isinstance(tree.get(name), str)), None)
        if isinstance(annotations, list) and annotations and isinstance(text, str):
            of_text = mover(text)
            for annotation in annotations:
                shift(annotation, of_text)
        for value in tree.values():
            shift_all(value, mover)


def shift_in_documents(tree: JSON, documents: Sequence[str], mover: Callable[[str], Mover]) -> bool:
    """Move the offsets of citations (Anthropic's ``char_location``), in place, that count the characters of a document.

    ``documents`` are the request's, as the provider got them. Tells whether any offset changed.
    """
    if isinstance(tree, list):
        return True in [shift_in_documents(each, documents, mover) for each in tree]
    if not isinstance(tree, dict):
        return False
    changed = True in [shift_in_documents(each, documents, mover) for each in tree.values()]
    index = tree.get("document_index")
    if tree.get("type") != "char_location" or not isinstance(index, int) or not 0 <= index < len(documents):
        return changed
    document = mover(documents[index])
    for name in ("start_char_index", "end_char_index"):
        place = tree.get(name)
        if isinstance(place, int) and 0 < place <= document.length:
            tree[name] = document.moved(place, forward=name in _ENDS)
            changed = changed or tree[name] != place
    return changed
