"""Internet addresses (RFC 791, RFC 4291) of a client, private ones included; not loopback, masks, versions."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from recognizers.base import TextRecognizer
from recognizers.finding import IP, Finding
from recognizers.generic.context import label, labelled
from recognizers.generic.reading import at_numbers
from recognizers.scores import CHECKSUM_SCORE, PATTERN_SCORE

_QUAD = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}")
_COLONS = re.compile(r":[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{0,45}")
_HEX_BEFORE = re.compile(r"[0-9A-Fa-f]{1,4}\Z")
_VERSION = label(
    r"(?:v|ver|vers|version|versión|versione|versie|wersja|release|build|firmware|update|kapitel|abschnitt|section|"
    r"chapter|ziffer|nr|§|jdk|java|chrome|edge|safari|firefox|msie|opera|oid|\w{1,20}[-_/]v?)"
)
_LABEL = label(r"(?:ip|ipv4|ipv6|ip-?adresse|ip[ _-]?address|adresse ip|host|client|server|from|von|addr|remote_addr)")
_GLUED_BEFORE = re.compile(r"[\w.§,+-]\Z")
_GLUED_BEHIND = re.compile(r"[\w+]|\.[0-9]|-[0-9A-Za-z]")
_GLOBAL: Final = frozenset({"20", "26", "2a", "fe", "fd", "fc"})  # how an address of few written groups begins
_NOBODY = re.compile(r"127\.|0\.|255\.255\.|22[4-9]\.|2[345][0-9]\.")


class IpRecognizer(TextRecognizer):
    """Finds IPv4 and IPv6 addresses."""

    kinds = (IP,)
    needs = re.compile(r"[.:][0-9A-Fa-f]{0,4}[.:]")

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every address of ``text``, without its port or prefix length."""
        for quad in at_numbers(text, _QUAD):
            if _is_client(text, quad.start(), quad.end()):
                yield Finding(quad.start(), quad.end(), IP, PATTERN_SCORE, self.name)
        for colons in _COLONS.finditer(text):
            first = _HEX_BEFORE.search(text[max(0, colons.start() - 4) : colons.start()])
            start = colons.start() - (len(first.group()) if first else 0)
            end = colons.start() + len(colons.group().rstrip(":."))
            end += 2 if text[end : end + 2] == "::" else 0
            if _is_version_6(text, start, end):
                yield Finding(start, end, IP, CHECKSUM_SCORE, self.name)


def _is_client(text: str, start: int, end: int) -> bool:
    value = text[start:end]
    octets = value.split(".")
    if any(int(octet) > 255 or (len(octet) > 1 and octet[0] == "0") for octet in octets) or _NOBODY.match(value):
        return False
    if _GLUED_BEFORE.search(text[max(0, start - 1) : start]) or _GLUED_BEHIND.match(text, end):
        return False
    if re.match(r"/[0-9]", text[end : end + 2]) and octets[-1] == "0":
        return False  # a network, not a client
    if labelled(text, start, _LABEL):
        return True
    return not labelled(text, start, _VERSION) and any(len(octet) > 1 for octet in octets)


def _is_version_6(text: str, start: int, end: int) -> bool:
    value = text[start:end]
    if value.count(":") < 2 or (start and (text[start - 1].isalnum() or text[start - 1] in "_.:")):
        return False
    if re.match(r"[\w:]", text[end : end + 1]) or sum(c.isdigit() for c in value) < 2:
        return False
    try:
        address = ipaddress.IPv6Address(value)
    except ValueError:
        return False
    groups = len([group for group in value.split(":") if group])
    somebody = not (address.is_loopback or address.is_unspecified)
    return somebody and (groups >= 4 or value[:2].lower() in _GLOBAL)
