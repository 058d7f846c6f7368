"""``python -m benchmarks.load``: measure, and write a table, plots and a JSON file.

Timings on a shared machine are noisy, so figures are differences and ratios taken within one run.
"""

import argparse
import asyncio
import json
import resource
import signal
from dataclasses import asdict
from pathlib import Path

from benchmarks.load import litellm, measure, phases, presidio
from benchmarks.load.processes import setting
from benchmarks.load.report import markdown, plots, show

HERE = Path(__file__).parent


async def run() -> measure.Results:
    results = measure.Results()
    async with setting() as where:
        results.figures["seconds to ready"] = where.start_seconds
        for kind, held in where.memory().items():
            results.figures[f"memory of the {kind} when idle, MB"] = held / 1e6
        for step in (measure.added_latency, measure.warm_turn, measure.chat, measure.streaming, measure.throughput,
                     measure.open_streams):
            print(f"… {step.__name__}", flush=True)
            await step(where, results)
        for kind, held in where.memory().items():
            results.figures[f"memory of the {kind} afterwards, MB"] = held / 1e6
        print("… litellm", flush=True)
        try:
            await litellm.beside(where, results)
        except litellm.Absent as absent:
            print(absent, flush=True)
    print("… by_phase", flush=True)
    results.phases = await phases.by_phase()
    plain = presidio.chat_milliseconds()
    if plain is not None:
        results.figures["20-turn chat, Presidio as it comes"] = plain
        results.figures["20-turn chat, Presidio / Deckname"] = plain / results.figures["20-turn chat, added in all"]
    return results


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(".out"), help="folder for results and plots")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is ended, too
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a thousand streams, in this process too
    results = asyncio.run(run())
    arguments.out.mkdir(exist_ok=True)
    (arguments.out / "load.json").write_text(json.dumps(asdict(results), indent=1) + "\n")
    (arguments.out / "load.md").write_text(markdown(results))
    plots(results, arguments.out)
    show(results)


if __name__ == "__main__":
    main()
