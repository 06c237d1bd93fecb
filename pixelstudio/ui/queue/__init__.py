"""One's own jobs."""
