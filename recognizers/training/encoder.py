"""The encoder that is trained: the lower layers of a BERT encoder, with one linear layer over the labels."""

import torch
from base import BaseWeights
from torch import nn
from torch.nn import functional

HIDDEN, HEADS, INNER, POSITIONS = 384, 12, 1536, 256
EPSILON = 1e-12


class Layer(nn.Module):
    """Self-attention and a feed-forward net, each added to its input and normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, EPSILON)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, EPSILON)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None, drop: float) -> torch.Tensor:
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = self.out(seen.transpose(1, 2).reshape(batch, length, HIDDEN))
        x = self.norm1(x + functional.dropout(seen, drop, self.training))
        grown = self.down(functional.gelu(self.up(x), approximate="tanh"))
        return self.norm2(x + functional.dropout(grown, drop, self.training))


class Encoder(nn.Module):
    """Piece ids and a mask in, one logit a label and piece out."""

    def __init__(self, pieces: int, layers: int, labels: int, drop: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(pieces, HIDDEN)
        self.position = nn.Parameter(torch.zeros(POSITIONS, HIDDEN))
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
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
    encoder = Encoder(len(kept) + len(extra), len(layers), labels)
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
