"""The shadow of a text: what a reader makes of it, with the way back to what was written.

Recognizers read the shadow, where escapes are decoded, invisible characters are gone, marks are composed and
look-alike letters are folded. Every character of the shadow knows the span it stands for; spans only ever move
forward, and one written unit (an escape, a letter with its marks) is never split. Plain text is its own shadow, at the
price of one search.
"""

import base64
import html
import re
import sys
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_MARKS: Final = "".join(
    chr(code)
    for first, last in ((0x300, 0x1FFF), (0x20D0, 0x20FF), (0x302A, 0x302F), (0x3099, 0x309A), (0xFE20, 0xFE2F))
    for code in range(first, last + 1)
    if unicodedata.combining(chr(code))
)
_INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
)
# Compatibility forms of letters and digits: full-width, mathematical, circled, ligatures, Kelvin and Angstrom.
_COMPATIBLE: Final = "\uff01-\uff5e\U0001d400-\U0001d7ff\u24b6-\u24e9\ufb00-\ufb06\u212a\u212b"
_BLANKS: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_HYPHENS: Final = "\u2010-\u2012\u2212\ufe63"
_BREAKS: Final = "\x0b\x0c\x85\u2028\u2029"
# Cyrillic and Greek letters that look like Latin ones (Unicode Technical Standard 39, confusables).
_TWINS: Final = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅԌԜαορνικυτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwABEKMHOPCTYXIJSGWaopvikutABEZHIKMNOPTYX",
)
_TWIN: Final = "".join(map(chr, _TWINS))

_TRIGGER: Final = re.compile(
    rf"[&\\%={_INVISIBLE}{_COMPATIBLE}{_BLANKS}{_HYPHENS}{_BREAKS}{_TWIN}{_MARKS}]"
)

# One written unit each: a JSON or programming-language escape, a Markdown escape, a character reference of HTML
# (WHATWG, 13.5), one UTF-8 character as percent-encoding (RFC 3986) or quoted-printable (RFC 2045), a soft line break.
_ESCAPE: Final = re.compile(
    r"""\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2} | \\u[0-9a-fA-F]{4} | \\u\{[0-9a-fA-F]{1,6}\}
      | \\x[0-9a-fA-F]{2} | \\[nrtbf"'/\\_*.\-\[\]()\#+!@`]
      | &(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});
      | %[2-7][0-9a-fA-F] | %0[aAdD9]
      | %[cCdD][0-9a-fA-F]%[89abAB][0-9a-fA-F] | %[eE][0-9a-fA-F](?:%[89abAB][0-9a-fA-F]){2} | %[c-fC-F][0-9a-fA-F]
      | =[CD][0-9A-F]=[89AB][0-9A-F] | =E[0-9A-F](?:=[89AB][0-9A-F]){2} | =[C-F][0-9A-F](?=[a-z]) | =\r?\n
      | \+""",
    re.VERBOSE,
)
# The characters of an encoded word of a mail header (RFC 2047), in its quoted form one by one.
_ENCODED: Final = re.compile(
    r"=\?[\w-]{3,20}\?[bB]\?[\w+/=]{1,200}\?="
    r"|=\?[\w-]{3,20}\?[qQ]\?(?=[^\s?]{1,200}\?=)"
    r"|(?<=\w)\?=(?=\s|[<,;]|\Z)|(?<=[=\w])_(?=[\w=.-]{0,200}\?=)|=2[1-9A-F](?=[\w=.-]{0,200}\?=)"
)
_FORM: Final = re.compile(r"(?<![^\s?\"'(])[\w.%-]+=[^\s&=\"'<>]*+(?:&[\w.%-]+=[^\s&=\"'<>]*+)++")
_PATH: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]:\\[^\s\"'<>|*?]*")
_NESTING: Final = 3  # "%2540" and "&amp;uuml;" are real; deeper nesting is not

_INVISIBLES: Final = re.compile(f"[{_INVISIBLE}]+")
_FOLDABLE: Final = re.compile(f"[{_COMPATIBLE}{_BLANKS}{_HYPHENS}{_BREAKS}]")
_CLUSTER: Final = re.compile(f"[^{_MARKS}][{_MARKS}]+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_LATIN: Final = re.compile("[A-Za-zß-öø-ÿ]")
_LOOKALIKE: Final = re.compile(f"[{_TWIN}]")
_HEX: Final = re.compile(r"(?<=[xu{])[0-9a-fA-F]+")
_SIMPLE: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

Offsets = array  # of C longs, one per character of the shadow


@dataclass(frozen=True, slots=True)
class Shadow:
    """A text as it reads. ``starts`` and ``ends`` give each character's span in the original; None: the same place."""

    text: str
    starts: "Offsets[int] | None" = None
    ends: "Offsets[int] | None" = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest span of the original that covers ``start:end`` (not empty) of the shadow."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def whole_units(self, start: int, end: int) -> tuple[int, int]:
        """Widen a span of the original so that it splits no unit.

        Costs a binary search; spans that begin or end in what the shadow left out stay as they are.
        """
        if self.starts is None or self.ends is None or not self.text:
            return start, end
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, end - 1) - 1
        if first >= 0 and self.ends[first] > start:
            start = self.starts[first]
        if last >= 0:
            end = max(end, self.ends[last])
        return start, end


def normalize(text: str) -> Shadow:
    """Return the shadow of ``text``, in time linear in it. The shadow of plain text is the text itself."""
    shadow = Shadow(text)
    if not _TRIGGER.search(text):
        return shadow
    if "=?" in text:
        shadow = _rewrite(shadow, _ENCODED, _encoded_word)
    for _ in range(_NESTING):
        decoded = _rewrite(shadow, _ESCAPE, _decoder(shadow.text))
        if decoded is shadow:
            break
        shadow = decoded
    if shadow.text.isascii():
        return shadow
    shadow = _rewrite(shadow, _INVISIBLES, lambda _: "")
    shadow = _rewrite(shadow, _FOLDABLE, _fold)
    shadow = _rewrite(shadow, _CLUSTER, lambda match: unicodedata.normalize("NFC", match[0]))
    if not _LOOKALIKE.search(shadow.text):
        return shadow
    folded = _WORD.sub(_unmask, shadow.text)  # as long as before
    return shadow if folded == shadow.text else Shadow(folded, shadow.starts, shadow.ends)


def _rewrite(shadow: Shadow, pattern: re.Pattern[str], read: Callable[[re.Match[str]], str | None]) -> Shadow:
    """Replace each match by what ``read`` makes of it (None: leave it), every new character standing for all of it."""
    new = _Parts(shadow)
    done = 0
    for match in pattern.finditer(shadow.text):
        meaning = read(match)
        if meaning is None:
            continue
        new.keep(done, match.start())
        new.replace(match.start(), match.end(), meaning)
        done = match.end()
    if done == 0:
        return shadow
    new.keep(done, len(shadow.text))
    return Shadow("".join(new.parts), new.starts, new.ends)


class _Parts:
    """A new shadow in the making, out of the pieces of an old one."""

    def __init__(self, old: Shadow) -> None:
        self.old = old
        self.parts: list[str] = []
        self.starts: Offsets[int] = array("l")
        self.ends: Offsets[int] = array("l")

    def keep(self, first: int, last: int) -> None:
        """Carry ``first:last`` of the old shadow over."""
        self.parts.append(self.old.text[first:last])
        if self.old.starts is None or self.old.ends is None:
            self.starts.extend(range(first, last))
            self.ends.extend(range(first + 1, last + 1))
        else:
            self.starts.extend(self.old.starts[first:last])
            self.ends.extend(self.old.ends[first:last])

    def replace(self, first: int, last: int, text: str) -> None:
        """Let every character of ``text`` stand for all of ``first:last`` of the old shadow."""
        start, end = self.old.span(first, last)
        self.parts.append(text)
        self.starts.extend([start] * len(text))
        self.ends.extend([end] * len(text))


def _unmask(match: re.Match[str]) -> str:
    """Read look-alike letters as Latin ones in a word that has Latin letters too."""
    word = match[0]
    return word.translate(_TWINS) if _LATIN.search(word) else word


def _fold(match: re.Match[str]) -> str | None:
    sign = match[0]
    if sign in "\u2010\u2011\u2012\u2212\ufe63":
        return "-"
    if sign in "\x0b\x0c\x85\u2028\u2029":
        return "\n"
    return unicodedata.normalize("NFKC", sign)


def _encoded_word(match: re.Match[str]) -> str | None:
    word = match[0]
    if word == "_":
        return " "
    if word == "?=" or word[-2] in "qQ":
        return ""
    if len(word) == 3:
        return chr(int(word[1:], 16))
    _, charset, _, octets, _ = word.split("?")
    try:
        return base64.b64decode(octets).decode(charset)
    except (LookupError, ValueError):
        return None


def _decoder(text: str) -> Callable[[re.Match[str]], str | None]:
    """Return the reader of escapes for ``text``: a plus is a blank in form data, a backslash stays one in paths."""
    in_path = _Within(_PATH, text if ":\\" in text else "")
    in_form = _Within(_FORM, text if "+" in text and "&" in text else "")

    def read(match: re.Match[str]) -> str | None:
        escape = match[0]
        if escape == "+":
            return " " if in_form(match.start()) else None
        if escape[0] == "\\" and escape != "\\\\" and in_path(match.start()):
            return None
        return _decode(escape)

    return read


class _Within:
    """Tells of ascending positions whether they lie inside a match of ``pattern``."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._matches = pattern.finditer(text)
        self._end = -1
        self._start = -1

    def __call__(self, position: int) -> bool:
        while self._end <= position:
            match = next(self._matches, None)
            if match is None:
                self._start = self._end = sys.maxsize
                break
            self._start, self._end = match.span()
        return self._start <= position


def _decode(escape: str) -> str | None:
    """Read one escape; None if it means nothing printable."""
    sign = escape[0]
    if sign == "&":
        char = html.unescape(escape)
        return None if char == escape else char
    if sign == "\\":
        return _backslash(escape)
    octets = bytes.fromhex(escape.replace(sign, "")) if escape[1] not in "\r\n" else b""
    try:
        return octets.decode("utf-8" if len(octets) != 1 or octets[0] < 0x80 else "latin-1")
    except UnicodeDecodeError:
        return None


def _backslash(escape: str) -> str | None:
    if len(escape) == 2:
        return _SIMPLE.get(escape[1], escape[1])
    codes = [int(digits, 16) for digits in _HEX.findall(escape)]
    if len(codes) == 2:
        return chr(0x10000 + ((codes[0] - 0xD800) << 10) + (codes[1] - 0xDC00))
    char = chr(codes[0]) if codes[0] <= 0x10FFFF else "\0"
    return char if char.isprintable() or char in "\n\r\t\u00ad\u200b\u00a0" else None
