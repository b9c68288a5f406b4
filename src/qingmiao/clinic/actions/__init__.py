"""Writes of the vaccination site, by subject."""
