"""The bundled name model: words of a text in, spans of persons and addresses out.

A text is split into words, words into pieces, pieces into windows of bounded length; one ONNX run labels a window. On
one core, windows run together are no faster, and those of unlike length would have to be filled up. Every word of
every text is looked at, time and memory are linear, nothing touches the network, and nothing of a text outlives the
call. A text's result does not depend on the texts beside it.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime
import regex
from tokenizers import Tokenizer

KINDS: Final = ("PERSON", "ADDRESS", "ORG", "LOC", "CUSTOMER_NO", "DOB", "USERNAME", "SECRET")
NOTHING: Final = "NOTHING"  # the label of words that are certainly none of these
LABELS: Final = ("O", *(f"{place}-{kind}" for kind in KINDS for place in "BI"))
BUNDLED: Final = Path(__file__).parent / "models" / "names7"

START, PADDING, END, UNKNOWN, NEWLINE, TAB = range(6)  # the first pieces of the vocabulary
WINDOW: Final = 254  # pieces between START and END that the encoder has positions for
PIECES_A_WORD: Final = 12  # no name is cut by this; it bounds what a run of a million letters costs
_LETTERS_A_WORD: Final = 48
_OVERLAP: Final = 24  # pieces that a window shares with the one before it
_CERTAIN: Final = 0.9  # the least probability of "O" for that, and the score of all of them
_COLUMN: Final = 3  # blanks that divide columns
_NEAR: Final = 80  # code points between two parts of an address, as in a record with fields between them
_WORDS_A_CALL: Final = 4096  # words given to the tokenizer at once

# Letters with their marks, digits, line ends, tabs, and every other sign by itself (a run of one sign counts as one).
_WORD: Final = regex.compile(r"[\p{L}\p{M}]+|\p{N}+|\n(?:[ \t\r]*\n)*|\t|([^\s\p{L}\p{M}\p{N}])\1*+")
_BREAKS: Final = {"\n": [NEWLINE], "\n\n": [NEWLINE, NEWLINE], "\t": [TAB]}

Probabilities = npt.NDArray[np.float32]


class Word(NamedTuple):
    """A word's place in the text, and what the tokenizer reads for it ("▁" stands for a space before it)."""

    start: int
    end: int
    form: str

    @property
    def is_break(self) -> bool:
        """Whether this is a line end or a tab, which no entity begins or ends with."""
        return self.form in _BREAKS


@dataclass(frozen=True, slots=True)
class Entity:
    """A span found: ``start`` and ``end`` in code points, ``label`` of KINDS or NOTHING, ``score`` in 0..1."""

    start: int
    end: int
    label: str
    score: float


class _Window(NamedTuple):
    """Pieces ``first`` to ``last`` of a text; the labels of ``keep_from`` to ``keep_to`` are taken from here."""

    first: int
    last: int
    keep_from: int
    keep_to: int


def split_words(text: str) -> list[Word]:
    """Split ``text`` at spaces, between letters, digits and signs; line ends and tabs are words of their own."""
    words: list[Word] = []
    last = -1  # the end of the word before, unless that was a break
    for match in _WORD.finditer(text):
        start, end = match.span()
        first = text[start]
        if first == "\n":
            words.append(Word(start, end, "\n" if end - start == 1 else "\n\n"))
            last = -1
        elif first == "\t":
            words.append(Word(start, end, "\t"))
            last = -1
        else:
            form = text[start : min(end, start + _LETTERS_A_WORD)]
            words.append(Word(start, end, form if start == last else "▁" + form))
            last = end
    return words


class NameModel:
    """The model in a folder: ``model.onnx``, ``tokenizer.json`` and ``config.json``.

    ``config.json`` says how much each kind's probability weighs against the others' when a word is labelled. One
    session of one thread; an instance may be shared by threads. Raises OSError where a file is missing.
    """

    def __init__(self, folder: Path = BUNDLED) -> None:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if config["labels"] != list(LABELS):
            raise ValueError(f"{folder.name} was trained for other labels")
        self._weights = np.array([config["weights"][kind] for kind in ("O", *KINDS)], np.float32)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Find the entities of each text, in order of their place; entities of a text do not overlap."""
        return [self._found(text) for text in texts]

    def _found(self, text: str) -> list[Entity]:
        words = split_words(text)
        ids, counts = self._pieces(words)
        return _supported(text, self._spans(words, counts, self._label(ids)))

    def _pieces(self, words: list[Word]) -> tuple[list[int], list[int]]:
        """Give the pieces of a text, and how many of them belong to each word."""
        ids: list[int] = []
        counts: list[int] = []
        for at in range(0, len(words), _WORDS_A_CALL):
            forms = [word.form for word in words[at : at + _WORDS_A_CALL]]
            # One call in this thread: encode_batch would start threads of its own.
            encoding = self._tokenizer.encode(forms, is_pretokenized=True, add_special_tokens=False)
            own: list[list[int]] = [[] for _ in forms]
            for piece, number in zip(encoding.ids, encoding.word_ids, strict=True):
                if number is not None:
                    own[number].append(piece)
            for form, found in zip(forms, own, strict=True):
                kept = _BREAKS.get(form) or found[:PIECES_A_WORD]
                ids += kept
                counts.append(len(kept))
        return ids, counts

    def _label(self, pieces: list[int]) -> Probabilities:
        """Give the probabilities of every label for every piece of a text."""
        found = np.empty((len(pieces), len(LABELS)), np.float32)
        for window in _windows(len(pieces)):
            ids = np.array([[START, *pieces[window.first : window.last], END]], np.int32)
            (labelled,) = self._session.run(None, {"ids": ids})
            kept = slice(window.keep_from - window.first + 1, window.keep_to - window.first + 1)
            found[window.keep_from : window.keep_to] = labelled[0, kept]
        return found

    def _spans(self, words: list[Word], counts: list[int], probabilities: Probabilities) -> list[Entity]:
        """Average the probabilities over each word's pieces, choose a kind a word, and join words to entities."""
        places = [i for i, (word, count) in enumerate(zip(words, counts, strict=True)) if count and not word.is_break]
        if not places:
            return []
        heard, lengths = [words[i] for i in places], np.array(counts)
        starts, lengths = (np.cumsum(lengths) - lengths)[places], lengths[places]
        sums = np.zeros((len(probabilities) + 1, len(LABELS)))
        np.cumsum(probabilities, 0, out=sums[1:])
        mean = (sums[starts + lengths] - sums[starts]) / lengths[:, None]
        kinds = np.concatenate([mean[:, :1], mean[:, 1::2] + mean[:, 2::2]], axis=1)
        chosen = np.argmax(kinds * self._weights, axis=1)
        begins = mean[:, 1::2] > mean[:, 2::2]
        found = [*_joined(heard, chosen.tolist(), begins, kinds), *_nothing(heard, kinds[:, 0])]
        return sorted(found, key=lambda entity: entity.start)


def _windows(count: int) -> Iterator[_Window]:
    """Cut ``count`` pieces into windows of like length that overlap; what is taken ends in an overlap's middle."""
    if count == 0:
        return
    number = max(1, math.ceil((count - _OVERLAP) / (WINDOW - _OVERLAP)))
    length = math.ceil((count + (number - 1) * _OVERLAP) / number)
    firsts = [min(i * (length - _OVERLAP), max(0, count - length)) for i in range(number)]
    cuts = [0, *((first + _OVERLAP // 2) for first in firsts[1:]), count]
    for first, (keep_from, keep_to) in zip(firsts, pairwise(cuts), strict=True):
        yield _Window(first, min(first + length, count), keep_from, keep_to)


def _joined(
    words: list[Word], chosen: list[int], begins: npt.NDArray[np.bool_], kinds: npt.NDArray[np.float64]
) -> Iterable[Entity]:
    """Join neighbouring words of one kind; a sign between two such words joins them if the second goes on."""
    open_kind, first, last = 0, 0, -1
    for i, kind in enumerate(chosen):
        if kind and kind == open_kind and not begins[i, kind - 1] and _bridged(words, last, i, kind):
            last = i
            continue
        if not kind:
            continue
        if open_kind:
            yield from _entity(words, first, last, open_kind, kinds)
        open_kind, first, last = kind, i, i
    if open_kind:
        yield from _entity(words, first, last, open_kind, kinds)


def _bridged(words: list[Word], last: int, this: int, kind: int) -> bool:
    """Whether nothing but one sign lies between two words, and no name goes on in the next column."""
    if KINDS[kind - 1] == "PERSON" and words[this].start - words[last].end >= _COLUMN:
        return False
    return this == last + 1 or (this == last + 2 and not words[this - 1].form.lstrip("▁").isalnum())


def _entity(words: list[Word], first: int, last: int, kind: int, kinds: npt.NDArray[np.float64]) -> Iterable[Entity]:
    """Trim signs but an initial's stop off the words ``first`` to ``last``; yield them if a letter or digit is left."""
    while first <= last and not words[first].form[-1].isalnum():
        first += 1
    while last >= first and not words[last].form[-1].isalnum():
        last -= 1
    if first <= last:
        score = float(kinds[first : last + 1, kind].sum()) / (last + 1 - first)
        initial = KINDS[kind - 1] == "PERSON" and first < last and _is_initial(words, last)
        yield Entity(words[first].start, words[last + initial].end, KINDS[kind - 1], min(1.0, score))


def _is_initial(words: list[Word], at: int) -> bool:
    """Whether a word is one capital letter with a stop behind it."""
    letter = words[at].form.lstrip("▁")
    stop = words[at + 1].form if at + 1 < len(words) else ""
    return len(letter) == 1 and letter.isupper() and stop == "."


def _nothing(words: list[Word], none: npt.NDArray[np.float64]) -> Iterator[Entity]:
    """Yield the runs of words that are certainly nothing; signs between two such words belong to them."""
    first = last = -1
    certain = (none >= _CERTAIN).tolist()
    for i, word in enumerate(words):
        if not any(map(str.isalnum, word.form)):
            continue
        if not certain[i]:
            if last >= 0:
                yield Entity(words[first].start, words[last].end, NOTHING, _CERTAIN)
            last = -1
            continue
        first, last = (i if last < 0 else first), i
    if last >= 0:
        yield Entity(words[first].start, words[last].end, NOTHING, _CERTAIN)


def _supported(text: str, entities: list[Entity]) -> list[Entity]:
    """Drop what is no address by itself: a number alone, or words without a number, with no other part of one near."""
    addresses = [entity for entity in entities if entity.label == "ADDRESS"]
    kept: set[Entity] = set()
    for at, entity in enumerate(addresses):
        near = [e for e in addresses[max(0, at - 2) : at + 3] if e.start - entity.end <= _NEAR >= entity.start - e.end]
        together = "".join(text[e.start : e.end] for e in near)
        if any(map(str.isalpha, together)) and any(map(str.isdigit, together)):
            kept.add(entity)
    return [entity for entity in entities if entity.label != "ADDRESS" or entity in kept]
