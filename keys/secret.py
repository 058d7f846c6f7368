"""Key material that resists leaking: no repr, no pickle, no copy in a log; only `expose` gives the bytes."""

import hmac
from typing import NoReturn, final


@final
class Secret:
    """Bytes that never show themselves. Compares in constant time; hashing, pickling and formatting are refused."""

    __slots__ = ("_material",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, material: bytes) -> None:
        self._material = bytes(material)

    def expose(self) -> bytes:
        """Give the bytes themselves, to a cipher or a key file and to nothing else."""
        return self._material

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._material, other._material)

    def __reduce__(self) -> NoReturn:
        raise TypeError("key material is not pickled")
