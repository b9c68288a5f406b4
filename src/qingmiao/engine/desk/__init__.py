"""What is said at the desk: offers, refusals, sites and texts for one person on one day."""
