"""Resident memory over time, and how fast it grows."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.load.processes import Setting


@dataclass(frozen=True, slots=True)
class Sample:
    """Resident bytes by kind of process, when so many exchanges were done, so many seconds after the first."""

    exchanges: int
    seconds: float
    resident: dict[str, int]

    @classmethod
    def of(cls, where: Setting, exchanges: int, seconds: float) -> "Sample":
        """Take a sample now."""
        return cls(exchanges, seconds, where.memory())


def slope(samples: Sequence[Sample], kind: str) -> float:
    """Return by how many bytes that kind grows with each exchange, by least squares over the later half.

    In the first half caches fill.
    """
    later = [(s.exchanges, s.resident[kind]) for s in samples[len(samples) // 2 :] if kind in s.resident]
    if len(later) < 2:
        raise ValueError("two samples at least make a slope")
    middle = sum(x for x, _ in later) / len(later)
    level = sum(y for _, y in later) / len(later)
    spread = sum((x - middle) ** 2 for x, _ in later)
    return sum((x - middle) * (y - level) for x, y in later) / spread
