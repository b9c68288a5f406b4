"""Writes of disease surveillance."""
