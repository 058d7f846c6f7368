"""Averages checkpoints of one training run: their mean errs less than each of them (Wortsman et al. 2022).

python recognizers/training/average.py --out RUN/mean.pt RUN/final.pt OTHER/final.pt
"""

import argparse
from pathlib import Path

import torch

State = dict[str, torch.Tensor]


def mean(states: list[State], weights: list[float]) -> State:
    """The weighted mean of every parameter; all checkpoints must have the same shapes."""
    shares = [weight / sum(weights) for weight in weights]
    pairs = list(zip(shares, states, strict=True))
    return {name: sum(share * state[name] for share, state in pairs) for name in states[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--weights", type=float, nargs="+", help="what each counts; else all the same")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    states = [torch.load(path, weights_only=True) for path in options.checkpoints]
    torch.save(mean(states, options.weights or [1.0] * len(states)), options.out)


if __name__ == "__main__":
    main()
