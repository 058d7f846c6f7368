"""The gold set: invented messages whose personal data is marked by hand.

A gold file is plain text named ``<language>[-<anything>].txt``. ``=== slug genre`` begins a message, ``⟦KIND|value⟧``
marks a span, ``⟦KIND~|value⟧`` one that was dictated (its words count by overlap), and ``⟨200B⟩`` stands for the one
code point of that number, so that no invisible character hides in a file people review.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from recognizers import finding

Split = Literal["dev", "held_out"]
SPLITS: Final[tuple[Split, ...]] = get_args(Split)
LANGUAGES: Final = ("de", "en", "fr", "es", "it", "nl", "pl")
GENRES: Final = (
    "mail", "chat", "crm", "code", "sql", "log", "minutes", "letter", "signature", "thread", "headers", "html",
    "transcript", "spelled", "caps", "invoice", "hr", "medical", "legal", "docs", "marketing", "recipe", "note",
)
KINDS: Final = (
    finding.PERSON, finding.ADDRESS, finding.EMAIL, finding.PHONE, finding.IBAN, finding.CARD, finding.IP,
    finding.DOB, finding.ID, finding.CUSTOMER_NO, finding.USERNAME, finding.URL_PROFILE, finding.PLATE, finding.SECRET,
)
ROOT: Final = Path(__file__).parent / "gold"

_HEADER = re.compile(r"=== (?P<slug>[a-z0-9-]+) (?P<genre>[a-z]+)")
_MARK = re.compile(r"⟦(?P<kind>[A-Z_]+)(?P<dictated>~?)\||(?P<close>⟧)|⟨(?P<point>[0-9A-F]{2,6})⟩|(?P<stray>[⟦⟨⟩])")
_OUTSIDE_PERSON = re.compile(
    r"(?i)(?:herrn?|frau|fr|hr|familie|dr|prof|mag|dipl-ing|mr|mrs|ms|miss|monsieur|madame|mme|don|doña|signora?|pan|pani"
    r"|mevr(?:ouw)?|dhr|mw)\b\.? "
)
_TRIMMED = re.compile(r"(?s)[^\s,;:](?:.*(?:[^\s,;:]|&#?\w+;))?")


class GoldError(ValueError):
    """A gold file breaks its format or an annotation rule; the message names file and message, never a value."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Personal data at ``start`` to ``end`` (code points, end exclusive) of a message's text.

    ``dictated`` values are spread over spoken words and count as hidden when a finding touches them.
    """

    start: int
    end: int
    kind: str
    dictated: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One invented message. ``id`` is ``file/slug``; ``spans`` are sorted and do not overlap."""

    id: str
    language: str
    genre: str
    text: str
    spans: tuple[Span, ...]

    @property
    def harmless(self) -> bool:
        """Whether there is nothing in it to hide."""
        return not self.spans


def read_markup(source: str) -> tuple[str, tuple[Span, ...]]:
    """Split marked-up ``source`` into its text and its spans; raise ``GoldError`` where the markup is broken."""
    pieces: list[str] = []
    spans: list[Span] = []
    opened: tuple[int, str, bool] | None = None
    length = position = 0

    def add(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    for mark in _MARK.finditer(source):
        add(source[position : mark.start()])
        position = mark.end()
        if mark["point"]:
            add(chr(int(mark["point"], 16)))
        elif mark["kind"] and opened is None:
            opened = (length, mark["kind"], bool(mark["dictated"]))
        elif mark["close"] and opened is not None:
            spans.append(Span(opened[0], length, *opened[1:]))
            opened = None
        else:
            raise GoldError("unbalanced markup")
    if opened is not None:
        raise GoldError("unbalanced markup")
    add(source[position:])
    return "".join(pieces), tuple(spans)


def write_markup(text: str, spans: Iterable[Span]) -> str:
    """Give the markup of ``text`` with ``spans``, which must not overlap: the inverse of ``read_markup``."""
    pieces: list[str] = []
    position = 0
    for span in sorted(spans):
        pieces += [_escaped(text[position : span.start]), f"⟦{span.kind}{'~' if span.dictated else ''}|"]
        pieces += [_escaped(text[span.start : span.end]), "⟧"]
        position = span.end
    return "".join([*pieces, _escaped(text[position:])])


def _escaped(text: str) -> str:
    return "".join(f"⟨{ord(c):02X}⟩" if c in "⟦⟧⟨⟩" or not (c.isprintable() or c == "\n") else c for c in text)


def check(text: str, spans: Sequence[Span]) -> None:
    """Raise ``GoldError`` where a span breaks a rule of drawing that can be checked mechanically."""
    for span in spans:
        value = text[span.start : span.end]
        if span.kind not in KINDS:
            raise GoldError(f"unknown kind {span.kind}")
        if not any(map(str.isalnum, value)) or not _TRIMMED.fullmatch(value):
            raise GoldError(f"untrimmed {span.kind} at {span.start}")
        if span.kind == finding.PERSON and _OUTSIDE_PERSON.match(value):
            raise GoldError(f"title inside a PERSON at {span.start}")


def parse(source: str, name: str) -> Iterator[Message]:
    """Yield the messages of a gold file's ``source``; ``name`` is its file name without the ending."""
    language = name.partition("-")[0]
    if language not in LANGUAGES:
        raise GoldError(f"{name}: unknown language")
    slug = genre = ""
    lines: list[str] = []
    for line in [*source.removesuffix("\n").split("\n"), "==="]:
        if not line.startswith("==="):
            lines.append(line)
            continue
        if slug:
            yield _message(f"{name}/{slug}", language, genre, "\n".join(lines))
        elif any(lines):
            raise GoldError(f"{name}: text before the first header")
        header, lines = _HEADER.fullmatch(line), []
        if header is None and line != "===":
            raise GoldError(f"{name}: broken header after {slug!r}")
        slug, genre = (header["slug"], header["genre"]) if header else ("", "")


def _message(id_: str, language: str, genre: str, source: str) -> Message:
    if genre not in GENRES:
        raise GoldError(f"{id_}: unknown genre {genre}")
    try:
        text, spans = read_markup(source)
        check(text, spans)
    except GoldError as error:
        raise GoldError(f"{id_}: {error}") from None
    return Message(id_, language, genre, text, spans)


def load(split: Split, root: Path = ROOT) -> list[Message]:
    """Read all messages of a split, in the order of their files; raise ``GoldError`` for a broken or double one."""
    messages = [
        message
        for path in sorted((root / split).glob("*.txt"))
        for message in parse(path.read_text(encoding="utf-8"), path.stem)
    ]
    if len({m.id for m in messages}) != len(messages):
        raise GoldError(f"{split}: two messages of one id")
    return messages
