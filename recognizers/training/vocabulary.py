"""Trims the base vocabulary to the pieces that seven languages and the world's names use, and writes the tokenizer.

The added pieces stand for a line end and a tab; they can never be read from a text, because words hold no such sign.
"""

import gzip
import importlib.resources
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpora import TRAIN, read
from tokenizers import Tokenizer

from recognizers.name_model import split_words

ADDED = ("<newline>", "<tab>")
ADDED_START = (".", "|")  # the base pieces they start as


def texts(corpora: Path) -> Iterator[tuple[str, int]]:
    """Text in the languages of the model, with a weight."""
    for name in (*TRAIN, "mobie_dev"):
        for example in read(corpora / f"{name}.jsonl"):
            yield example.text, 1
    for path in sorted((corpora / "names").glob("*.csv")):
        for line in path.read_text(encoding="utf-8-sig").splitlines():
            yield line.replace(",", " "), 2
    yield gzip.decompress((corpora / "names" / "germaner_surnames.list.gz").read_bytes()).decode("utf-8", "replace"), 1
    for language in ("de", "en", "fr", "es", "it", "nl", "pl"):
        for path in sorted(Path(str(importlib.resources.files("django"))).glob(f"**/locale/{language}/**/*.po")):
            yield path.read_text(encoding="utf-8"), 3
    for locale in (
        "de_DE",
        "de_AT",
        "de_CH",
        "en_US",
        "en_GB",
        "fr_FR",
        "fr_CH",
        "es_ES",
        "it_IT",
        "nl_NL",
        "nl_BE",
        "pl_PL",
        "tr_TR",
        "vi_VN",
        "pt_PT",
        "sv_SE",
        "da_DK",
        "no_NO",
        "fi_FI",
        "cs_CZ",
        "hr_HR",
        "ro_RO",
        "hu_HU",
        "en_NG",
        "en_IN",
        "en_KE",
        "yo_NG",
        "ig_NG",
        "ha_NG",
        "tw_GH",
        "zu_ZA",
    ):
        for path in sorted(Path(str(importlib.resources.files("faker"))).glob(f"providers/*/{locale}/__init__.py")):
            yield path.read_text(encoding="utf-8"), 2


def trim(full: Path, corpora: Path, size: int) -> tuple[list[int], str]:
    """The numbers of the base pieces that are kept, in order, and the trimmed tokenizer as JSON."""
    described = json.loads(full.read_text(encoding="utf-8"))
    described["pre_tokenizer"] = described["post_processor"] = described["decoder"] = None
    # The base normaliser turns the sign for a space into a space; turn it back, as the base's own pre-tokenizer does.
    described["normalizer"]["normalizers"].append({"type": "Replace", "pattern": {"String": " "}, "content": "▁"})
    tokenizer = Tokenizer.from_str(json.dumps(described))
    words: Counter[str] = Counter()
    for text, weight in texts(corpora):
        for word in split_words(text):
            words[word.form] += weight
    uses: Counter[int] = Counter()
    forms = list(words)
    for form, encoding in zip(forms, tokenizer.encode_batch(forms, add_special_tokens=False), strict=True):
        for piece in encoding.ids:
            uses[piece] += words[form]
    vocabulary = described["model"]["vocab"]
    letters = {i for i, (piece, _) in enumerate(vocabulary) if len(piece) == 1 and ord(piece) < 0x530}
    chosen = sorted(letters | {3}) + [piece for piece, _ in uses.most_common() if piece > 3 and piece not in letters]
    kept = [0, 1, 2, 3, *sorted(set(chosen[: size - 6]) - {0, 1, 2, 3})]
    rows = [vocabulary[i] for i in kept]
    described["model"]["vocab"] = rows[:4] + [[name, -99.0] for name in ADDED] + rows[4:]
    described["added_tokens"] = []
    return kept, json.dumps(described, ensure_ascii=False)
