"""Reads of disease surveillance."""
