"""``python -m benchmarks.readme``: put the last results of ``make bench`` and ``make eval`` into the README."""

from pathlib import Path
from typing import Final

from proxy.manual import between

ROOT: Final = Path(__file__).parent.parent
RESULTS: Final = {"figures:bench": ROOT / ".out" / "load.md", "figures:eval": ROOT / ".out" / "detection.md"}


def main() -> None:
    readme = ROOT / "README.md"
    document = readme.read_text("utf-8")
    for name, results in RESULTS.items():
        if results.exists():
            document = between(document, name, results.read_text("utf-8").rstrip() + "\n")
    readme.write_text(document, "utf-8")


if __name__ == "__main__":
    main()
