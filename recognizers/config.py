"""What a detector is made of, and the version that names all of it.

Two detectors of equal version give equal findings, on any machine; whoever caches findings keys them with it.
"""

import hashlib
import importlib.util
from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("de", "en", "fr", "es", "it", "nl", "pl")
_LIBRARIES: Final = (
    "onnxruntime", "phonenumbers", "presidio-analyzer", "pyahocorasick", "python-stdnum", "regex", "spacy",
    "tokenizers",
)  # fmt: skip


@dataclass(frozen=True)
class DetectorConfig:
    """What a detector is made of. Plain data, so it travels to worker processes.

    ``pipeline``: an installed spaCy pipeline to find names with, None for the bundled model.
    ``recognizers``: Presidio recognizers by dotted path; ``yaml_files``: Presidio registry files;
    ``deny_lists``: pairs of a kind and a text file with one value a line.
    ``disabled``: names of recognizers or of kinds that are left out. ``thresholds``: pairs of a kind and the least
    score that counts. ``window``: the most characters the name model reads at a time.
    """

    languages: tuple[str, ...] = LANGUAGES
    pipeline: str | None = None
    recognizers: tuple[str, ...] = ()
    yaml_files: tuple[str, ...] = ()
    deny_lists: tuple[tuple[str, str], ...] = ()
    disabled: frozenset[str] = frozenset()
    thresholds: tuple[tuple[str, float], ...] = ()
    presidio_threshold: float = 0.3
    window: int = 20_000


def detector_version(config: DetectorConfig) -> str:
    """Hash this package's files, the configuration, the files it names and the versions of what computes."""
    digest = hashlib.sha256(_code_hash())
    for field in fields(config):
        value = getattr(config, field.name)
        digest.update(repr(sorted(value) if isinstance(value, frozenset) else value).encode())
    for path in (*config.yaml_files, *(path for _, path in config.deny_lists)):
        digest.update(hashlib.sha256(Path(path).read_bytes()).digest())
    for path in config.recognizers:
        digest.update(_module_hash(path))
    if config.pipeline is not None:
        digest.update(_pipeline_hash(config.pipeline))
    return digest.hexdigest()[:32]


@cache
def _code_hash() -> bytes:
    """Hash the code and data of this package, the name model included, and the libraries that decide findings."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and "training" not in path.parts:
            digest.update(str(path.relative_to(root)).encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    for library in _LIBRARIES:
        digest.update(f"{library}={installed(library)}".encode())
    return digest.digest()


def _pipeline_hash(name: str) -> bytes:
    """Name the version of an installed spaCy pipeline, or hash the files of one in a folder."""
    try:
        return installed(name).encode()
    except PackageNotFoundError:
        return b"".join(hashlib.sha256(p.read_bytes()).digest() for p in sorted(Path(name).rglob("*")) if p.is_file())


def _module_hash(path: str) -> bytes:
    """Hash the source of the module that a dotted path lies in."""
    spec = importlib.util.find_spec(path.replace(":", ".").rpartition(".")[0])
    return hashlib.sha256(Path(spec.origin).read_bytes()).digest() if spec and spec.origin else b""
