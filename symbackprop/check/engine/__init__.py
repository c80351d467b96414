"""The judge of a hand derivation: what was written, what the laws give from it, and the verdict on every line."""
