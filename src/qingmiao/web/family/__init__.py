"""What families say after a visit, and what the clinic answers."""
