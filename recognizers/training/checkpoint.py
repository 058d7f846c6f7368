"""Reads an encoder to go on from: a checkpoint of training, or a shipped ONNX graph with its integers made reals again.

Labels are only ever added behind those there are; the rows of new ones start small.
"""

from pathlib import Path

import onnx
import torch
from encoder import HEAD, Encoder
from onnx import numpy_helper


def load(path: Path, labels: int) -> Encoder:
    """The encoder at ``path`` (``.pt`` or ``.onnx``), with ``labels`` labels."""
    state = _shipped(path) if path.suffix == ".onnx" else torch.load(path, weights_only=True)
    for name in ("head.weight", "head.bias"):
        old = state[name]
        new = torch.randn(labels - len(old), *old.shape[1:]) * 0.02
        state[name] = torch.cat([old, new])
    return restored(state, labels)


def restored(state: dict[str, torch.Tensor], labels: int) -> Encoder:
    """The encoder with these weights, whose shapes say how wide each layer is."""
    layers = len({name.split(".")[1] for name in state if name.startswith("layers")})
    shapes = [
        (state[f"layers.{i}.out.weight"].shape[1], state[f"layers.{i}.up.weight"].shape[0]) for i in range(layers)
    ]
    encoder = Encoder(state["word.weight"].shape[0], [(heads // HEAD, inner) for heads, inner in shapes], labels)
    encoder.load_state_dict(state)
    return encoder


def _shipped(path: Path) -> dict[str, torch.Tensor]:
    found = {c.name: torch.tensor(numpy_helper.to_array(c)) for c in onnx.load(path).graph.initializer}
    state = {"word.weight": found["words"].float() * found["words.scale"], "position": found["positions"]}
    for name, value in found.items():
        if name.endswith(".even"):  # the graph divides by it what it multiplies the matrix with
            layer = name.removesuffix(".even")
            weight = found[f"{layer}.weight"].float() * found[f"{layer}.scale"] * value[:, None]
            state |= {f"{layer}.weight": weight.T.contiguous(), f"{layer}.bias": found[f"{layer}.bias"]}
        elif "norm" in name:
            state[name] = value
    return state | {"head.weight": found["head.weight"].T.contiguous(), "head.bias": found["head.bias"]}
