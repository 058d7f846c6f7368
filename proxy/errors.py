"""Every way in which Deckname says no, as one tree of exceptions.

A refusal carries an HTTP status, a stable code and a message that names fields, kinds and remedies, never values.
The dialect turns it into its own error body; nothing else in the proxy writes an error by hand.

    Refusal
    ├── BadRequest           400  the body or a header cannot be read as what it claims to be
    │   └── AttachmentRefused     a part Deckname cannot read, such as an image
    ├── Unauthorized         401  no valid client key
    ├── Blocked              403  the policy forbids a kind that was found
    ├── UnknownEndpoint      404  not on the list of what Deckname can pseudonymise
    ├── NotConfigured        404  the API that the request is for has no address here
    ├── UnknownObject        404  not stored through Deckname, or by somebody else
    ├── TooLarge             413
    ├── UnsupportedMedia     415  content type or encoding
    ├── UpstreamFailed       502  the provider did not answer, or answered what cannot be read
    │   └── UpstreamTimeout  504
    └── Unavailable          503  detector or vault in trouble; nothing was sent
"""

from typing import ClassVar


class Refusal(Exception):
    """A request that is refused. ``param`` is the path of the field at fault, if one is."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "invalid_request_error"
    retry_after: ClassVar[int | None] = None  # seconds; None tells SDKs not to retry

    def __init__(self, code: str, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param


class BadRequest(Refusal):
    """What was sent cannot be read, so it cannot be pseudonymised."""


class AttachmentRefused(BadRequest):
    """A part of the body holds an image, sound or file, which Deckname does not look into."""


class Unauthorized(Refusal):
    """The request bears no client key that Deckname knows."""

    status = 401
    type = "authentication_error"


class Blocked(Refusal):
    """The policy blocks a kind of personal data that the request holds."""

    status = 403
    type = "policy_violation"


class UnknownEndpoint(Refusal):
    """The path is not one whose bodies Deckname knows how to pseudonymise."""

    status = 404


class NotConfigured(Refusal):
    """The endpoint is served, but its API is not among the configured ones."""

    status = 404


class UnknownObject(Refusal):
    """A response, file or the like that was not stored through Deckname by this caller, or whose record expired."""

    status = 404


class TooLarge(Refusal):
    """The decoded body exceeds the configured limit."""

    status = 413


class UnsupportedMedia(Refusal):
    """The content type or encoding is not one Deckname reads."""

    status = 415


class UpstreamFailed(Refusal):
    """The provider could not be reached, or its answer could not be read."""

    status = 502
    type = "upstream_error"
    retry_after = 1


class UpstreamTimeout(UpstreamFailed):
    """The provider did not answer in time."""

    status = 504


class Unavailable(Refusal):
    """Detector, vault or keys are not usable now; nothing was forwarded."""

    status = 503
    type = "service_unavailable"
    retry_after = 1
