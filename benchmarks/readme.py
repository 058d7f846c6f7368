"""``python -m benchmarks.readme``: put the last results of ``make bench`` and ``make eval`` into the README.

The plots go where the README shows them from.
"""

import shutil
from pathlib import Path
from typing import Final

from proxy.manual import between

ROOT: Final = Path(__file__).parent.parent
RESULTS: Final = {"figures:bench": ROOT / ".out" / "load.md", "figures:eval": ROOT / ".out" / "detection.md"}
FIGURES: Final = ROOT / "benchmarks" / "figures"


def main() -> None:
    readme = ROOT / "README.md"
    document = readme.read_text("utf-8")
    for name, results in RESULTS.items():
        if results.exists():
            document = between(document, name, results.read_text("utf-8").rstrip() + "\n")
    readme.write_text(document, "utf-8")
    if (plots := ROOT / ".out" / "load.svg").exists():
        FIGURES.mkdir(exist_ok=True)
        shutil.copyfile(plots, FIGURES / plots.name)


if __name__ == "__main__":
    main()
