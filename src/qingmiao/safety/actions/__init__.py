"""Writes about adverse reactions and the way to the hospital."""
