"""Keys from keys: HKDF (RFC 5869) with SHA-256 and a labelled context, so that no two purposes share a key.

Every label is written down here. Changing one changes every identifier or token derived under it.
"""

import hmac
from collections.abc import Iterable
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from keys.secret import Secret

KEY_BYTES: Final = 32
IDENTIFIER_HEX: Final = 32  # 128 bits: no collisions in practice, and short enough for every field that holds an id

TENANT: Final = "tenant"  # root → one key per tenant
IDENTITY: Final = "id"  # tenant key → HMAC of user, conversation and other ids
FINGERPRINT: Final = "fingerprint"  # tenant key → HMAC of a text, for the findings cache
FINDINGS: Final = "findings"  # fingerprint key → one AES key per fingerprint, for findings kept in the store
RECORD: Final = "record"  # a scope's DEK → AES key of its records
INDEX: Final = "index"  # a scope's DEK → HMAC of (kind, value), exact
SEARCH: Final = "search"  # a scope's DEK → HMAC of a value's folded form, for find and forget
MINT: Final = "mint"  # a scope's DEK → numbers of derived tokens

_DOMAIN: Final = b"deckname/1/"


def derive(secret: Secret, label: str, context: bytes = b"") -> Secret:
    """Expand a uniformly random `secret` of 32 bytes into another one for the purpose `label` and `context`."""
    info = _DOMAIN + label.encode() + b"\x00" + context
    return Secret(HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=info).derive(secret.expose()))


def tenant_key(root: Secret, tenant: str) -> Secret:
    """Give the tenant's own key, from which all its identifiers and fingerprints follow."""
    return derive(root, TENANT, tenant.encode())


def fingerprint_key(tenant_key: Secret) -> Secret:
    """Give the key under which texts of this tenant are fingerprinted for the findings cache."""
    return derive(tenant_key, FINGERPRINT)


def keyed(key: Secret, *parts: bytes) -> bytes:
    """HMAC-SHA256 over length-prefixed parts: 32 bytes, and no two lists of parts run together."""
    message = b"".join([len(part).to_bytes(8, "big") + part for part in parts])
    return hmac.digest(key.expose(), message, "sha256")


def keyed_each(key: Secret, common: bytes, parts: Iterable[bytes]) -> list[bytes]:
    """Give `keyed(key, common, part)` for each part; the key is set up only once."""
    begun = hmac.new(key.expose(), len(common).to_bytes(8, "big") + common, "sha256")
    digests = []
    for part in parts:
        digest = begun.copy()
        digest.update(len(part).to_bytes(8, "big") + part)
        digests.append(digest.digest())
    return digests


def identifier(tenant_key: Secret, label: str, raw: str) -> str:
    """Replace a raw id by 32 hexadecimal digits, the same for the same tenant, label and id, and for nothing else.

    `label` names what the id is of ("user", "conversation", "prompt_cache_key"), so that equal ids of different
    things do not look equal. Lone surrogates, which JSON can carry, are accepted.
    """
    digest = keyed(derive(tenant_key, IDENTITY, label.encode()), raw.encode("utf-8", "surrogatepass"))
    return digest.hex()[:IDENTIFIER_HEX]
