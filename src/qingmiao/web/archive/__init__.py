"""The archive: what the year's documents are, what is missing, where a word stands."""
