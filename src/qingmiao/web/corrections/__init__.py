"""The correction desk, and what was found wrong with doses."""
