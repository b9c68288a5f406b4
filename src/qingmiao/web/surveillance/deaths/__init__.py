"""Screens of death certificates."""
