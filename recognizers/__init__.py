"""Floor 0: text in, findings out. Patterns, checksums, the name model, overlap resolution and propagation."""
