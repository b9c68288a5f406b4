"""Reads of the vaccination site, by subject."""
