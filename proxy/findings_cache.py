"""Remembers what was found in a text, so that a chat's resent history costs nothing.

A text is known by its fingerprint under its tenant's key, and what is remembered are offsets and kinds; neither text
nor value is ever kept. The detector's version is part of the fingerprint: another detector starts afresh.
"""

import hmac
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from keys.secret import Secret
from proxy.workers import Findings, TextDetector
from recognizers.finding import Finding

_ENTRY: Final = 250  # bytes of an entry in CPython: its key, its tuple, its place in the dictionary
_FINDING: Final = 150


class FindingsCache:
    """The findings in the texts seen last, bounded to about ``limit`` bytes, in front of a detector."""

    def __init__(self, detector: TextDetector, limit: int) -> None:
        self._detector = detector
        self._limit = limit
        self._size = 0
        self._found: OrderedDict[bytes, tuple[Finding, ...]] = OrderedDict()
        self.hits = 0
        self.misses = 0

    async def detect(self, texts: Sequence[str], fingerprint_key: Secret) -> Findings:
        """Return the findings of each text, asking the detector only for those not seen before.

        Raises ``DetectionFailed``.
        """
        keys = [self._fingerprint(text, fingerprint_key) for text in texts]
        found = {key: self._recalled(key) for key in keys}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if found[key] is None}
        if missing:
            fresh = await self._detector.detect(list(missing.values()))
            for key, findings in zip(missing, fresh, strict=True):
                found[key] = tuple(findings)
                self._remember(key, tuple(findings))
        self.misses += len(missing)
        self.hits += len(found) - len(missing)
        return [list(found[key] or ()) for key in keys]

    def _fingerprint(self, text: str, key: Secret) -> bytes:
        message = f"{self._detector.version}\0{text}".encode("utf-8", "surrogatepass")
        return hmac.digest(key.expose(), message, "sha256")

    def _recalled(self, key: bytes) -> tuple[Finding, ...] | None:
        findings = self._found.get(key)
        if findings is not None:
            self._found.move_to_end(key)
        return findings

    def _remember(self, key: bytes, findings: tuple[Finding, ...]) -> None:
        self._size += _cost(findings) - _cost(self._found.pop(key, None))
        self._found[key] = findings
        while self._size > self._limit:
            _, oldest = self._found.popitem(last=False)
            self._size -= _cost(oldest)


def _cost(findings: Sequence[Finding] | None) -> int:
    return 0 if findings is None else _ENTRY + _FINDING * len(findings)
