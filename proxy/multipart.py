"""Writing multipart/form-data (RFC 7578): what was read and pseudonymised, in parts of our own making."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a form, or with ``filename`` a file in it. ``media_type`` is the file's."""

    name: str
    content: bytes
    filename: str = ""
    media_type: str = ""


class Multipart:
    """One body, under a boundary that nobody can guess and therefore nobody can write into a part."""

    def __init__(self) -> None:
        self._boundary = f"deckname-{secrets.token_hex(16)}"

    @property
    def media_type(self) -> str:
        """The body's ``Content-Type``."""
        return f"multipart/form-data; boundary={self._boundary}"

    def head(self, part: Part) -> bytes:
        """Return what stands before a part's content."""
        lines = [f"--{self._boundary}", f'Content-Disposition: form-data; name="{_quoted(part.name)}"']
        if part.filename:
            lines[-1] += f'; filename="{_quoted(part.filename)}"'
            lines.append(f"Content-Type: {part.media_type or 'application/octet-stream'}")
        return "\r\n".join([*lines, "", ""]).encode()

    def whole(self, part: Part) -> bytes:
        """Return a part."""
        return self.head(part) + part.content + b"\r\n"

    @property
    def end(self) -> bytes:
        """What stands after the last part."""
        return f"--{self._boundary}--\r\n".encode()

    async def with_file(
        self, before: list[Part], file: Part, content: AsyncIterator[bytes], after: AsyncIterator[Part]
    ) -> AsyncIterator[bytes]:
        """Give a body whose file is made while it is sent."""
        yield b"".join(map(self.whole, before)) + self.head(file)
        async for data in content:
            yield data
        yield b"\r\n"
        async for part in after:
            yield self.whole(part)
        yield self.end


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
