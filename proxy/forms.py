"""Requests that are forms: fields are texts or structure like those of a body, files are attachments."""

from collections.abc import AsyncGenerator
from typing import Final

from aiohttp import BodyPartReader, web

from proxy.body import JSON
from proxy.caller import Caller
from proxy.errors import BadRequest, TooLarge, UnsupportedMedia
from proxy.multipart import Multipart, Part
from proxy.outward import Outbound, Outward
from proxy.reading import check_encoding

_MOST_PARTS: Final = 100
_FIELD_LIMIT: Final = 1 << 20  # bytes
_PLAIN: Final = ("", "binary", "8bit", "7bit")


class Form(Outward):
    """A form that is read whole, such as a recording with what is known about it."""

    async def body(self) -> JSON:
        """Read the form; a field is a list of its values."""
        self._parts: list[Part] = []
        fields: dict[str, list[str]] = {}
        async for reader in parts(self.request):
            part = await read_part(reader)
            self._parts.append(part)
            if sum(len(each.content) for each in self._parts) > self.request.client_max_size:
                raise too_large()
            # Each byte of a file as one character: an attachment is counted in bytes.
            text = part.content.decode("latin-1") if part.filename else text_of(part)
            fields.setdefault(field_of(part.name), []).append(text)
        return {name: [*values] for name, values in fields.items()}

    def streams(self, body: JSON) -> bool:
        """Tell whether a stream is asked for."""
        return isinstance(body, dict) and body.get("stream") == ["true"]

    async def outbound(self, body: JSON, caller: Caller) -> Outbound:
        """Return the form for the upstream, and get ready to restore what comes back."""
        hidden = await self._pseudonymised(body, caller)
        form, out = Multipart(), bytearray()
        fields = hidden if isinstance(hidden, dict) else {}
        texts = {name: iter(values if isinstance(values, list) else ()) for name, values in fields.items()}
        for part in self._parts:
            text = str(next(texts[field_of(part.name)]))
            if part.filename:
                extension = extension_of(part.filename)
                out += form.whole(Part(part.name, text.encode("latin-1"), f"file{extension}", part.media_type))
            else:
                out += form.whole(Part(part.name, text.encode("utf-8", "surrogatepass")))
        return Outbound(bytes(out + form.end), form.media_type)


async def parts(request: web.Request) -> AsyncGenerator[BodyPartReader, None]:
    """Give the parts of a form as they come. Raises ``UnsupportedMedia`` or ``BadRequest`` if the body is none."""
    check_encoding(request)
    if request.content_type != "multipart/form-data":
        raise UnsupportedMedia("unsupported_content_type", "The body must be multipart/form-data.")
    try:
        reader, count = await request.multipart(), 0
        while (part := await reader.next()) is not None:
            count += 1
            if count > _MOST_PARTS:
                raise BadRequest("invalid_form", "The form has too many parts.")
            encoding = part.headers.get("content-transfer-encoding", "")
            if not isinstance(part, BodyPartReader) or not part.name or encoding.lower() not in _PLAIN:
                raise BadRequest("invalid_form", "The form holds a part that can't be read.")
            if part.headers.get("content-encoding"):
                raise UnsupportedMedia("unsupported_encoding", "Parts of a form are read unencoded.")
            yield part
    except (ValueError, AssertionError, RuntimeError, web.RequestPayloadError):
        raise BadRequest("invalid_form", "The form can't be read.") from None


async def read_part(part: BodyPartReader) -> Part:
    """Read a part whole: a file within the limit of bodies, a field within one of its own."""
    try:
        content = bytes(await part.read())
    except web.HTTPRequestEntityTooLarge:
        raise too_large() from None
    if part.filename is None and len(content) > _FIELD_LIMIT:
        raise TooLarge("body_too_large", "A field of the form is too long.")
    filename = "" if part.filename is None else part.filename or "file"
    return Part(part.name or "", content, filename, part.headers.get("content-type", ""))


def too_large() -> TooLarge:
    """Return the refusal of a body over the limit."""
    return TooLarge("body_too_large", "The body is larger than the limit `body_limit`.")


def text_of(part: Part) -> str:
    """Return a field's text. Raises ``BadRequest`` if it is none."""
    try:
        return part.content.decode("utf-8")
    except UnicodeDecodeError:
        pass  # raised below: the exception caught here holds the bytes
    raise BadRequest("invalid_form", "A field of the form is not text in UTF-8.")


def field_of(name: str) -> str:
    """Return the name under which a dialect's table knows a field: without ``[]`` or ``[key]``."""
    return name.partition("[")[0]


def extension_of(filename: str) -> str:
    """Return a short, plain extension with its dot, or nothing."""
    dot, extension = filename.rpartition(".")[1:]
    return f".{extension}" if dot and extension.isascii() and extension.isalnum() and len(extension) < 8 else ""
