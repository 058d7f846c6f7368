"""Tables and plots of a run."""

import os
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from benchmarks.load.measure import Beside, Results


def markdown(results: Results) -> str:
    """Write the results as Markdown, with the machine and the command."""
    machine = f"{os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()})"
    lines = [f"`make bench` on {machine}, load generator and provider on the same machine, one detector process.", ""]
    lines += ["![A chat of 100 turns, and requests per second](benchmarks/figures/load.svg)", ""]
    lines += ["| Added by the proxy, in ms | median | p95 | p99 |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {name} | {s.p50:.1f} | {s.p95:.1f} | {s.p99:.1f} |" for name, s in results.added.items()]
    lines += ["", "| Clients | requests/s through the proxy | CPU ms per request, by process |"]
    lines.append("| ---: | ---: | --- |")
    for clients, proxied in results.throughput.items():
        spent = ", ".join(f"{kind} {ms:.2f}" for kind, ms in sorted(results.cpu[f"{clients} clients"].items()) if ms)
        lines.append(f"| {clients} | {proxied:.0f} | {spent} |")
    lines += ["", *_phases(results.phases)]
    if results.peers:
        lines += ["", *_peers(results.peers)]
    lines += ["", "| Figure | |", "| --- | ---: |"]
    lines += [f"| {name} | {value:,.2f} |" for name, value in results.figures.items()]
    lines += ["", "What a million conversations need: [benchmarks/CAPACITY.md](benchmarks/CAPACITY.md)."]
    return "\n".join([*lines, ""])


def _phases(phases: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Write the processor time of a request by phase, a column for each workload."""
    yield f"| CPU ms per request, by phase | {' | '.join(phases)} |"
    yield f"| --- |{' ---: |' * len(phases)}"
    for phase in dict.fromkeys(phase for spent in phases.values() for phase in spent):
        yield f"| {phase} | {' | '.join(f'{spent.get(phase, 0.0):.2f}' for spent in phases.values())} |"
    yield f"| all | {' | '.join(f'{sum(spent.values()):.2f}' for spent in phases.values())} |"


def _peers(peers: Mapping[str, Mapping[str, Beside]]) -> Iterator[str]:
    """Write what peers added beside what Deckname added to the same requests, and the ratio."""
    columns = next(iter(peers.values()))
    yield f"| Added in ms / by Deckname to the same requests | {' | '.join(columns)} |"
    yield f"| --- |{' ---: |' * len(columns)}"
    for name, added in peers.items():
        cells = (f"{ms.peer:,.1f} / {ms.ours:,.1f} ({ms.peer / ms.ours:,.1f} times)" for ms in added.values())
        yield f"| {name} | {' | '.join(cells)} |"


def show(results: Results) -> None:
    """Print the results."""
    Console().print(Markdown(markdown(results)))


def plots(results: Results, folder: Path) -> None:
    """Draw the cost of each turn of a chat, and the throughput."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to import, and only needed here

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
    left.plot(range(1, len(results.turns) + 1), results.turns, linewidth=1)
    left.set(title="A chat that resends its history", xlabel="turn", ylabel="added by the proxy, ms", ylim=(0, None))
    names = [str(clients) for clients in results.throughput]
    right.bar(names, list(results.throughput.values()))
    right.set(title="1 kB requests, text seen before", xlabel="clients", ylabel="requests per second")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    # Without a date and with fixed ids the file changes only as the figures do; text stays text.
    mpl.rcParams.update({"svg.hashsalt": "deckname", "svg.fonttype": "none"})
    figure.savefig(folder / "load.svg", metadata={"Date": None})
    plt.close(figure)
