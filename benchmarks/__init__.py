"""Measurements of Deckname; each folder is one, run as `python -m benchmarks.<name>`."""
