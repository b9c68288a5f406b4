"""What is told to people, what they ask, and what is said against it."""
