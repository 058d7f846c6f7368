"""The subcommands of ``deckname``, one a file."""
