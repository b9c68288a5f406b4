"""Booking single places: residents on their phone without an account, staff for whoever stands there or rings."""
