"""Writes the shipped files: the encoder as an int8 ONNX graph, the tokenizer, and the weights of the kinds.

The graph is built node by node. A matrix is int8 with one scale a column, in seven bits, so that processors without
VNNI add without overflow too. What goes into a matrix is rounded to eight bits with fixed scales, found on calibration
texts, after channels have been evened out (SmoothQuant, Xiao et al. 2023); so a text's result does not depend on what
else the model reads. There is no mask: a run's windows are all of one length.

    python recognizers/training/export.py --corpora DIR --from RUN/final.pt --tokenizer RUN/tokenizer.json \\
        --out recognizers/models/names7
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
import onnx
import torch
from checkpoint import load
from encoder import EPSILON, HIDDEN, Encoder
from examples import Pieces
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from train import batches, mixed

from recognizers.name_model import KINDS, LABELS

_MS = "com.microsoft"
EVENING = 0.7  # how far the unevenness of channels moves from the texts' side into the matrix
# What a kind's probability weighs against the others': more where a miss is worse than a word too many.
WEIGHTS = {"ADDRESS": 2.5, "CUSTOMER_NO": 2.0, "DOB": 2.0, "USERNAME": 2.0, "SECRET": 2.0}
Samples = dict[str, np.ndarray]


def calibrate(encoder: Encoder, options: argparse.Namespace, count: int = 6000) -> Samples:
    """What goes into every matrix, for some thousand pieces of the texts that training saw."""
    rng = random.Random(99)
    pieces = Pieces(Tokenizer.from_file(str(options.tokenizer)))
    stream = batches(
        mixed(argparse.Namespace(corpora=options.corpora, synthetic=0.4, messages=0.3), pieces, rng), 2048, rng
    )
    seen: dict[str, list[torch.Tensor]] = {}
    hooks = [
        module.register_forward_pre_hook(
            lambda _, inputs, name=name: seen.setdefault(name, []).append(inputs[0].reshape(-1, inputs[0].shape[-1]))
        )
        for name, module in encoder.named_modules()
        if isinstance(module, torch.nn.Linear) and name != "head"
    ]
    with torch.no_grad():
        for _ in range(6):
            ids, mask, _ = next(stream)
            encoder(ids, mask)
    for hook in hooks:
        hook.remove()
    rows = torch.randperm(len(next(iter(seen.values()))[0]) * 3, generator=torch.Generator().manual_seed(1))
    found = {name: torch.cat(parts) for name, parts in seen.items()}
    return {name: part[rows[rows < len(part)][:count]].numpy() for name, part in found.items()}


class Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, output.split(), domain=domain, **attributes))
        return output

    def linear(self, x: str, name: str, layer: torch.nn.Linear, sample: np.ndarray) -> str:
        """x · W + b with both sides in integers."""
        weight, bias = layer.weight.detach().numpy().T, layer.bias.detach().numpy()
        even = np.maximum(np.abs(sample).max(0), 1e-3) ** EVENING / np.maximum(np.abs(weight).max(1), 1e-3) ** (
            1 - EVENING
        )
        even = (even / np.exp(np.log(even).mean())).astype(np.float32)
        smooth, weight = sample / even, weight * even[:, None]
        scale = (np.abs(weight).max(0) / 63).astype(np.float32)
        whole = np.clip(np.rint(weight / scale), -63, 63).astype(np.int8)
        step, zero = best_range(smooth, whole * scale)
        x = self.node("Mul", [x, self.constant(f"{name}.even", (1 / even).astype(np.float32))], f"{name}.smooth")
        steps, zeros = self.constant(f"{name}.step", np.float32(step)), self.constant(f"{name}.zero", np.uint8(zero))
        x = self.node("QuantizeLinear", [x, steps, zeros], f"{name}.whole")
        weights, scales = self.constant(f"{name}.weight", whole), self.constant(f"{name}.scale", scale)
        return self.node(
            "MatMulIntegerToFloat",
            [x, weights, steps, scales, zeros, "", self.constant(f"{name}.bias", bias)],
            f"{name}.out",
            _MS,
        )


def best_range(sample: np.ndarray, weight: np.ndarray) -> tuple[float, int]:
    """The step and zero point of eight bits that change the product least."""
    exact, best = sample @ weight, (np.inf, 1.0, 0)
    low, high = min(0.0, float(sample.min())), max(0.0, float(sample.max()))
    for share in (1.0, 0.85, 0.7, 0.55, 0.42, 0.32, 0.24):
        step = (high * share - low * share) / 255 if low < -0.5 else (high * share - low) / 255
        zero = int(np.clip(np.rint(-low * (share if low < -0.5 else 1) / step), 0, 255))
        rounded = (np.clip(np.rint(sample / step) + zero, 0, 255) - zero) * step
        error = float(((rounded @ weight - exact) ** 2).mean())
        best = min(best, (error, step, zero))
    return best[1], best[2]


def build(encoder: Encoder, samples: Samples) -> onnx.ModelProto:
    """The whole graph: ids in, probabilities of the labels out."""
    g = Graph()
    words = encoder.word.weight.detach().numpy()
    scale = np.abs(words).max(1, keepdims=True) / 127
    g.constant("words", np.rint(words / scale).astype(np.int8))
    g.constant("words.scale", scale.astype(np.float32))
    g.constant("positions", encoder.position.detach().numpy())
    g.node("Gather", ["words", "ids"], "w0")
    g.node("Cast", ["w0"], "w1", to=TensorProto.FLOAT)
    g.node("Gather", ["words.scale", "ids"], "w2")
    g.node("Mul", ["w1", "w2"], "w3")
    g.node("Shape", ["ids"], "length", start=1, end=2)
    g.node("Slice", ["positions", g.constant("nought", np.array([0], np.int64)), "length"], "p")
    g.node("Add", ["w3", "p"], "w4")
    x = g.node("LayerNormalization", ["w4", *_norm(g, "norm", encoder.norm)], "x", axis=-1, epsilon=EPSILON)
    for number, layer in enumerate(encoder.layers):
        at = f"layers.{number}"
        qkv = g.linear(x, f"{at}.qkv", layer.qkv, samples[f"{at}.qkv"])
        g.node("Split", [qkv], f"{at}.q {at}.k {at}.v", axis=-1, num_outputs=3)
        seen = g.node("MultiHeadAttention", [f"{at}.q", f"{at}.k", f"{at}.v"], f"{at}.seen", _MS, num_heads=layer.heads)
        seen = g.linear(seen, f"{at}.out", layer.out, samples[f"{at}.out"])
        x = g.node(
            "SkipLayerNormalization", [x, seen, *_norm(g, f"{at}.norm1", layer.norm1)], f"{at}.x1", _MS, epsilon=EPSILON
        )
        grown = g.linear(x, f"{at}.up", layer.up, samples[f"{at}.up"])
        grown = g.node("FastGelu", [grown], f"{at}.grown", _MS)
        grown = g.linear(grown, f"{at}.down", layer.down, samples[f"{at}.down"])
        x = g.node(
            "SkipLayerNormalization",
            [x, grown, *_norm(g, f"{at}.norm2", layer.norm2)],
            f"{at}.x2",
            _MS,
            epsilon=EPSILON,
        )
    g.node("MatMul", [x, g.constant("head.weight", encoder.head.weight.detach().numpy().T)], "h0")
    g.node("Add", ["h0", g.constant("head.bias", encoder.head.bias.detach().numpy())], "h1")
    g.node("Softmax", ["h1"], "labels", axis=-1)
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT32, ["windows", "pieces"])]
    outputs = [helper.make_tensor_value_info("labels", TensorProto.FLOAT, ["windows", "pieces", len(LABELS)])]
    graph = helper.make_graph(g.nodes, "names", inputs, outputs, g.constants)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(_MS, 1)], producer_name="deckname"
    )
    model.ir_version = 10
    return model


def _norm(g: Graph, name: str, norm: torch.nn.LayerNorm) -> list[str]:
    return [
        g.constant(f"{name}.weight", norm.weight.detach().numpy()),
        g.constant(f"{name}.bias", norm.bias.detach().numpy()),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--from", dest="start", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    encoder = load(options.start, len(LABELS)).eval()
    assert encoder.word.weight.shape[1] == HIDDEN
    options.out.mkdir(parents=True, exist_ok=True)
    model = build(encoder, calibrate(encoder, options))
    (options.out / "model.onnx").write_bytes(model.SerializeToString())
    (options.out / "tokenizer.json").write_bytes(options.tokenizer.read_bytes())
    config = {"labels": list(LABELS), "weights": {"O": 0.42} | {kind: WEIGHTS.get(kind, 1.0) for kind in KINDS}}
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
