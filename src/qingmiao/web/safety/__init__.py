"""Adverse reactions and the green channel."""
