"""The observation room."""
