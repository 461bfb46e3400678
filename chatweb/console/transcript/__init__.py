"""A whole conversation as operators read it (M-097)."""
