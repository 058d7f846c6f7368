"""E-mail addresses: RFC 5322 dot-atoms and quoted strings, internationalised domains (RFC 6531), and disguised ones.

The search starts at the at-sign (or what stands for it) and reads outwards, so a text without one costs next to
nothing. Documentation domains are addresses like any other.
"""

import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import EMAIL, Finding
from recognizers.generic.reading import Marks, occurrences
from recognizers.scores import CONTEXT_SCORE, PATTERN_SCORE

_LOCAL_BACKWARDS = re.compile(r"[\w.+'%~!$*/^{|}\-]{1,64}")  # applied to the reversed text before the sign
_QUOTED_BACKWARDS = re.compile(r'"[^"\n]{1,62}"')
_DOMAIN = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})(?![\w-]*@)", re.IGNORECASE
)
_LITERAL = re.compile(r"\[(?:IPv6:)?[0-9A-Fa-f.:]{2,45}\]")
_SIGN = re.compile(r"@|[\[({<][ ]?(?:at|ät|ad|a|@|arroba|arobase|chiocciola)[ ]?[\])}>]", re.IGNORECASE)
_OPENINGS: Final = ("@", "(", "[", "{", "<")
_SIGNS: Final = Marks("@", *(opening + blank + letter for opening in "([{<" for blank in ("", " ") for letter in "aäc"))
_DOT_WORD = r"(?:dot|punkt|point|punto|punt|kropka)"
_DOT = rf"(?:\.|[ ]?[\[({{<][ ]?(?:{_DOT_WORD}|\.)[ ]?[\])}}>][ ]?|[ ]{_DOT_WORD}[ ])"
_DISGUISED_DOMAIN = re.compile(rf"(?:[\w-]{{1,63}}{_DOT}){{1,6}}[^\W\d_]{{2,24}}(?!\w)", re.IGNORECASE)
_TOD_WORD = r"(?:tod|tknup|tniop|otnup|tnup|akporK)"  # the words for a dot, read from right to left
_DISGUISED_LOCAL_BACKWARDS = re.compile(
    rf"[\w.+-]{{1,64}}(?:(?:[ ]?[\])}}>][ ]?(?:{_TOD_WORD}|\.)[ ]?[\[({{<][ ]?|[ ]{_TOD_WORD}[ ])"
    r"[\w+-]{1,64}){0,4}",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"[0-9]x\.(?:png|jpe?g|webp|gif|svg|avif)\Z", re.IGNORECASE)  # logo@2x.png
_USERINFO = re.compile(r"://[^\s/@\"'<>]*$")  # what stands between :// and @ is a login, not a mailbox
_EDGE = "'.%~!$*/^{|}-+"


class EmailRecognizer(TextRecognizer):
    """Finds e-mail addresses, also with `[at]`, `(at)`, `[dot]`, or a blank on either side of the sign."""

    kinds = (EMAIL,)
    needs = _SIGNS

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every address of ``text``, disguised ones included."""
        for start, _ in occurrences(text, _OPENINGS):
            sign = _SIGN.match(text, start)
            if sign is None:
                continue
            found = _plain(text, sign.start()) if sign.group() == "@" else _disguised(text, sign)
            if found:
                score = PATTERN_SCORE if sign.group() == "@" else CONTEXT_SCORE
                yield Finding(found[0], found[1], EMAIL, score, self.name)


def _plain(text: str, sign: int) -> tuple[int, int] | None:
    left, right = _skip_blanks(text, sign)
    domain = _DOMAIN.match(text, right) or _LITERAL.match(text, right)
    start = _local_start(text, left)
    if domain is None or start is None or _PICTURE.search(domain.group()):
        return None
    if _USERINFO.search(text, max(0, start - 256), sign):
        return None
    if text[start:sign] == "git" and text[domain.end() : domain.end() + 1] == ":":
        return None  # git@host:path is an address of a repository
    return start, domain.end()


def _skip_blanks(text: str, sign: int) -> tuple[int, int]:
    """Step over one blank on each side (`max @ example.org`), or one line break after the sign."""
    left, right = sign, sign + 1
    if text[right : right + 1] == "\n":
        right += 1
    elif text[left - 1 : left] == " " and text[right : right + 1] == " ":
        left, right = left - 1, right + 1
    return left, right


def _local_start(text: str, end: int) -> int | None:
    window = text[max(0, end - 64) : end][::-1]
    local = _QUOTED_BACKWARDS.match(window) or _LOCAL_BACKWARDS.match(window)
    if local is None:
        return None
    value = local.group()[::-1]
    if value[0] != '"':
        value = value.rsplit("/", 1)[-1].lstrip(_EDGE)
    return end - len(value) if value else None


def _disguised(text: str, sign: re.Match[str]) -> tuple[int, int] | None:
    left, right = sign.span()
    while left and text[left - 1] == " ":
        left -= 1
    while text[right : right + 1] == " ":
        right += 1
    if sign.start() - left > 2 or right - sign.end() > 2:
        return None
    local = _DISGUISED_LOCAL_BACKWARDS.match(text[max(0, left - 120) : left][::-1])
    domain = _DISGUISED_DOMAIN.match(text, right)
    if local is None or domain is None:
        return None
    return left - len(local.group().rstrip(_EDGE)), domain.end()
