"""What happened that one may want to know."""
