"""One's own pictures."""
