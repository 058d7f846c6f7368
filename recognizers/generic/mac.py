"""Hardware addresses (IEEE 802 EUI-48) written with colons, hyphens or in Cisco's three groups."""

import re
from collections.abc import Iterator

from recognizers.base import TextRecognizer
from recognizers.finding import MAC, Finding
from recognizers.scores import PATTERN_SCORE

_MAC = re.compile(
    r"[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}|[0-9A-Fa-f]{2}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})"
)


_GLUED = re.compile(r"[\w:-]\n|\n(?:\w|[:.-]\w)")  # what stands before, a line break, what stands behind


class MacRecognizer(TextRecognizer):
    """Finds hardware addresses, not the longer fingerprints written the same way."""

    kinds = (MAC,)
    needs = re.compile(r"[:.-][0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}[:-]|[0-9A-Fa-f]{2}\.[0-9A-Fa-f]{4})")

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every address of ``text`` but the broadcast and the all-zero one."""
        for inner in self.needs.finditer(text):
            before = 4 if text[inner.start()] == "." else 2
            mac = _MAC.match(text, inner.start() - before) if inner.start() >= before else None
            if mac is None:
                continue
            start, end = mac.span()
            digits = set(re.sub(r"[^0-9a-f]", "", mac.group().lower()))
            around = text[max(0, start - 1) : start] + "\n" + text[end : end + 2]
            if not _GLUED.search(around) and digits not in ({"0"}, {"f"}):
                yield Finding(start, end, MAC, PATTERN_SCORE, self.name)
