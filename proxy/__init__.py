"""The proxy: pure codecs and walkers, services behind Protocols, and the shell that owns the sockets."""

__version__ = "0.1.0"
