"""Floor 0: bytes in, bytes out. Key ring, sealing, derivation and key sources; no network, no event loop."""
