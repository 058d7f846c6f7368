"""Averages checkpoints of one training run: their mean errs less than each of them (Wortsman et al. 2022).

python recognizers/training/average.py --out RUN/mean.pt RUN/final.pt OTHER/final.pt
"""

import argparse
from pathlib import Path

import torch

State = dict[str, torch.Tensor]


def mean(states: list[State]) -> State:
    """The mean of every weight; all checkpoints must have the same shapes."""
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.save(mean([torch.load(path, weights_only=True) for path in options.checkpoints]), options.out)


if __name__ == "__main__":
    main()
