"""The encoder that is trained: the lower layers of a BERT encoder, with one linear layer over the labels.

A layer may have fewer heads and a narrower feed-forward net than the base's, see ``slim.py``.
"""

import torch
from base import BaseWeights
from torch import nn
from torch.nn import functional

HIDDEN, HEADS, HEAD, INNER, POSITIONS = 384, 12, 32, 1536, 256
EPSILON = 1e-12


class Layer(nn.Module):
    """Self-attention and a feed-forward net, each added to its input and normalised."""

    def __init__(self, heads: int = HEADS, inner: int = INNER) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(HIDDEN, 3 * heads * HEAD)
        self.out = nn.Linear(heads * HEAD, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, EPSILON)
        self.up = nn.Linear(HIDDEN, inner)
        self.down = nn.Linear(inner, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, EPSILON)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None, drop: float) -> torch.Tensor:
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, HEAD).permute(2, 0, 3, 1, 4)
        # By hand: on processors, PyTorch's own attention takes four times as long to learn with heads this narrow.
        alike = (q @ k.transpose(-1, -2)).float() * HEAD**-0.5
        if mask is not None:
            alike = alike.masked_fill(~mask, -1e9)
        seen = self.out((alike.softmax(-1).to(v.dtype) @ v).transpose(1, 2).flatten(2))
        x = self.norm1(x + functional.dropout(seen, drop, self.training))
        grown = self.down(functional.gelu(self.up(x), approximate="tanh"))
        return self.norm2(x + functional.dropout(grown, drop, self.training))


class Encoder(nn.Module):
    """Piece ids and a mask in, one logit a label and piece out. ``sizes``: heads and inner width of each layer."""

    def __init__(self, pieces: int, sizes: list[tuple[int, int]], labels: int, drop: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(pieces, HIDDEN)
        self.position = nn.Parameter(torch.zeros(POSITIONS, HIDDEN))
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer(*size) for size in sizes)
        self.head = nn.Linear(HIDDEN, labels)
        self.drop = drop

    def forward(self, ids: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        x = self.norm(self.word(ids) + self.position[: ids.shape[1]])
        x = functional.dropout(x, self.drop, self.training)
        seen = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, seen, self.drop)
        return self.head(functional.dropout(x, self.drop, self.training))


def from_base(base: BaseWeights, kept: list[int], extra: list[int], layers: list[int], labels: int) -> Encoder:
    """An encoder with the rows ``kept`` of the base vocabulary; the added pieces start as the base pieces ``extra``."""
    encoder = Encoder(len(kept) + len(extra), [(HEADS, INNER)] * len(layers), labels)
    with torch.no_grad():
        words = torch.from_numpy(base.matrix("emb.word", HIDDEN))
        encoder.word.weight.copy_(words[kept[:4] + extra + kept[4:]])
        positions = torch.from_numpy(base.vector("emb.pos")).view(-1, HIDDEN)[:POSITIONS]
        encoder.position.copy_(positions + torch.from_numpy(base.vector("emb.type"))[:HIDDEN])
        _fill(encoder.norm, base, "emb.ln")
        for layer, number in zip(encoder.layers, layers, strict=True):
            parts = [base.matrix(f"l{number}.{part}.w", HIDDEN) for part in "qkv"]
            biases = [base.vector(f"l{number}.{part}.b") for part in "qkv"]
            layer.qkv.weight.copy_(torch.cat([torch.from_numpy(part) for part in parts]))
            layer.qkv.bias.copy_(torch.cat([torch.from_numpy(bias) for bias in biases]))
            for linear, name in ((layer.out, "ao"), (layer.up, "fi"), (layer.down, "fo")):
                linear.weight.copy_(torch.from_numpy(base.matrix(f"l{number}.{name}.w", linear.in_features)))
                linear.bias.copy_(torch.from_numpy(base.vector(f"l{number}.{name}.b")))
            _fill(layer.norm1, base, f"l{number}.aln")
            _fill(layer.norm2, base, f"l{number}.oln")
        nn.init.normal_(encoder.head.weight, std=0.02)
    return encoder


def _fill(norm: nn.LayerNorm, base: BaseWeights, name: str) -> None:
    norm.weight.copy_(torch.from_numpy(base.vector(f"{name}.w")))
    norm.bias.copy_(torch.from_numpy(base.vector(f"{name}.b")))
