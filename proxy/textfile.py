"""Text files on their way to the provider and back, a block of lines at a time.

A value has one token in all of the tenant: what is stored in a file is found by searches from anywhere.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

from proxy.batch import patiently
from proxy.caller import Tenant
from proxy.errors import BadRequest
from proxy.readback import Readback
from proxy.restore import Lexicon
from proxy.services import Services
from proxy.walk import Leaf, Treatment

BLOCK: Final = 1 << 14  # bytes, or one line if that is longer
LONGEST_LINE: Final = 1 << 22
_TEXT: Final = re.compile(r".+\.(?:txt|md|markdown|csv|tsv|json|jsonl|html?|xml|ya?ml|log|eml|tex|rst)", re.IGNORECASE)
_JSON: Final = re.compile(r".+\.(?:json|jsonl)", re.IGNORECASE)


def is_text(filename: str) -> bool:
    """Tell whether a file says of itself that it is a text."""
    return _TEXT.fullmatch(filename) is not None


class TextFile:
    """One file of a tenant's."""

    def __init__(self, services: Services, tenant: Tenant, filename: str = "") -> None:
        self._services = services
        self._tenant = tenant
        self._treatment = Treatment.JSON if _JSON.fullmatch(filename) else Treatment.TEXT

    async def pseudonymised(self, block: bytes) -> bytes:
        """Return a block for the provider. Raises a ``Refusal``, also for what is no text in UTF-8."""
        leaf = Leaf(("file",), _decoded(block), self._treatment)
        caller = self._services.callers.widest(self._tenant)
        hidden = await patiently(self._services, [leaf], caller, lambda _: "file")
        self._services.count(hidden)
        return hidden.texts[0].encode()

    async def restored(self, block: bytes) -> bytes:
        """Return a block with the tenant's values in the place of their tokens."""
        text = _decoded(block)
        issued = await self._services.stored.recall(self._services.callers.widest(self._tenant).scope, text)
        readback = Readback(Lexicon(issued, guard_urls=False))
        text = readback.text(text)
        self._services.count_restored(readback.tally)
        return text.encode()


def _decoded(block: bytes) -> str:
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        pass  # raised below: the exception caught here holds the bytes
    raise BadRequest("invalid_file", "The file is not text in UTF-8.", param="file")


async def blocks(data: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Cut what arrives into blocks that end where a line does, with nothing lost."""
    held = bytearray()
    async for chunk in data:
        held += chunk
        end = held.rfind(b"\n") + 1
        if end and len(held) >= BLOCK:
            yield bytes(held[:end])
            del held[:end]
        elif len(held) > LONGEST_LINE:
            raise BadRequest("invalid_file", "The file has a line that is too long.", param="file")
    if held:
        yield bytes(held)
