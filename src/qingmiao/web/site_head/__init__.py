"""The head of the site: the week, a session with its periods, areas and desks, and the day as it runs."""
