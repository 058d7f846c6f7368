"""How much personal data detection hides, and how much harmless text it changes."""
