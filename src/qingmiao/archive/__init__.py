"""Every document of the year by kind, unit and period, with what is missing."""
