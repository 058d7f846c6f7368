"""Files on their way to the provider and back: batches and texts as they come, everything else by policy."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Final

from aiohttp import BodyPartReader, ClientResponse, web

from proxy.batch import BatchLines, in_order, lines, unreadable
from proxy.body import JSON
from proxy.caller import Caller
from proxy.dialects import Reference
from proxy.errors import AttachmentRefused, BadRequest, Refusal, UpstreamFailed
from proxy.forms import extension_of, parts, read_part, text_of
from proxy.inward import Inward
from proxy.multipart import Multipart, Part
from proxy.outward import Outbound, Outward
from proxy.textfile import TextFile, blocks, is_text
from proxy.walk import Leaf, Treatment
from proxy.writing import Writer

_BATCH: Final = "batch"
_FIELDS: Final = ("purpose", "expires_after[anchor]", "expires_after[seconds]")


class Upload(Outward):
    """A file that is read, and if it is a batch or a text pseudonymised, while it is sent; it is never kept whole."""

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None, None]:
        """Hold the form open; what goes wrong with the file while it is sent is told instead of the broken sending."""
        self._refusal: Refusal | None = None
        try:
            async with aclosing(parts(self.request)) as self._reader:
                yield
        except UpstreamFailed:
            if self._refusal is not None:
                raise self._refusal from None
            raise

    async def body(self) -> JSON:
        """Read the fields before the file, and stop there."""
        self._fields: list[Part] = []
        async for part in self._reader:
            if part.filename is not None:
                self._file = part
                break
            self._fields.append(_checked(await read_part(part)))
        else:
            raise BadRequest("invalid_form", "The form holds no file.")
        purpose = next((text_of(field) for field in self._fields if field.name == "purpose"), "")
        if not purpose:
            raise BadRequest("missing_purpose", "'purpose' must come before the file.", param="purpose")
        text = "text_file" if is_text(self._file.filename or "") else ""
        self.sent.kind = "batch_file" if purpose == _BATCH else text
        if not self.sent.kind and not self._services.pseudonymise.attachments:
            raise AttachmentRefused(
                "attachment_refused",
                "Deckname looks into batches, and into files with the ending of a text, such as .txt, .md, .csv or"
                " .json. Set `attachments` to `pass` to let others through unseen.",
                param="file",
            )
        return {"purpose": purpose}

    async def outbound(self, body: JSON, caller: Caller) -> Outbound:
        """Return the form for the upstream, with a file that is made as it is sent."""
        del body
        leaf = Leaf(("file", "filename"), self._file.filename or "file", Treatment.TEXT)
        hidden = await self._hidden([leaf], self._passing(caller), lambda _: "file.filename")
        name = hidden.texts[0] if hidden.texts[0].isascii() else f"file{extension_of(leaf.text)}"
        file = Part("file", b"", name, "application/jsonl" if self.sent.kind == "batch_file" else "")
        content = {"batch_file": self._lines, "text_file": self._text}.get(self.sent.kind, self._unseen)()
        form = Multipart()
        made = form.with_file(self._fields, file, content, self._rest())
        return Outbound(self._told(made), form.media_type)

    async def _lines(self) -> AsyncGenerator[bytes, None]:
        batch = BatchLines(self._services, self.tenant, self.owner())
        async with aclosing(in_order(_numbered(lines(_chunks(self._file))), batch.pseudonymised)) as done:
            async for line in done:
                yield line

    async def _text(self) -> AsyncGenerator[bytes, None]:
        file = TextFile(self._services, self.tenant, self._file.filename or "")
        async with aclosing(in_order(blocks(_chunks(self._file)), file.pseudonymised)) as done:
            async for block in done:
                yield block

    async def _unseen(self) -> AsyncGenerator[bytes, None]:
        async for data in _chunks(self._file):
            self._services.metrics.unscanned("file", len(data))
            yield data

    async def _rest(self) -> AsyncGenerator[Part, None]:
        async for part in self._reader:
            if part.filename is not None:
                raise BadRequest("invalid_form", "The form holds more than one file.")
            yield _checked(await read_part(part))

    async def _told(self, made: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """Remember why a body could not be made to its end; the client library only says that sending broke."""
        try:
            async for data in made:
                yield data
        except Refusal as refusal:
            self._refusal = refusal
            raise


class Uploaded(Inward):
    """What the provider says of a file that it keeps now."""

    def _stored(self, body: JSON) -> list[Reference]:
        files = super()._stored(body)
        return files + [Reference(self._sent.kind, each.id) for each in files if self._sent.kind]


class Download(Inward):
    """A file from the provider; batches and texts get their values back as they pass."""

    async def answer(self, reply: ClientResponse, *, streamed: bool) -> web.StreamResponse:
        """Answer with the file as it comes."""
        named = self._named
        if reply.status != 200 or named is None:
            return await super().answer(reply, streamed=streamed)
        content = reply.content.iter_any()
        if await self._services.stored.look_up(self._tenant, Reference("batch_file", named.id)):
            batch = BatchLines(self._services, self._tenant, self._owner())
            restored = in_order(lines(content), batch.restored)
        elif await self._services.stored.look_up(self._tenant, Reference("text_file", named.id)):
            restored = in_order(blocks(content), TextFile(self._services, self._tenant).restored)
        else:
            return await self._passed(reply)
        response = await self._begin(reply, {})
        write = Writer(response)
        try:
            async with aclosing(restored):
                async for data in restored:
                    await write(data)
        except BadRequest:
            raise unreadable() from None
        await response.write_eof()
        return response


def _checked(field: Part) -> Part:
    if field.name not in _FIELDS:
        raise BadRequest("unknown_field", "The form holds a field that files don't have.")
    if len(text_of(field)) > 64 or not text_of(field).replace("_", "").isalnum():
        raise BadRequest("invalid_form", f"'{field.name}' is not a plain word.", param=field.name)
    return field


async def _chunks(file: BodyPartReader) -> AsyncGenerator[bytes, None]:
    while data := await file.read_chunk(1 << 16):
        yield data


async def _numbered(items: AsyncIterator[bytes]) -> AsyncGenerator[tuple[int, bytes], None]:
    number = 0
    async for item in items:
        number += 1
        yield number, item
