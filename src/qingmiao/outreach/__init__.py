"""Who is to be reached and how: due lists, calls, messages to parents."""
