"""Statutory forms: their definitions as data, and the counting of their cells."""
