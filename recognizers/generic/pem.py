"""Whole PEM blocks (RFC 7468), also cut off, indented, quoted, or on one line with escaped line breaks."""

import re
from collections.abc import Iterator

from recognizers.base import TextRecognizer
from recognizers.finding import SECRET, Finding
from recognizers.scores import CHECKSUM_SCORE

_BEGIN = re.compile(
    r"-----BEGIN ([A-Z0-9 ]{0,40}(?:PRIVATE KEY|SECRET KEY|PRIVATE KEY BLOCK|(?<!SIGNED )MESSAGE))-----"
)
_END = re.compile(r"-----END [A-Z0-9 ]{0,60}-----")
# What a cut-off block may still hold: armour headers and lines of base64, with the marks of quoting between.
_BODY = re.compile(
    r"(?:[\s\\>\"',|]|\\[nr]|(?:Proc-Type|DEK-Info|Version|Comment|Hash): [^\n]{0,120}\n|[A-Za-z0-9+/]{16,}={0,2}|"
    r"(?<=\n)[A-Za-z0-9+/=]{4,}(?=[ \t]{0,8}(?:\n|$))|"
    r"[A-Za-z0-9+/]{1,15}={1,2})*"
)


class PemRecognizer(TextRecognizer):
    """Finds private keys in PEM form, from the first hyphen to the last."""

    kinds = (SECRET,)
    needs = re.compile(r"-----BEGIN ")

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every block of ``text``; one without its end reaches as far as its base64 does."""
        done = 0
        for begin in _BEGIN.finditer(text):
            if begin.start() >= done:
                done = _block_end(text, begin.end())
                yield Finding(begin.start(), done, SECRET, CHECKSUM_SCORE, self.name)


def _block_end(text: str, start: int) -> int:
    body_end = start
    following = _BEGIN.search(text, start)
    limit = following.start() if following else len(text)
    end = _END.search(text, start, limit)
    if end is not None:
        return end.end()
    body = _BODY.match(text, start, limit)
    if body is not None:
        body_end = body.end()
    return start + len(text[start:body_end].rstrip("\\\"',+|> \t\r\n"))
