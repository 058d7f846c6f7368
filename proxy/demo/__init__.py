"""The demonstration: one e-mail through the proxy to a real model, and what each side got to see."""
