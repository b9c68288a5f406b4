"""What programs may ask and send: the same actions and queries as the screens, in JSON."""
