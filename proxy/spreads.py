"""What was worked out of the texts of the last requests, and is gone on from: a chat's turn costs what is new in it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from keys.derive import keyed
from keys.secret import Secret
from proxy.memo import Growing, Memo
from proxy.spread import Read, Spread
from recognizers.finding import Finding
from recognizers.identity import Value

_AHEAD: Final = 1  # texts by which a chat's next turn may be ahead of what is known of it: the reply, if it was read


class Spreads:
    """The spreads of the last requests, of about ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self._memo = Memo(Spread, limit)

    @contextmanager
    def of_request(self, length: int, key: Secret) -> Iterator["Spreading"]:
        """Spread what is found in a request of so many texts; ``key`` is its tenant's fingerprint key."""
        with self._memo.growing() as growing:
            yield Spreading(self._memo, growing, length, key)


class Spreading:
    """The texts of one request, which are read little by little."""

    def __init__(self, memo: Memo[Spread], growing: Growing[Spread], length: int, key: Secret) -> None:
        self._memo = memo
        self._growing = growing
        self._length = length
        self._key = key
        self._names: list[bytes] = []  # of the texts, each with what was found in it by itself
        self._given: Spread | None = None  # whose findings were returned, of so many texts:
        self._since = 0
        self._known: Sequence[Value] = ()  # to the scope, and those that were in none of these texts:
        self._beside: Sequence[Value] = ()

    def extend(
        self, read: Read, prints: Sequence[bytes | None], known: Sequence[Value] = ()
    ) -> Mapping[int, Sequence[Finding]]:
        """Return, by the texts' places, what holds for new ones, and for others now that these were read too.

        That is what was found in a text with what stands in it of all texts' values, and of the ``known`` ones of the
        scope. ``read`` are all texts so far; ``prints`` are fingerprints of the new ones, where they name what was
        found there too.
        """
        first = not self._names
        new = zip(read[len(self._names) :], prints, strict=True)
        self._names += [one or self._name(*each) for each, one in new]
        if first:
            self._branch_off(read, known)
        return self._growing(self._names, lambda spread: self._changes(spread, read, known))

    def _branch_off(self, read: Read, known: Sequence[Value]) -> None:
        """Keep what follows from a beginning that isn't a known chat's: others may begin alike, and end otherwise.

        They do so with the same instructions, or the same examples.
        """
        stem = min(len(self._names), self._length - 1)
        if self._memo.begun(self._names) < max(stem - _AHEAD, stem > 0):
            self._growing(self._names[:stem], lambda spread: spread.extend(read[:stem], known), stem=True)

    def _changes(self, spread: Spread, read: Read, known: Sequence[Value]) -> Mapping[int, Sequence[Finding]]:
        goes_on = spread is self._given and known is self._known
        beside = self._beside if goes_on else known
        places = spread.extend(read, beside, since=self._since if goes_on else 0)
        self._given, self._since, self._known, self._beside = spread, len(read), known, spread.beside(beside)
        return {at: spread.findings[at] for at in (places if goes_on else range(len(read)))}

    def _name(self, text: str, found: Sequence[Finding]) -> bytes:
        parts = "spread", text, repr([(f.start, f.end, f.kind) for f in found])
        return keyed(self._key, *(part.encode("utf-8", "surrogatepass") for part in parts))
