"""Morning meetings, evening dispatch, and supervision on site."""
