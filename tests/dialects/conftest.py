"""The same Deckname on loopback that the gateway's tests have."""

from tests.gateway.conftest import deckname, shared, start

__all__ = ["deckname", "shared", "start"]
