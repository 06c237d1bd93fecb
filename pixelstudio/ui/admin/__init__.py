"""The installation, for whoever looks after it."""
