"""The LLM APIs Deckname speaks: one file a dialect, tables and as little code as can be."""
