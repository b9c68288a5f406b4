"""Suspected adverse reactions, the green channel to the hospital, incidents."""
