"""A day played through the real server over HTTP, faster than the clock, and what the database then says of it."""
