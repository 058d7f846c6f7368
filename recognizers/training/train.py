"""Trains the encoder, from the base weights or a checkpoint, on corpora mixed with invented text.

python recognizers/training/train.py --corpora DIR --base DIR --out DIR --minutes 60 --synthetic 0.5
"""

import argparse
import json
import math
import random
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from base import BaseWeights
from checkpoint import load
from corpora import endless
from encoder import Encoder, from_base
from examples import IGNORED, NUMBERS, UNTOLD, Pieces, Window, windows
from generate import Generator
from messages import Messages
from tokenizers import Tokenizer
from vocabulary import ADDED_START, trim

from recognizers.name_model import END, LABELS, PADDING, START, UNKNOWN

POOL = 24  # batches sorted by length together


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True, help="folder with e5-small-q4.bin and tokenizer.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--from", dest="start", type=Path, help="checkpoint to go on from")
    parser.add_argument("--new-head", action="store_true", help="train the labels' layer faster: it has new labels")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--pieces", type=int, help="stop after so many pieces instead of minutes")
    parser.add_argument("--synthetic", type=float, default=0.5, help="share of invented pieces")
    parser.add_argument("--messages", type=float, default=0.0, help="share of pieces of our own messages")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--end-rate", type=float, default=0.02, help="the last rate, as a share of the first")
    parser.add_argument("--batch", type=int, default=4096, help="pieces a step")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--vocabulary", type=int, default=32_000)
    parser.add_argument("--unread", type=float, default=0.0, help="share of pieces that are shown as unknown ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--teacher", type=Path, help="an encoder whose probabilities are learned from, too")
    parser.add_argument("--trust", type=float, default=0.5, help="the teacher's share of the loss")
    return parser.parse_args()


def fresh(options: argparse.Namespace) -> Encoder:
    """The base encoder's lower layers over a trimmed vocabulary; the tokenizer is written beside the checkpoints."""
    kept, tokenizer = trim(options.base / "tokenizer.json", options.corpora, options.vocabulary)
    (options.out / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    vocabulary = json.loads((options.base / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    numbers = {piece: i for i, (piece, _) in enumerate(vocabulary)}
    base = BaseWeights(options.base / "e5-small-q4.bin")
    extra = [numbers[piece] for piece in ADDED_START]
    return from_base(base, kept, extra, list(range(options.layers)), len(LABELS))


def mixed(options: argparse.Namespace, pieces: Pieces, rng: random.Random) -> Iterator[Window]:
    """Windows of the corpora, of invented text and of messages, kept at the wanted shares of pieces."""
    generator = Generator(options.corpora, rng)
    real = endless(options.corpora, rng, generator.another)
    messages = Messages(generator.another, rng)
    sources = {
        "real": (1 - options.synthetic - options.messages, lambda: next(real)),
        "synthetic": (options.synthetic, lambda: generator.one()[2]),
        "messages": (options.messages, messages.one),
    }
    seen = dict.fromkeys(sources, 0)
    while True:
        name = max(sources, key=lambda name: sources[name][0] * (1 + sum(seen.values())) - seen[name])
        for window in windows(sources[name][1](), pieces, told=name == "messages"):
            seen[name] += len(window.ids)
            yield window


def loss_of(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Mean cross entropy; where NUMBERS are not told apart from nothing, their probabilities are added up."""
    likely = logits.log_softmax(-1)
    found = likely.gather(-1, labels.clamp(min=0)[:, None])[:, 0]
    nothing = [0, *(LABELS.index(f"{place}-{kind}") for kind in NUMBERS for place in "BI")]
    found = torch.where(labels == UNTOLD, likely[:, nothing].logsumexp(-1), found)
    return -found[labels != IGNORED].mean()


class Teacher:
    """A finished encoder that says what it takes each piece for."""

    def __init__(self, path: Path) -> None:
        self._encoder = load(path, len(LABELS)).eval()

    def loss(self, logits: torch.Tensor, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Mean cross entropy against its probabilities (Hinton et al. 2015)."""
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            likely = self._encoder(ids, mask).float().softmax(-1)
        return -(likely * logits.log_softmax(-1)).sum(-1)[mask].mean()


def batches(stream: Iterator[Window], size: int, rng: random.Random) -> Iterator[tuple[torch.Tensor, ...]]:
    """Windows of like length together, about ``size`` pieces a batch."""
    while True:
        pool: list[Window] = []
        total = 0
        while total < size * POOL:
            pool.append(next(stream))
            total += len(pool[-1].ids) + 2
        pool.sort(key=lambda window: len(window.ids))
        groups: list[list[Window]] = [[]]
        for window in pool:
            if groups[-1] and (len(groups[-1]) + 1) * (len(window.ids) + 2) > size:
                groups.append([])
            groups[-1].append(window)
        rng.shuffle(groups)
        for group in groups:
            yield tensors(group)


def tensors(group: list[Window]) -> tuple[torch.Tensor, ...]:
    longest = max(len(window.ids) for window in group) + 2
    ids = torch.full((len(group), longest), PADDING)
    labels = torch.full((len(group), longest), IGNORED)
    for row, window in enumerate(group):
        count = len(window.ids)
        ids[row, : count + 2] = torch.tensor([START, *window.ids, END])
        labels[row, 1 : count + 1] = torch.tensor(window.labels)
    return ids, ids != PADDING, labels


def blotted(ids: torch.Tensor, labels: torch.Tensor, share: float) -> torch.Tensor:
    """Show some pieces as unknown, so that what stands around a name is learned from, and no text by heart."""
    hidden = (torch.rand(ids.shape) < share) & (labels != IGNORED)
    return ids.masked_fill(hidden, UNKNOWN) if share else ids


def main() -> None:
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)
    torch.manual_seed(options.seed)
    encoder = load(options.start, len(LABELS)) if options.start else fresh(options)
    pieces = Pieces(Tokenizer.from_file(str(options.out / "tokenizer.json")))
    head = [p for n, p in encoder.named_parameters() if n.startswith("head")]
    body = [p for n, p in encoder.named_parameters() if not n.startswith("head")]
    first = not options.start or options.new_head
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": options.rate}, {"params": head, "lr": options.rate * (5 if first else 1)}],
        weight_decay=0.01,
        betas=(0.9, 0.98),
        fused=True,
    )
    peaks = [group["lr"] for group in optimizer.param_groups]
    teacher = Teacher(options.teacher) if options.teacher else None
    encoder.train()
    began = saved = time.monotonic()
    total, mean = 0, 0.0
    for step, (ids, mask, labels) in enumerate(batches(mixed(options, pieces, rng), options.batch, rng)):
        done = total / options.pieces if options.pieces else (time.monotonic() - began) / 60 / options.minutes
        if done >= 1:
            break
        factor = min(1, (step + 1) / 60) * (
            options.end_rate + (1 - options.end_rate) * (1 + math.cos(math.pi * done)) / 2
        )
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            group["lr"] = peak * factor
        with torch.autocast("cpu", torch.bfloat16):
            logits = encoder(blotted(ids, labels, options.unread), mask).float()
        loss = loss_of(logits.flatten(0, 1), labels.flatten())
        if teacher:
            loss = (1 - options.trust) * loss + options.trust * teacher.loss(logits, ids, mask)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        total += int(mask.sum())
        mean += (loss.item() - mean) * max(0.02, 1 / (step + 1))
        if step % 25 == 0:
            print(
                f"{step} {done:.1%} pieces {total:,} loss {mean:.4f} {total / (time.monotonic() - began):.0f}/s",
                flush=True,
            )
        if time.monotonic() - saved > 240:
            saved = time.monotonic()
            torch.save(encoder.state_dict(), options.out / "checkpoint.pt")
    torch.save(encoder.state_dict(), options.out / "final.pt")


if __name__ == "__main__":
    main()
