"""The consent desk."""
