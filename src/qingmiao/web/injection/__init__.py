"""The injection desk."""
