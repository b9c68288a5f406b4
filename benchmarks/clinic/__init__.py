"""What a clinic's year asks of the machine."""
