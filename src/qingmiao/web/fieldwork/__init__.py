"""Work at the door: for the phone of who goes there, and for who answers for a place."""
