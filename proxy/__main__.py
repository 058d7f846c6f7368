"""``python -m proxy`` is ``deckname``."""

from proxy.cli import main

main()
