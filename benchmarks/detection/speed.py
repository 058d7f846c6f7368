"""How fast a subject is on one core, and how much memory it takes.

A process that measures pins itself to one core before it loads anything, because threads that a library starts keep the
affinity they were started with. Times are processor time of all threads, so that other work on the machine hardly
shows: on an idle core that is the time it takes. Medians.
"""

import os
import platform
import re
import resource
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.detection.goldset import Message
from benchmarks.detection.subjects import Subject

BATCH = 32  # messages a call, where throughput is measured
WORDS = 150  # words of a message, where latency is measured
PASSES = 3
_PROSE = ("mail", "letter", "minutes", "legal", "medical", "hr", "note", "marketing")
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Speed:
    """Words a second in batches, the median ms of one German message of 150 words, the process's peak memory in MiB."""

    words_per_second: float
    message_ms: float
    peak_mib: float


def pin_to_one_core() -> None:
    """Keep this process on one core from now on, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def measure(subject: Subject, messages: Sequence[Message]) -> Speed:
    """Time ``subject`` on ``messages``, which must hold German prose of 150 words at least."""
    texts = [message.text for message in messages]
    letters = german_messages(messages)
    subject.find(texts[:BATCH])
    seconds = statistics.median(_seconds(subject, texts) for _ in range(PASSES))
    latency = statistics.median(_latency(subject, text) for text in letters for _ in range(PASSES))
    words = sum(len(text.split()) for text in texts)
    return Speed(words / seconds, latency * 1e3, peak_mib())


def german_messages(messages: Sequence[Message]) -> list[str]:
    """Cut the German prose among ``messages`` into texts of 150 words."""
    words = [w for m in messages if m.language == "de" and m.genre in _PROSE for w in _WORD.findall(m.text + "\n\n")]
    return ["".join(words[i : i + WORDS]) for i in range(0, len(words) - WORDS + 1, WORDS)]


def peak_mib() -> float:
    """Return the peak resident memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def machine() -> str:
    """Describe the machine in a line: processor, cores, Python."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"^model name\s*: (.+)$", info.read_text() if info.exists() else "", re.MULTILINE)
    processor = model[1] if model else platform.processor() or platform.machine()
    return f"{processor}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _seconds(subject: Subject, texts: Sequence[str]) -> float:
    started = time.process_time()
    for first in range(0, len(texts), BATCH):
        subject.find(texts[first : first + BATCH])
    return time.process_time() - started


def _latency(subject: Subject, text: str) -> float:
    started = time.process_time()
    subject.find([text])
    return time.process_time() - started
