"""Decisions of a campaign on plain values: nothing here knows a row, a clock or a screen."""
