"""People, vehicles and materials by place and day."""
