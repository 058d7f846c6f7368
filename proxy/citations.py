"""Offsets of citations: restoring changes the length of a text, so places in it move.

They count characters of the text beside them (OpenAI: ``start_index``, ``end_index`` and ``index`` of annotations), or
of a document in the request.
"""

from collections.abc import Sequence
from typing import Final

from proxy.body import JSON
from proxy.restore import Lexicon, restore

_REACH: Final = 96  # characters: no token in any disguise is longer
_TEXTS: Final = ("text", "content")


def shift(annotation: JSON, text: str, lexicon: Lexicon) -> None:
    """Move an annotation's offsets, in place, from the ``text`` as the provider wrote it to the restored one."""
    if not isinstance(annotation, dict):
        return
    inner = annotation.get(str(annotation.get("type")))
    for fields in (annotation, inner):
        if isinstance(fields, dict):
            for name in ("start_index", "end_index", "index"):
                place = fields.get(name)
                if isinstance(place, int) and not isinstance(place, bool) and 0 < place <= len(text):
                    fields[name] = _moved(place, text, lexicon, forward=name == "end_index")


def shift_all(tree: JSON, lexicon: Lexicon) -> None:
    """Move the offsets of every annotation, in place, that stands in a list beside the text it is of."""
    if isinstance(tree, list):
        for item in tree:
            shift_all(item, lexicon)
    elif isinstance(tree, dict):
        annotations = tree.get("annotations")
        text = next((tree[name] for name in _TEXTS if isinstance(tree.get(name), str)), None)
        if isinstance(annotations, list) and isinstance(text, str):
            for annotation in annotations:
                shift(annotation, text, lexicon)
        for value in tree.values():
            shift_all(value, lexicon)


def shift_in_documents(tree: JSON, documents: Sequence[str], lexicon: Lexicon) -> bool:
    """Move the offsets of citations (Anthropic's ``char_location``), in place, that count the characters of a document.

    ``documents`` are the request's, as the provider got them. Tells whether any offset changed.
    """
    if isinstance(tree, list):
        return True in [shift_in_documents(each, documents, lexicon) for each in tree]
    if not isinstance(tree, dict):
        return False
    changed = True in [shift_in_documents(each, documents, lexicon) for each in tree.values()]
    index = tree.get("document_index")
    if tree.get("type") != "char_location" or not isinstance(index, int) or not 0 <= index < len(documents):
        return changed
    for name in ("start_char_index", "end_char_index"):
        place, text = tree.get(name), documents[index]
        if isinstance(place, int) and 0 < place <= len(text):
            tree[name] = _moved(place, text, lexicon, forward=name == "end_char_index")
            changed = changed or tree[name] != place
    return changed


def _moved(place: int, text: str, lexicon: Lexicon, *, forward: bool) -> int:
    """Return where ``place`` is in the restored text; one within a token goes to the value's begin or end."""
    whole = restore(lexicon, text)
    end = min(place + _REACH, len(text)) if forward else max(place - _REACH, 0)
    for at in range(place, end + 1) if forward else range(place, end - 1, -1):
        begin = restore(lexicon, text[:at])
        if whole.startswith(begin):
            return len(begin)
    return place
