"""Makes a checkpoint's layers narrower: the heads and inner units that matter least for the loss go.

What a head or a unit is worth is how much the loss would change without it, to first order: the mean of |activation x
gradient| over training texts (Michel et al. 2019; Molchanov et al. 2017). Units of all layers compete, in groups of 64,
so that integer matrices stay well shaped; so do the heads, of which every layer keeps some.

    python recognizers/training/slim.py --corpora DIR --from FILE --tokenizer FILE --out RUN/slim.pt \\
        --heads 48 --inner 4608
"""

import argparse
import random
from pathlib import Path

import torch
from checkpoint import load, restored
from encoder import HEAD, Encoder
from examples import Pieces
from tokenizers import Tokenizer
from torch import nn
from train import batches, loss_of, mixed

from recognizers.name_model import LABELS

GROUP = 64
FEWEST = 4  # heads a layer keeps
Worth = list[torch.Tensor]


def worths(encoder: Encoder, options: argparse.Namespace) -> tuple[Worth, Worth]:
    """What each head and each inner unit of every layer is worth."""
    rng = random.Random(17)
    pieces = Pieces(Tokenizer.from_file(str(options.tokenizer)))
    drawn = argparse.Namespace(corpora=options.corpora, synthetic=0.25, messages=0.45)
    stream = batches(mixed(drawn, pieces, rng), 2048, rng)
    heads = [torch.zeros(layer.heads) for layer in encoder.layers]
    units = [torch.zeros(layer.up.out_features) for layer in encoder.layers]
    held: dict[nn.Module, torch.Tensor] = {}

    def hold(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        inputs[0].retain_grad()
        held[module] = inputs[0]

    for layer in encoder.layers:
        layer.out.register_forward_pre_hook(hold)
        layer.down.register_forward_pre_hook(hold)
    for _ in range(options.batches):
        ids, mask, labels = next(stream)
        encoder.zero_grad(set_to_none=True)
        loss_of(encoder(ids, mask).flatten(0, 1), labels.flatten()).backward()
        for number, layer in enumerate(encoder.layers):
            per_head = _effect(held[layer.out])[mask].unflatten(-1, (layer.heads, HEAD)).sum(-1)
            heads[number] += per_head.abs().sum(0)
            units[number] += _effect(held[layer.down])[mask].abs().sum(0)
    return heads, units


def _effect(activation: torch.Tensor) -> torch.Tensor:
    assert activation.grad is not None
    return (activation * activation.grad).detach()


def kept_heads(worth: Worth, count: int) -> list[torch.Tensor]:
    """The ``count`` worthiest heads of all layers, of every layer at least FEWEST."""
    chosen = [torch.zeros_like(layer, dtype=torch.bool) for layer in worth]
    for layer, flags in zip(worth, chosen, strict=True):
        flags[layer.topk(FEWEST).indices] = True
    rest = sorted(
        ((float(w), n, i) for n, layer in enumerate(worth) for i, w in enumerate(layer) if not chosen[n][i]),
        reverse=True,
    )
    for _, n, i in rest[: count - FEWEST * len(worth)]:
        chosen[n][i] = True
    return [flags.nonzero()[:, 0] for flags in chosen]


def kept_units(worth: Worth, count: int) -> list[torch.Tensor]:
    """The ``count`` worthiest units in groups of GROUP: a layer's best 64 are its first group, and so on."""
    order = [layer.argsort(descending=True).split(GROUP) for layer in worth]
    groups = sorted(
        ((float(worth[n][group].sum()), n, i) for n, layer in enumerate(order) for i, group in enumerate(layer)),
        reverse=True,
    )
    counts = [0] * len(worth)
    for _, n, _ in groups[: count // GROUP]:
        counts[n] += 1
    return [torch.cat(layer[: max(1, c)]).sort().values for layer, c in zip(order, counts, strict=True)]


def slimmed(encoder: Encoder, heads: list[torch.Tensor], units: list[torch.Tensor]) -> Encoder:
    """The encoder with these heads and units only."""
    state = encoder.state_dict()
    for number, (head, unit) in enumerate(zip(heads, units, strict=True)):
        at = f"layers.{number}"
        rows = (head[:, None] * HEAD + torch.arange(HEAD)).flatten()
        width = encoder.layers[number].heads * HEAD
        triple = torch.cat([rows + part * width for part in range(3)])
        for name in ("qkv.weight", "qkv.bias"):
            state[f"{at}.{name}"] = state[f"{at}.{name}"][triple]
        state[f"{at}.out.weight"] = state[f"{at}.out.weight"][:, rows]
        for name in ("up.weight", "up.bias"):
            state[f"{at}.{name}"] = state[f"{at}.{name}"][unit]
        state[f"{at}.down.weight"] = state[f"{at}.down.weight"][:, unit]
    return restored(state, encoder.head.out_features)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--from", dest="start", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--heads", type=int, default=48, help="heads of all layers together")
    parser.add_argument("--inner", type=int, default=4608, help="inner units of all layers together")
    parser.add_argument("--batches", type=int, default=60)
    options = parser.parse_args()
    encoder = load(options.start, len(LABELS)).eval()
    head_worth, unit_worth = worths(encoder, options)
    slim = slimmed(encoder, kept_heads(head_worth, options.heads), kept_units(unit_worth, options.inner))
    print([(layer.heads, layer.up.out_features) for layer in slim.layers])
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(slim.state_dict(), options.out)


if __name__ == "__main__":
    main()
