"""Who is to be reached: due lists, calls, messages, opinions."""
