"""The campaign: who does what, by when, and what is planned."""
