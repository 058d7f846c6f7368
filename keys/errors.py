"""What can go wrong with keys. No message carries key material, plain text or a raw identifier.

KeysError
├── SealBroken        a ciphertext was changed, moved to another place, or is not ours
├── KeyUnknown        a ciphertext names a key the ring does not hold
│   └── KeyDestroyed  … because it was destroyed: what it sealed is gone for good
├── WrapperUnavailable the service that keeps the keys does not answer, or refuses us
├── RingRefused       a ring document or a change of a key's state is not allowed
└── SourceRefused     a key source cannot be read, is open to others, or cannot be written
"""


class KeysError(Exception):
    """Base of all errors of this package."""


class SealBroken(KeysError):
    """The ciphertext does not authenticate under this key and this associated data."""


class KeyUnknown(KeysError):
    """No key of that id is in the ring."""


class KeyDestroyed(KeyUnknown):
    """The key of that id was destroyed; its id is kept so that this can be said."""


class WrapperUnavailable(KeysError):
    """The service that wraps DEKs cannot be used now."""


class RingRefused(KeysError):
    """The ring would become invalid."""


class SourceRefused(KeysError):
    """The key source is missing, unreadable, too open, or read-only."""
