"""The screening desk."""
