"""Screens of village doctors' papers."""
