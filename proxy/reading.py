"""Reading a request's body: JSON in one encoding, within the limits."""

from typing import Final

from aiohttp import web

from proxy.body import JSON, BodyError, decode
from proxy.errors import BadRequest, TooLarge, UnsupportedMedia

_ENCODINGS: Final = ("identity", "gzip", "deflate", "br", "zstd")


async def read_json(request: web.Request, *, depth_limit: int) -> JSON:
    """Read a JSON body, in whatever single encoding. Raises a ``Refusal`` that says what can't be read."""
    check_encoding(request)
    if request.content_type != "application/json" or (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMedia("unsupported_content_type", "The body must be application/json in UTF-8.")
    try:
        data = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge("body_too_large", "The body is larger than the limit `body_limit`.") from None
    except (web.HTTPException, web.RequestPayloadError):
        raise BadRequest("unreadable_body", "The body broke off, or is not in the encoding it claims.") from None
    try:
        return decode(data, max_depth=depth_limit)
    except BodyError as error:
        raise BadRequest("invalid_body", f"The body can't be read: {error}.") from None


async def check_empty(request: web.Request) -> None:
    """Raise ``BadRequest`` if there is anything in a body where none is read; some clients send an empty object."""
    if request.body_exists and (await request.content.read(8)).strip() not in (b"", b"{}"):
        raise BadRequest("unexpected_body", "This endpoint takes no body; nothing was sent.")


def check_encoding(request: web.Request) -> None:
    """Raise ``UnsupportedMedia`` unless the body comes plainly or in one encoding that is read here."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in _ENCODINGS:
        raise UnsupportedMedia("unsupported_encoding", f"Bodies are read in one of {', '.join(_ENCODINGS)}.")
