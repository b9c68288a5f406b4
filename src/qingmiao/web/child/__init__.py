"""A child's vaccination record: what was given, what may be given today, who manages it, the booklet."""
